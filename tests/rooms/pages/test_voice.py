"""The page of her voice: read in plain words, corrected, switched off, started again, with plain forms alone."""

import pytest
from django.test import Client as Browser

from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.queries import voice_kept
from holdspace.assist.rules import DRAFTING, VOICE, SwitchAt
from holdspace.chart.actions import save_draft
from tests.cast import Cast, heard, held, small_draft
from tests.rooms.pages.conftest import SignIn
from tests.rooms.test_voice import signed_before


@pytest.fixture
def maya(as_: SignIn) -> Browser:
    """Maya's browser."""
    return as_("maya")


def shown(browser: Browser) -> str:
    """The page, its spaces evened out."""
    return " ".join(browser.get("/voice/").content.decode().split())


def line(page: str, habit: str) -> str:
    """The part of the page about one habit."""
    return page.split(f'id="habit-{habit}"')[1].split("</li>")[0]


def corrections(cast: Cast) -> dict[str, str]:
    """What is kept of Maya's corrections."""
    return voice_kept(cast.maya, cast.maya_clinician.pk).corrections


def test_it_says_from_how_many_notes_and_what_was_learnt(maya: Browser, cast: Cast) -> None:
    for weeks in (1, 2, 3):
        signed_before(cast, weeks)
    page = shown(maya)
    assert "Learnt from your 3 latest signed notes." in page
    for habit, words in {
        "naming": "“Ct”",
        "sentences": "Fragments",
        "tense": "Present tense",
        "short_forms": "wk (week), hrs (hours), w/ (with)",
        "risk": "“SI/HI”",
        "next_visit": "“RTC Tuesday”",
        "length": "By section, in words: Data 15, Plan 5.",
    }.items():
        assert words in line(page, habit)
    assert "Ruth" not in page
    assert "arguments" not in page


def test_with_no_signed_note_it_says_so_and_can_be_corrected_all_the_same(maya: Browser, cast: Cast) -> None:
    page = shown(maya)
    assert "You have not signed a note yet." in page
    assert "Not known yet" in line(page, "length")
    maya.post("/voice/length/", {"value": "220"})
    assert "About 220 words" in line(shown(maya), "length")
    assert corrections(cast) == {"length": "220"}


def test_her_correction_stands_beside_what_was_learnt_until_she_drops_it(maya: Browser, cast: Cast) -> None:
    signed_before(cast, 1)
    answer = maya.post("/voice/naming/", {"value": "Pt"})
    assert answer["Location"] == "/voice/#habit-naming"
    part = line(shown(maya), "naming")
    assert 'is-hers">“Pt”' in part
    assert "Your correction. Learnt: “Ct”." in part
    maya.post("/voice/naming/learnt/")
    assert "Your correction" not in line(shown(maya), "naming")
    assert corrections(cast) == {}


def test_several_short_forms_or_none_are_one_answer(maya: Browser, cast: Cast) -> None:
    maya.post("/voice/short_forms/", {"value": ["w/", "wk"]})
    assert corrections(cast) == {"short_forms": "wk,w/"}
    maya.post("/voice/short_forms/", {})
    assert corrections(cast) == {"short_forms": ""}
    assert 'is-hers">None' in line(shown(maya), "short_forms")


@pytest.mark.parametrize(("habit", "value"), [("length", "3"), ("length", ""), ("naming", "the drunkard")])
def test_a_wrong_answer_is_said_beside_its_field_and_changes_nothing(
    maya: Browser, cast: Cast, habit: str, value: str
) -> None:
    page = maya.post(f"/voice/{habit}/", {"value": value}).content.decode()
    assert "<details open>" in page
    assert 'class="wrong"' in page
    assert corrections(cast) == {}


def test_a_habit_there_is_not_is_no_page(maya: Browser) -> None:
    assert maya.post("/voice/handwriting/", {"value": "x"}).status_code == 404


def test_off_it_shows_nothing_learnt_and_on_again_her_corrections_count(maya: Browser, cast: Cast) -> None:
    signed_before(cast, 1)
    maya.post("/voice/naming/", {"value": "Pt"})
    maya.post("/voice/switch/", {"is_on": "no"})
    page = shown(maya)
    assert "Your voice profile is off." in page
    assert "Your corrections are kept" in page
    assert "habit-naming" not in page
    maya.post("/voice/switch/", {"is_on": "yes"})
    assert "“Pt”" in line(shown(maya), "naming")


def test_what_the_practice_switched_off_she_is_told_and_cannot_switch_on(as_: SignIn, cast: Cast) -> None:
    switch_off(cast.maya, SwitchAt(VOICE, cast.practice))
    page = shown(as_("tom"))
    assert "switched off for this practice" in page
    assert "Switch it on" not in page
    switch_on(cast.maya, SwitchAt(VOICE, cast.practice))
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.practice))
    assert "Drafting is switched off." in shown(as_("tom"))


def test_started_again_it_learns_from_no_note_signed_before(maya: Browser, cast: Cast) -> None:
    signed_before(cast, 1)
    maya.post("/voice/naming/", {"value": "Pt"})
    maya.post("/voice/erase/")
    page = shown(maya)
    assert "You have signed no note since you started again" in page
    assert "“Client”" in line(page, "naming")
    assert corrections(cast) == {}


def test_each_sees_her_own_and_finds_it_in_the_navigation(as_: SignIn, cast: Cast) -> None:
    signed_before(cast, 1)
    assert "You have not signed a note yet." in shown(as_("tom"))
    assert 'href="/voice/"' in as_("tom").get("/").content.decode()
    assert 'href="/voice/"' not in as_("sam").get("/").content.decode()


def test_a_draft_leads_its_author_to_how_it_is_worded(maya: Browser, cast: Cast) -> None:
    note = save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    assert '<a href="/voice/">how it is worded</a>' in maya.get(f"/notes/{note.pk}/").content.decode()
