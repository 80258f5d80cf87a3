"""Switches by keyboard and on a phone, the client who says no, and what went out: in a browser."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from holdspace.assist.actions import switch_off
from holdspace.assist.models import Switch
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import DRAFTING, RECORDING, SwitchAt
from holdspace.chart.queries import note_of
from holdspace.consent.disclosed import disclosures_of
from holdspace.consent.models import Consent, SignedText
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.weights.store import Store, default_root
from tests.browser.conftest import sign_in
from tests.browser.looking import faults
from tests.browser.test_session_to_signed_note import settle_questions
from tests.cast import Cast, held

pytestmark = [pytest.mark.browser]
expect.set_options(timeout=20_000)
WINDOWS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 390))


def looked_at(page: Page) -> list[str]:
    """The faults of a page, wide in the light and on a phone in the dark."""
    found = []
    for scheme, width in WINDOWS:
        page.emulate_media(
            color_scheme=scheme, reduced_motion="reduce"
        )  # nothing half-way between two colours
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} {width}: {fault}" for fault in faults(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_one_press_of_a_key_switches_off_says_who_and_keeps_the_place(page: Page, cast: Cast) -> None:
    sign_in(page)
    session = held(cast)
    switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth))
    page.goto("/switches/")
    assert looked_at(page) == []
    button = page.locator(f"#client-{cast.ruth.pk}-drafting")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("^Off"))
    expect(button).to_be_focused()  # the row was drawn anew, and the next press is where the last was
    expect(page.locator("#said")).to_have_text("The switches are up to date")
    row = page.get_by_role("row", name=re.compile("Ruth Abel"))
    expect(row.first).to_contain_text("by Maya Torres")
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "client"
    page.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("^On"))
    page.get_by_placeholder("Find a client by name").fill("oka")
    expect(page.get_by_role("link", name="Ike Okafor")).to_be_visible()
    expect(page.get_by_role("link", name="Ruth Abel")).to_have_count(0)


def test_the_phone_has_the_same_switches_and_the_session_its_own(
    chromium: Browser, site: str, cast: Cast
) -> None:
    phone = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844}).new_page()
    phone.set_default_timeout(20_000)
    sign_in(phone)
    session = held(cast)
    phone.goto(f"/sessions/{session.pk}/")
    phone.get_by_text("Switches of this session").click()
    phone.locator(f"#session-{session.pk}-recording").click()
    expect(phone.locator(f"#session-{session.pk}-recording")).to_have_text(re.compile("^Off"))
    phone.reload()
    expect(phone.get_by_text("Recording is switched off for this session, by Maya Torres")).to_be_visible()
    expect(phone.get_by_role("link", name="Hear the session now")).to_have_count(0)
    assert faults(phone) == []
    phone.context.close()


def test_a_new_practice_chooses_once_and_begins(page: Page, cast: Cast) -> None:
    Switch.objects.all().delete()
    sign_in(page)
    expect(page.get_by_role("heading", name="What may the program do here?")).to_be_visible()
    assert looked_at(page) == []
    page.get_by_label("Listen to sessions").check()
    page.get_by_label("Draft notes").check()
    page.get_by_role("button", name="Use what I ticked").click()
    expect(page.get_by_text("It may do what you ticked.")).to_be_visible()
    expect(page.get_by_role("heading", name="What may the program do here?")).to_have_count(0)
    page.get_by_role("button", name="Start session").click()
    expect(page.get_by_role("link", name="Hear the session now")).to_be_visible()
    assert switched_off_at(cast.worker, DRAFTING, Session.objects.get().around()) is None


def nothing_asks_again(page: Page, session: Session) -> None:
    """Neither the session nor its capture page nor Today offers to hear, or asks once more."""
    for path in ("", "capture/"):
        page.goto(f"/sessions/{session.pk}/{path}")
        expect(page.get_by_text("This session goes on without listening.")).to_be_visible()
        for name in ("Hear the session now", "Ask on this screen"):
            expect(page.get_by_role("link", name=name)).to_have_count(0)
        expect(page.get_by_role("button", name=re.compile("Begin|Ask on their own phone"))).to_have_count(0)
        expect(page.get_by_role("alert")).to_be_empty()  # no notice nags
        assert looked_at(page) == []
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text(re.compile("consent|agreed|asked", re.IGNORECASE))


def from_jottings_to_signed(page: Page, session: Session) -> None:
    """The way that is left is whole: jottings, a draft, a signature."""
    page.goto(f"/sessions/{session.pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Dictate")).to_be_visible()
    page.get_by_role("textbox", name="Your jottings").fill(
        "Client practised grounding twice. Slept five hours. Plan: meet Tuesday."
    )
    expect(page.locator("#jottings-state")).to_contain_text("Saved")
    page.get_by_role("button", name="Draft the note").click()
    page.get_by_role("link", name="Review the draft").click(timeout=120_000)
    page.get_by_role("heading", name="Progress note").wait_for()
    page.wait_for_load_state("networkidle")
    settle_questions(page)
    page.get_by_role("button", name="Sign the note").click()
    expect(page.locator(".signature")).to_contain_text("Maya Torres, LCSW")
    expect(page.locator("main")).to_contain_text("grounding")


@pytest.mark.weights
def test_the_client_says_no_and_nothing_is_missing_and_nobody_asks_again(page: Page, cast: Cast) -> None:
    if not Store(default_root()).present("spacy-en-core-web-sm"):
        pytest.skip("spacy-en-core-web-sm is not on this machine")
    SignedText.objects.all().delete()
    Consent.objects.all().delete()  # nobody was asked yet
    sign_in(page)
    page.get_by_role("button", name="Start session").click()
    page.get_by_role("link", name="Ask on this screen").click()
    page.wait_for_load_state("networkidle")  # with its stylesheet
    answers = page.get_by_role("group", name="Your answer").get_by_role("button")
    sizes = {(box["width"], box["height"]) for box in (one.bounding_box() for one in answers.all()) if box}
    assert len(sizes) == 1  # yes, no and not today are of one size
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("You said no.")).to_be_visible()
    page.get_by_role("link", name="Back to the session").click()

    session = Session.objects.get()
    nothing_asks_again(page, session)
    from_jottings_to_signed(page, session)
    note = note_of(cast.maya, session)
    assert note is not None
    assert note.state == "signed"
    assert not Capture.objects.exists()
    assert not DraftRun.objects.filter(kind="hear").exists()
    page.get_by_text("What the program did").click()
    expect(page.locator(".ledger")).not_to_contain_text("speech into words")
    assert looked_at(page) == []


def test_what_went_out_is_entered_completed_and_printed(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.goto(f"/clients/{cast.ruth.pk}/")
    page.get_by_role("link", name="None on record").click()
    page.get_by_text("Enter what was faxed, mailed, handed over or told").click()
    form = page.locator("form[action$='/record/']")
    form.get_by_label("To whom").fill("County Child Services")
    form.get_by_label("What", exact=True).select_option("spoken")
    form.get_by_label("How").select_option("told")
    form.get_by_label("Why it may go").select_option("required")
    assert looked_at(page) == []
    form.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("To County Child Services. Required by law")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Print (PDF)").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    assert "Ruth" not in waiting.value.suggested_filename
    button = page.get_by_role("button", name="Print (PDF)")
    expect(button).to_be_enabled()  # the page is still there, and may print again
    page.get_by_role("button", name="Part 2 guards this record").click()
    expect(page.get_by_text("Each copy carries the notice of 42 CFR 2.32")).to_be_visible()
    assert [line.kind for line in disclosures_of(cast.maya, cast.ruth)] == ["accounting", "spoken"]


def test_the_cards_are_fit_to_show(page: Page) -> None:
    sign_in(page)
    page.goto("/models/")
    assert looked_at(page) == []
    page.get_by_role("link", name="Hearing: Whisper base").click()
    page.get_by_text("All 31 points a regulator asks for").click()
    expect(page.get_by_text("Known risks and limits")).to_be_visible()
    assert looked_at(page) == []
    page.goto("/log/heads/")
    assert looked_at(page) == []
