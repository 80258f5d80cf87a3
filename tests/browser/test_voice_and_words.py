"""Her voice corrected by keyboard on a phone in the dark, and a word that judges marked where she types it."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from holdspace.chart.actions import save_draft
from tests.browser.conftest import sign_in
from tests.browser.looking import faults
from tests.cast import Cast, heard, held, small_draft
from tests.rooms.test_voice import signed_before

pytestmark = [pytest.mark.browser]

WIDTHS = (1280, 390)


def look_everywhere(page: Page) -> list[str]:
    """What is wrong with the page, wide and narrow, in light and in the dark."""
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(200)  # colours fade over 120 ms
            found += [f"{scheme}, {width} px: {fault}" for fault in faults(page)]
    return found


def test_her_voice_is_corrected_and_switched_off_with_the_keyboard_alone(page: Page, cast: Cast) -> None:
    signed_before(cast, 1)
    sign_in(page)
    page.get_by_role("link", name="Voice", exact=True).press("Enter")
    naming = page.locator("#habit-naming")
    expect(naming.locator(".reads")).to_have_text("“Ct”")

    naming.locator("summary").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("You call the client")).to_be_focused()
    assert look_everywhere(page) == []
    page.keyboard.type("Pt")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(naming.locator(".reads")).to_have_text("“Pt”")
    expect(naming).to_contain_text("Your correction. Learnt: “Ct”.")
    assert look_everywhere(page) == []

    page.get_by_role("button", name="Use what was learnt").press("Enter")
    expect(naming.locator(".reads")).to_have_text("“Ct”")

    page.get_by_role("button", name="Switch it off").press("Enter")
    expect(page.locator("main")).to_contain_text("Your voice profile is off.")
    assert look_everywhere(page) == []
    page.get_by_role("button", name="Switch it on").press("Enter")
    expect(naming).to_be_visible()


def test_a_slip_is_said_where_it_was_made(page: Page, cast: Cast) -> None:
    signed_before(cast, 1)
    sign_in(page)
    page.goto("/voice/")
    length = page.locator("#habit-length")
    length.locator("summary").click()
    length.locator("input[type=number]").fill("3")
    length.locator("details form").evaluate("form => { form.noValidate = true }")
    length.get_by_role("button", name="Save").click()
    expect(length.locator(".wrong")).to_have_text("Between 20 and 900 words.")
    expect(length.locator("input[type=number]")).to_be_focused()
    expect(length.locator(".wrong")).to_be_in_viewport()
    assert look_everywhere(page) == []


def test_a_word_that_judges_is_marked_as_soon_as_she_has_written_it(page: Page, cast: Cast) -> None:
    note = save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    sign_in(page)
    page.goto(f"/notes/{note.pk}/")
    page.wait_for_load_state("networkidle")
    keys = page.keyboard
    keys.press("j")
    for words, marks in (('Client refused: "I am an addict."', ["refused"]), ("Client declined.", [])):
        keys.press("e")
        expect(page.get_by_label("Sentence", exact=True)).to_be_focused()
        keys.press("Control+a")
        keys.type(words)
        keys.press("Control+Enter")
        expect(page.locator(".sentence.is-edited .sentence-text")).to_contain_text(words)
        expect(page.locator(".sentence.is-edited .flagged")).to_have_text(marks)
        expect(page.locator(".sentence.is-edited .words li")).to_have_count(len(marks))
        assert look_everywhere(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
