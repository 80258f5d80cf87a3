"""Stored markup: whatever somebody writes into whatever field, every page shows it as the letters it is.

Every text column of every row is given the payload, and what people type comes in through the real forms besides; then
all pages are walked. A column that is not written with it is on the list below, with why it holds no free text.
"""

from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField, Model, TextField
from django.urls import reverse

from holdspace.consent.actions import revoke_consent
from holdspace.consent.queries import text_for
from holdspace.errors import AlreadySigned
from holdspace.people.models import Client, Practice
from holdspace.vault.fields import Encrypted
from holdspace.web.limits import counter
from tests.everything import RUTHS, Everything, browser
from tests.security.walking import pages, sending
from tests.walls.test_matrix import SENT, path_to

PAYLOAD = "'\"><b xss>"
SHORTEST = len(PAYLOAD)
SCRIPT = "javascript:xss()"
LIVE = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data-after", "data-give")

NO_FREE_TEXT = {
    "birth_date": "a date, read by its form",
    "born": "a date, read by its form",
    "zone": "one of the zones there are",
    "state": "one of a list",
    "role": "one of a list",
    "usual_format": "one of a list",
    "sha256": "a digest of ours",
    "signature": "bytes of ours",
    "previous": "a digest of ours",
    "code": "letters of ours",
    "version": "numbers of ours",
    "given_by": "a role",
    "revoked_by": "a role",
    "purpose": "one of a list",
    "capacity": "one of a list",
    "answer of consent": "one of a list",
    "kind": "one of a list",
    "verb": "one of a list",
    "outcome": "one of a list",
    "model": "a name of ours",
    "value of voicecorrection": "one of a list, or counted",
    "habit": "one of a list",
    "content": "what was signed, whose seal is checked",
    "token": "compared, never shown",
    "place": "a process of ours",
    "task_id": "an id of ours",
    "mode": "one of a list",
    "ended_why": "a code of ours",
    "source": "one of a list",
    "status": "one of a list",
    "host": "a host's name, read by its form",
    "name of switch": "one of a list",
    "level": "one of a list",
    "basis": "one of a list",
    "how": "one of a list",
    "session_key": "letters of ours",
    "origin": "one of a list",
    "password": "a digest of ours",
    "error_code": "a code of ours",
}


class Live(HTMLParser):
    """Finds what the payload became, if it became anything."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag or an attribute of the payload's, or an address that is a script."""
        names = [name for name, _ in attrs]
        if "xss" in names or tag == "xss":
            self.found.append(f"<{tag}>")
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in LIVE and (value or "").strip().startswith("javascript:")
        ]


def live(page: str) -> list[str]:
    """What of the payload is alive on a page."""
    reader = Live()
    reader.feed(page)
    return reader.found


def our_models() -> Iterator[type[Model]]:
    """Every model of ours."""
    for config in apps.get_app_configs():
        if config.name.startswith("holdspace."):
            yield from config.get_models()


def free_text(model: type[Model]) -> list[Any]:
    """The columns that hold what somebody wrote."""
    known = set(NO_FREE_TEXT)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, Encrypted | CharField | TextField)
        and not {field.name, f"{field.name} of {model._meta.model_name}"} & known
        and (getattr(field, "max_length", None) or 1000) >= SHORTEST
    ]


def poison() -> int:
    """The payload in every free column of every row. How many."""
    written = 0
    for model in our_models():
        if model._meta.app_label in ("audit", "vault"):
            continue
        for row in model._default_manager.all():
            for field in free_text(model):
                text = f"{PAYLOAD}: {PAYLOAD}" if field.name == "others" else PAYLOAD
                setattr(row, field.attname, f"{text}{row.pk}" if field.unique else text)
                written += 1
            with suppress(
                AlreadySigned
            ):  # written once; what is signed with the payload is a test of its own
                row.save()
    return written


