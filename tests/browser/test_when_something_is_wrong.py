"""The page for a bad day, and what is left on a screen after somebody signed out."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, ViewportSize

from holdspace.vault import keyfile
from tests.browser.conftest import sign_in
from tests.browser.looking import faults
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 900},
}


def test_the_page_is_one_step_from_the_practice_and_from_the_log(
    page: Page, tmp_path: Path, settings: LazySettings
) -> None:
    keyfile.make(settings.CONFIG.home, "harbor lamp mosaic")
    sign_in(page)
    for start in ("/practice/", "/log/"):
        page.goto(start)
        page.get_by_role("link", name="When something is wrong").click()
        page.get_by_role("heading", name="In the first hour").wait_for()
    for name, size in SCREENS.items():
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == [], (name, scheme)
            page.screenshot(path=str(tmp_path / f"{name}-{scheme}.png"), full_page=True)


def test_after_signing_out_the_back_button_shows_no_name(page: Page, cast: Cast) -> None:
    assert cast.ruth.name == "Ruth Abel"
    sign_in(page)
    page.goto("/clients/")
    page.get_by_text("Ruth Abel").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.go_back()
    page.wait_for_load_state()
    assert page.get_by_text("Ruth Abel").count() == 0
    page.goto("/clients/")
    assert page.get_by_label("Password").count() == 1
