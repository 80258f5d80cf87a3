"""The passphrase and the recovery key, on pages: for the owner, shown once, and for the day the passphrase is lost."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client as Browser

from holdspace.access.throttle import Throttle
from holdspace.audit.models import Entry
from holdspace.people import opening
from holdspace.vault import keyfile
from holdspace.vault.keys import ring
from tests.cast import Cast
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "harbor lamp mosaic", "quiet river stones"


@pytest.fixture
def made(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> LazySettings:  # noqa: ARG001
    """The practice's key file, which the test database's key is not in: here only the doors are tried."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    monkeypatch.setattr(opening, "WRONG", Throttle(most=3, every_s=60.0))
    keyfile.make(settings.CONFIG.home, OLD)
    return settings


def key_on(page: str) -> str:
    found = re.search(r"(?:[0-9A-Z]{4}-){8}[0-9A-Z]{4}", page)
    return found.group() if found else ""


def test_the_recovery_key_is_on_one_answer_and_nowhere_else(made: LazySettings, as_: SignIn) -> None:
    maya = as_("maya")
    assert "None yet" in maya.get("/practice/").content.decode()
    wrong = maya.post("/practice/recovery-key/", {"passphrase": "not the passphrase"}).content.decode()
    assert "does not open this practice" in wrong
    assert not key_on(wrong)
    key = key_on(maya.post("/practice/recovery-key/", {"passphrase": OLD}).content.decode())
    assert key
    assert not key_on(maya.get("/practice/recovery-key/").content.decode())
    assert key not in (made.CONFIG.home / "keyfile.json").read_text()
    assert key not in repr(list(Entry.objects.values()))
    assert Entry.objects.filter(verb="practice.key", outcome="done").count() == 1


def test_the_owner_changes_the_passphrase_and_nobody_else_does(made: LazySettings, as_: SignIn) -> None:
    words = {"old": OLD, "new": NEW, "again": NEW}
    for name in ("tom", "ada", "bo", "sam"):
        assert as_(name).post("/practice/passphrase/", words).status_code == 404
    assert "differ" in as_("maya").post("/practice/passphrase/", words | {"again": OLD}).content.decode()
    assert keyfile.opened(made.CONFIG.home, OLD)
    assert "is changed" in as_("maya").post("/practice/passphrase/", words).content.decode()
    assert keyfile.opened(made.CONFIG.home, NEW)


def test_while_locked_the_recovery_key_opens_the_practice(
    made: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []
    monkeypatch.setattr(opening, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(ring, "put", lambda key, **_: opened.append(key))
    monkeypatch.setattr(opening, "_put_in_order", lambda: None)
    monkeypatch.setattr(opening, "open_practice", lambda *_: None)
    key = keyfile.make_recovery_key(made.CONFIG.home, passphrase=OLD)
    monkeypatch.setattr(opening, "is_locked", lambda: True)
    browser = Browser()
    assert browser.get("/recover/").status_code == 200
    slip = browser.post("/recover/", {"recovery_key": key[:-1], "new": NEW, "again": NEW})
    assert "wrong or missing" in slip.content.decode()
    assert browser.post("/recover/", {"recovery_key": key, "new": NEW, "again": NEW}).status_code == 302
    assert opened == [keyfile.opened(made.CONFIG.home, NEW)]


@pytest.mark.usefixtures("made")
def test_an_open_practice_has_no_recovery_page() -> None:
    assert Browser().get("/recover/").status_code == 302


@pytest.mark.usefixtures("made")
def test_wrong_passphrases_are_counted_and_slowed_and_never_lock_her_out_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(opening, "WRONG", Throttle(most=3, every_s=60.0, now=lambda: now[0]))
    monkeypatch.setattr(opening, "is_locked", lambda: True)
    browser = Browser()
    answers = [
        browser.post("/unlock/", {"passphrase": "not the passphrase"}).content.decode() for _ in range(4)
    ]
    assert ["does not open" in answer for answer in answers] == [True, True, True, False]
    assert "Too many tries" in answers[3]
    now[0] = 61.0
    assert "does not open" in browser.post("/unlock/", {"passphrase": "not the passphrase"}).content.decode()
