"""The page of promises, wide and narrow, light and dark: before a run, while it goes on, and what came out."""

from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from holdspace.proof.actions import begin_proof, keep_report
from holdspace.proof.models import ProofRun
from holdspace.proof.promise import BROKEN, KEPT
from holdspace.proof.report import written
from tests.browser.conftest import sign_in
from tests.browser.looking import faults
from tests.cast import Cast
from tests.proof.test_page_and_paper import result

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS: tuple[ViewportSize, ...] = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})


def look(page: Page) -> None:
    """Nothing is amiss at either width, in light and dark."""
    for size in WIDTHS:
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == [], (size["width"], scheme)


def test_the_owner_has_every_promise_tried_and_reads_what_is_red_first(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.goto("/prove/")
    look(page)
    page.get_by_role("button", name="Try them now").press("Enter")
    expect(page.get_by_text("Trying every promise")).to_be_visible()
    look(page)
    run = ProofRun.objects.get()
    begin_proof(cast.worker, run)
    keep_report(cast.worker, run, report=written([result("1.1", KEPT), result("4.1", BROKEN)], is_whole=True))
    expect(page.get_by_text("1 kept · 1 broken")).to_be_visible()  # the page asks by itself
    expect(page.get_by_text("Do this about 4.1.")).to_be_visible()
    expect(
        page.get_by_text("Promise 1.1 holds.").locator("xpath=ancestor::details[not(@open)]")
    ).to_have_count(1)
    look(page)
