"""Her jottings in two windows, and a dictation beside them: what she typed in either is there."""

import pytest
from playwright.sync_api import Page, expect

from holdspace.room.actions.captures import jot_below
from holdspace.room.models import Session
from tests.browser.conftest import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.browser


def saved(page: Page) -> None:
    expect(page.locator("#jottings-state")).to_contain_text("Saved")


def test_an_old_window_takes_nothing_from_a_dictation_and_shows_it(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.get_by_role("button", name="Start session").click()
    page.wait_for_load_state("networkidle")
    pad = page.get_by_role("textbox", name="Your jottings")
    pad.press_sequentially("Arrived late.")
    saved(page)
    jot_below(cast.worker, Session.objects.get(), text="Brighter than last week.")
    pad.press_sequentially(" Tired.")
    expect(pad).to_have_value("Arrived late. Tired.\nBrighter than last week.")
    pad.press_sequentially(" Grounding.")  # where she was typing, above what came
    saved(page)
    text = "Arrived late. Tired. Grounding.\nBrighter than last week."
    expect(pad).to_have_value(text)
    page.reload()
    expect(pad).to_have_value(text)


def test_two_windows_of_the_same_jottings_keep_both(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.get_by_role("button", name="Start session").click()
    page.wait_for_load_state("networkidle")
    pad = page.get_by_role("textbox", name="Your jottings")
    pad.press_sequentially("Slept badly.")
    saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    pads = pad, other.get_by_role("textbox", name="Your jottings")
    pads[1].fill("Slept five hours.")
    saved(other)
    pads[0].fill("Slept six hours.")
    notice = page.get_by_text("The same lines were changed in two windows.")
    expect(notice).to_be_visible()
    expect(pad).to_have_value("Slept six hours.\nSlept five hours.")
    pads[1].press("End")
    pads[1].press_sequentially(" Woke twice.")
    expect(pads[1]).to_have_value("Slept six hours.\nSlept five hours. Woke twice.")
    assert Session.objects.get().jottings == "Slept six hours.\nSlept five hours. Woke twice."
    assert cast.ruth.pk
