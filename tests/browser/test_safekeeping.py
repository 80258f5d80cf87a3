"""The owner backs up, tries the backup, changes what is kept, and lets a record go, on a phone in the dark as well."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from holdspace.chart.actions import save_draft
from holdspace.consent.actions import set_practice_place
from holdspace.room.actions.sessions import destroy_transcript
from holdspace.safekeeping.models import Night
from holdspace.vault.keys import ring
from holdspace.workflows import nightly
from tests.browser.conftest import sign_in
from tests.browser.test_voice_and_words import look_everywhere
from tests.cast import PASSPHRASE, TUESDAY, Cast, heard, held, small_draft
from tests.rooms.test_nightly import long_gone

pytestmark = [pytest.mark.browser]


@pytest.fixture
def nights(cast: Cast, key_file: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """The key file of this practice, and the keeper beside the server; tonight's work is done already."""
    monkeypatch.setattr(nightly, "EVERY_S", 0.3)
    Night.objects.create(
        practice=cast.practice,
        day=timezone.now().astimezone(ZoneInfo(cast.practice.zone)).date(),
        began_at=timezone.now(),
        ended_at=timezone.now(),
    )
    stop = Event()
    thread = nightly.start_nights(stop)
    yield
    stop.set()
    thread.join(timeout=30)


def shot(page: Page, name: str) -> None:
    """A picture for who looks at it, where a folder for them is named."""
    if folder := __import__("os").environ.get("PICTURES"):
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 844})
                page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.usefixtures("nights")
def test_a_backup_is_made_and_tried_from_the_page(page: Page, cast: Cast) -> None:
    save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    other = heard(cast, held(cast, cast.okafors, TUESDAY + timedelta(days=1)))
    destroy_transcript(cast.tom, other)
    sign_in(page)
    page.goto("/practice/")
    page.get_by_role("link", name="Safekeeping").press("Enter")
    expect(page.locator("#standing")).to_contain_text("None yet")
    assert look_everywhere(page) == []
    page.get_by_role("button", name="Back up now").press("Enter")
    expect(page.locator("#standing")).to_contain_text("read back and whole", timeout=30_000)
    page.get_by_role("button", name="Try the newest").press("Enter")
    expect(page.locator("#standing")).to_contain_text("every record opened", timeout=60_000)
    expect(page.get_by_role("button", name="Back up now")).to_be_visible()
    assert look_everywhere(page) == []
    shot(page, "safekeeping")
    page.get_by_role("link", name="Change").press("Enter")
    assert look_everywhere(page) == []
    shot(page, "kept")
    page.get_by_label("What was heard, in days").fill("3")
    page.get_by_role("button", name="Keep it so").press("Enter")
    expect(page.locator("#kept")).to_contain_text("3 days at most")
    page.get_by_role("link", name="What was heard in a session").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Somebody who may asked for it.")
    assert look_everywhere(page) == []
    shot(page, "certificate")
    page.goto("/practice/safekeeping/")
    page.get_by_role("link", name="What was heard", exact=True).press("Enter")
    page.locator("summary", has_text="Destroy what was heard").press("Enter")
    assert look_everywhere(page) == []
    shot(page, "said")
    page.get_by_role("button", name="Destroy it now").press("Enter")
    expect(page.locator("main")).to_contain_text("Nothing was heard in this session, or it is destroyed.")
    expect(page.locator("main")).not_to_contain_text("five hours")


def test_a_record_whose_time_is_over_is_held_back_and_then_destroyed(page: Page, cast: Cast) -> None:
    set_practice_place(cast.maya, cast.practice, state="CA")
    long_gone(cast)
    sign_in(page)
    page.goto("/practice/safekeeping/records/")
    expect(page.locator("main")).to_contain_text("California: 7 years after the last contact")
    page.locator("summary", has_text="Hold it back").press("Enter")
    page.get_by_label("Why").fill("Complaint of March")
    page.get_by_role("button", name="Hold it back").press("Enter")
    expect(page.locator(".holds")).to_contain_text("Complaint of March")
    page.get_by_role("button", name="Release").press("Enter")
    page.locator("summary", has_text="Destroy this record").press("Enter")
    assert look_everywhere(page) == []
    shot(page, "records")
    page.get_by_role("button", name="Destroy the record of Old Client").press("Enter")
    expect(page.locator(".certificates")).to_contain_text("A client’s record")
    assert look_everywhere(page) == []
    shot(page, "certificates")
    page.goto("/clients/")
    expect(page.locator("main")).not_to_contain_text("Old Client")


def test_the_owner_says_that_the_clock_is_right(page: Page, cast: Cast) -> None:
    ahead = timezone.now() + timedelta(days=365)
    Night.objects.create(practice=cast.practice, day=ahead.date(), began_at=ahead, ended_at=ahead)
    sign_in(page)
    page.goto("/practice/safekeeping/")
    expect(page.locator("main")).to_contain_text("clock was set back")
    page.get_by_role("link", name="The clock is right").press("Enter")
    expect(page.locator("main")).to_contain_text(f"{ahead.year}")
    assert look_everywhere(page) == []
    shot(page, "clock")
    page.get_by_role("button", name="The clock is right now").press("Enter")
    expect(page.locator("#notices")).to_contain_text("The clock counts as right.")
    expect(page.locator("main")).not_to_contain_text("clock was set back")


@pytest.mark.usefixtures("nights")
def test_the_key_is_changed_from_the_page_and_everything_opens_as_before(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.goto("/practice/key/")
    assert look_everywhere(page) == []
    shot(page, "key")
    old = ring.practice_key()
    page.get_by_label("Passphrase now").fill(PASSPHRASE)
    connections.close_all()  # of this test, which is no part of the practice
    page.get_by_role("button", name="Change the key").press("Enter")
    expect(page.locator("#key-standing")).to_contain_text("The practice has a new key.", timeout=60_000)
    assert ring.practice_key() != old
    assert look_everywhere(page) == []
    shot(page, "key-changed")
    page.goto("/clients/")
    expect(page.locator("main")).to_contain_text("Ruth Abel")
    page.goto("/practice/unattended/")
    page.get_by_role("button", name="Let it open the practice").press("Enter")
    expect(page.locator("main")).to_contain_text("no keyring")
    assert look_everywhere(page) == []
    shot(page, "unattended")
    assert cast.ruth.pk
