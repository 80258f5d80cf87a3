"""Pages show what a person may see, and only that."""

import pytest
from django.test import Client as Browser

from holdspace.chart.actions import save_draft
from holdspace.chart.models import ProgressNote
from tests.apps import code_of, with_app
from tests.cast import PASSWORD, Cast, heard, held, small_draft
from tests.rooms.pages.conftest import SignIn


@pytest.fixture
def draft(cast: Cast) -> ProgressNote:
    """A draft of Ruth's session, waiting."""
    return save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())


def test_nothing_is_shown_before_the_sign_in_and_her_goal_is_kept(cast: Cast) -> None:
    with_app(cast.maya)
    browser = Browser()
    answer = browser.get("/clients/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fclients%2F")
    wrong = browser.post("/sign-in/", {"username": "maya", "password": "wrong", "next": "/clients/"})
    assert "do not belong together" in wrong.content.decode()
    words = {"username": "maya", "password": PASSWORD, "next": "/clients/"}
    assert browser.post("/sign-in/", words)["Location"] == "/sign-in/second/"
    right = browser.post("/sign-in/second/", {"code": code_of(cast.maya)})
    assert right["Location"] == "/clients/"


def test_signing_in_never_leads_away_from_here(cast: Cast) -> None:
    with_app(cast.maya)
    browser = Browser()
    browser.post(
        "/sign-in/", {"username": "maya", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert browser.post("/sign-in/second/", {"code": code_of(cast.maya)})["Location"] == "/"


def test_the_day_says_what_each_session_needs(as_: SignIn, draft: ProgressNote) -> None:
    shown = as_("maya").get("/days/2026-11-10/").content.decode()
    assert "Ruth Abel" in shown
    assert "11:00" in shown  # the practice's clock, not UTC's
    assert "Draft waits for you" in shown
    assert f"/notes/{draft.pk}/" in shown


@pytest.mark.parametrize("path", ["/days/2026-13-40/", "/nowhere/", "/notes/1/"])
def test_what_is_not_there_is_a_page_that_says_so(as_: SignIn, path: str) -> None:
    answer = as_("maya").get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_another_clinicians_note_is_as_if_it_did_not_exist(as_: SignIn, draft: ProgressNote) -> None:
    mine, hers = as_("maya").get(f"/notes/{draft.pk}/"), as_("tom").get(f"/notes/{draft.pk}/")
    assert (mine.status_code, hers.status_code) == (200, 404)
    assert "Ruth" not in hers.content.decode()


def test_clients_are_found_by_the_beginnings_of_their_names(as_: SignIn) -> None:
    browser = as_("maya")
    assert "Ruth Abel" in browser.post("/clients/", {"words": "ru ab"}).content.decode()
    assert "Nobody by that name" in browser.post("/clients/", {"words": "zz"}).content.decode()


def test_a_search_is_not_asked_by_address_where_a_history_would_keep_the_name(as_: SignIn) -> None:
    browser = as_("maya")
    page = browser.get("/clients/?words=zz").content.decode()
    assert "Ruth Abel" in page
    assert 'method="get"' not in page


def test_a_client_is_added_and_booked_from_the_pages(as_: SignIn) -> None:
    browser = as_("maya")
    place = browser.post("/clients/add/", {"name": "Lena Marsh", "pronouns": "they/them"})["Location"]
    booking = {
        "day": "2026-11-12",
        "start": "09:00",
        "minutes": "50",
        "setting": "office",
        "modality": "individual",
    }
    assert browser.post(f"{place}book/", booking).status_code == 302
    assert "Lena Marsh" in browser.get("/days/2026-11-12/").content.decode()
    slip = browser.post(f"{place}book/", {**booking, "minutes": "0"})
    assert slip.status_code == 422
    assert "Minutes" in slip.content.decode()


def test_every_page_forbids_inline_scripts_and_is_not_cached(as_: SignIn, draft: ProgressNote) -> None:
    for path in ("/", "/clients/", f"/notes/{draft.pk}/", f"/sessions/{draft.session_id}/", "/ui/"):
        answer = as_("maya").get(path)
        assert answer.status_code == 200, path
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