def test_markup_in_any_column_is_letters_on_every_page(house: Everything) -> None:
    assert poison() > 60
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    shown = 0
    for query in (
        {},
        {"words": PAYLOAD, "next": SCRIPT, "who": PAYLOAD, "at": PAYLOAD, "before": PAYLOAD, "code": PAYLOAD},
    ):
        for name, answer in pages(maya, record, query):
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                text = answer.content.decode()
                assert live(text) == [], name
                shown += "&gt;&lt;b xss&gt;" in text
    assert shown > 12, "the payload reached too few pages to prove anything"


def test_markup_typed_into_every_form_is_letters_wherever_it_is_shown(house: Everything) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    typed = 0
    for address in sending():
        counter.forget()
        sent = {
            name: value if _is_chosen(value) else PAYLOAD
            for name, value in SENT.get(address.name, {}).items()
        }
        form = {
            "name": PAYLOAD,
            "words": PAYLOAD,
            "pronouns": PAYLOAD,
            "others": f"{PAYLOAD}: {PAYLOAD}",
            "signed": PAYLOAD * 2,
            **sent,
        }
        answer = maya.post(path_to(address, record.ids, record.code), form)
        typed += answer.status_code in (200, 302)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert live(answer.content.decode()) == [], address.name
    assert typed > 15
    for name, answer in pages(maya, record):
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert live(answer.content.decode()) == [], name


def _is_chosen(value: object) -> bool:
    """Whether a field takes one of a list, so that the payload would only be refused."""
    return str(value) in {
        "0",
        "no",
        "client",
        "DAP",
        "NY",
        "Data",
        "office",
        "individual",
        "set_aside",
        "dictation",
        "therapist",
    }


def test_markup_in_what_was_said_is_letters_on_the_page_of_it(house: Everything) -> None:
    maya, session = browser(house.cast.maya), house.records[RUTHS].ids["session_id"]
    tagged, named = f"<v {PAYLOAD}>{PAYLOAD}", f"{PAYLOAD}: {PAYLOAD}"
    said = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{tagged}\n\n00:03.000 --> 00:04.000\n{named}\n"
    file = SimpleUploadedFile(f"{PAYLOAD}.vtt", said.encode())
    assert maya.post(reverse("room:upload", args=[session]), {"file": file}).status_code == 302
    for name in ("room:said", "room:session", "room:progress"):
        page = maya.get(reverse(name, args=[session])).content.decode()
        assert live(page) == [], name
    Practice.objects.update(name=PAYLOAD)
    assert live(maya.get(reverse("people:practice")).content.decode()) == []


def test_markup_signed_with_is_letters_on_what_was_signed(house: Everything) -> None:
    maya, ids = house.cast.maya, house.records[RUTHS].ids
    ruth = Client.objects.get(pk=ids["client_id"])
    Practice.objects.filter(pk=ruth.practice_id).update(name=PAYLOAD)
    ruth.refresh_from_db()
    revoke_consent(maya, ruth)
    yes = {
        "who": "0",
        "answer": "yes",
        "signed": f"Ruth {PAYLOAD}",
        "shown": text_for(maya, ruth, "transcription").sha256,
    }
    assert browser(maya).post(reverse("consent:ask", args=[ruth.pk, "transcription"]), yes).status_code == 302
    page = (
        browser(maya)
        .get(reverse("consent:signed", args=[ruth.consents.latest("given_at").pk]))
        .content.decode()
    )
    assert "Ruth &#x27;&quot;&gt;&lt;b xss&gt;" in page
    assert live(page) == []


def test_the_search_finds_what_would_be_alive() -> None:
    assert live(f"<p>{PAYLOAD}</p>")
    assert live(f'<input value="{PAYLOAD}">')
    assert live(f'<a href="{SCRIPT}">x</a>')
    assert live("<p>&#x27;&quot;&gt;&lt;b xss&gt;</p><a href='/clients/?words=javascript:x'>") == []
