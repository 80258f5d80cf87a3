"""What may leave this machine, in a browser: allowed by keyboard, seen by a phone, taken off again."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.looking import faults

pytestmark = pytest.mark.browser
SIZES = ((1280, 900), (390, 844))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def looked_at(page: Page, name: str) -> None:
    """Look at the page at both sizes, by day and by night. SHOTS names a folder to keep pictures in."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(200)  # colours fade over 120 ms
            assert faults(page) == [], (name, width, scheme)
            if folder := os.environ.get("SHOTS"):
                page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_owner_allows_a_models_server_under_an_agreement_and_takes_it_off(page: Page) -> None:
    sign_in(page)
    page.goto("/practice/leaving/")
    expect(page.get_by_text("No other machine is allowed")).to_be_visible()
    looked_at(page, "leaving-nothing")
    page.get_by_label("Server", exact=True).fill("models.example.com")
    page.keyboard.press("Tab")
    page.get_by_label("What for").select_option("model server")
    page.get_by_label("Why").fill("Better wording of long sentences")
    page.get_by_role("button", name="Allow this server").click()
    expect(page.get_by_text("needs a signed agreement")).to_be_visible()
    looked_at(page, "leaving-refused")
    page.get_by_label("A signed agreement is in place").focus()
    page.keyboard.press("Space")
    page.get_by_label("With whom").fill("Harbor Models, Inc.")
    page.get_by_label("Kind").select_option("BAA")
    page.get_by_label("Signed on").fill("2026-11-01")
    page.keyboard.press("Enter")
    expect(page.get_by_text("with Harbor Models, Inc., signed 1 November 2026")).to_be_visible()
    looked_at(page, "leaving-allowed")
    page.get_by_role("link", name="Try every way out now").click()
    expect(page.get_by_role("heading", name="Every way out, tried")).to_be_visible()
    looked_at(page, "leaving-tried")
    page.go_back()
    page.get_by_role("button", name="Take off models.example.com").click()
    expect(page.get_by_text("No other machine is allowed")).to_be_visible()
    page.get_by_text("Taken off the list (1)").click()
    looked_at(page, "leaving-ended")
