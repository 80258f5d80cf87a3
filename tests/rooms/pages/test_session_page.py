"""The session page: her pad is kept, what is given stays in memory, errors say what to do."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from holdspace.room.actions.captures import jot_below
from holdspace.room.models import DraftRun, Session
from tests.cast import Cast, agree, booked, held
from tests.rooms.pages.conftest import SignIn

HTMX = {"HX-Request": "true"}
SAID = b"""Therapist: How was the week?
Client: I slept four hours most nights.
Therapist: Any thoughts of suicide?
Client: No.
"""


@pytest.fixture
def maya(as_: SignIn) -> Browser:
    """Maya's browser."""
    return as_("maya")


@pytest.fixture
def session(cast: Cast) -> Session:
    """Ruth's session, begun, with nothing in it."""
    return held(cast)


def test_an_appointment_becomes_a_session_in_one_step(maya: Browser, cast: Cast) -> None:
    appointment = booked(cast, cast.ruth)
    place = maya.post(f"/appointments/{appointment.pk}/start/")["Location"]
    assert "Your jottings" in maya.get(place).content.decode()


def test_jottings_are_saved_as_she_types_and_stand_on_the_page_again(maya: Browser, session: Session) -> None:
    saved = maya.post(f"/sessions/{session.pk}/jottings/", {"jottings": "Grounding\nused"}, headers=HTMX)
    assert saved.content.decode().startswith("Saved ")
    assert "Grounding\nused" in maya.get(f"/sessions/{session.pk}/").content.decode()


def jot(browser: Browser, session: Session, text: str, before: str) -> str:
    """What the pad's page answers to a save of it."""
    given = {"jottings": text, "before": before}
    return browser.post(f"/sessions/{session.pk}/jottings/", given, headers=HTMX).content.decode()


def kept(session: Session) -> str:
    return Session.objects.get(pk=session.pk).jottings


def test_a_dictation_that_came_meanwhile_stays_below_what_she_types_on_an_old_page(
    maya: Browser, cast: Cast, session: Session
) -> None:
    jot(maya, session, "Arrived late.", "")
    jot_below(cast.worker, session, text="Brighter than last week.")
    answer = jot(maya, session, "Arrived late. Tired.", "Arrived late.")
    assert kept(session) == "Arrived late. Tired.\nBrighter than last week."
    assert "What was added elsewhere meanwhile is here too" in answer
    assert 'value="Arrived late. Tired.\nBrighter than last week."' in answer
    assert "two windows" not in answer
    page = maya.get(f"/sessions/{session.pk}/").content.decode()
    assert 'name="before" value="Arrived late. Tired.\nBrighter than last week."' in page


def test_two_windows_typing_lose_nothing_and_the_same_line_is_shown_twice(
    maya: Browser, session: Session
) -> None:
    jot(maya, session, "Slept badly.\nGrounding.", "")
    jot(maya, session, "Slept five hours.\nGrounding.", "Slept badly.\nGrounding.")
    answer = jot(maya, session, "Slept six hours.\nGrounding.\nPlan: <call>", "Slept badly.\nGrounding.")
    assert kept(session) == "Slept six hours.\nSlept five hours.\nGrounding.\nPlan: <call>"
    assert "The same lines were changed in two windows." in answer
    assert "Slept six hours." in answer
    assert "Slept five hours." in answer
    assert "<call>" not in answer


def test_without_scripts_both_are_kept_and_said_as_well(maya: Browser, session: Session) -> None:
    place = f"/sessions/{session.pk}/jottings/"
    maya.post(place, {"jottings": "One.\r\nTwo.", "before": ""})
    maya.post(place, {"jottings": "One.\r\nThree.", "before": "One.\r\nTwo."})
    assert kept(session) == "One.\nThree."
    page = maya.post(place, {"jottings": "One.\r\nFour.", "before": "One.\r\nTwo."})
    assert page.status_code == 200
    assert "The same lines were changed in two windows." in page.content.decode()
    assert kept(session) == "One.\nFour.\nThree."


def test_a_page_that_does_not_say_what_it_began_with_takes_nothing_away(
    maya: Browser, session: Session
) -> None:
    jot(maya, session, "Grounding.", "")
    maya.post(f"/sessions/{session.pk}/jottings/", {"jottings": "Plan."})
    assert kept(session) == "Plan.\nGrounding."


def test_nothing_is_heard_before_everyone_agreed(maya: Browser, session: Session) -> None:
    assert "Not everyone has been asked yet: client" in maya.get(f"/sessions/{session.pk}/").content.decode()
    given = {"file": SimpleUploadedFile("said.txt", SAID)}
    refused = maya.post(f"/sessions/{session.pk}/upload/", given, headers=HTMX)
    assert refused.status_code == 409
    assert "Ask for it first" in refused.content.decode()


def test_a_typed_transcript_is_taken_and_a_draft_can_be_asked_for(
    maya: Browser, cast: Cast, session: Session
) -> None:
    agree(cast.maya, cast.ruth)
    given = {"file": SimpleUploadedFile("said.txt", SAID)}
    taken = maya.post(f"/sessions/{session.pk}/upload/", given, headers=HTMX).content.decode()
    assert "4 turns" in taken
    asked = maya.post(f"/sessions/{session.pk}/draft/", {"format": "DAP"}, headers=HTMX).content.decode()
    assert "Waiting to begin" in asked
    again = maya.post(f"/sessions/{session.pk}/draft/", {"format": "DAP"}, headers=HTMX)
    assert again.status_code == 409
    assert "being made already" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("said.json", b"{", "transcript"), ("said.txt", b"", "empty"), ("said.txt", b"\x00\xff\xfe\x00", "")],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    maya: Browser, cast: Cast, session: Session, name: str, data: bytes, words: str
) -> None:
    agree(cast.maya, cast.ruth)
    refused = maya.post(
        f"/sessions/{session.pk}/upload/", {"file": SimpleUploadedFile(name, data)}, headers=HTMX
    )
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert 'class="notice notice-stop"' in refused.content.decode()


def test_nothing_to_draft_from_is_said_before_and_after_asking(maya: Browser, session: Session) -> None:
    assert (
        "a draft says nothing that was not said or jotted"
        in maya.get(f"/sessions/{session.pk}/").content.decode()
    )
    refused = maya.post(f"/sessions/{session.pk}/draft/", {"format": "DAP"}, headers=HTMX)
    assert refused.status_code == 422


def test_the_poll_shows_how_far_it_is_and_what_went_wrong(maya: Browser, session: Session) -> None:
    run = DraftRun.objects.create(
        session=session, kind="draft", state="drafting", step="Reading", fraction=0.4
    )
    path = f"/sessions/{session.pk}/progress/"
    assert 'value="40"' in maya.get(path, headers=HTMX).content.decode()
    DraftRun.objects.filter(pk=run.pk).update(
        state="failed",
        error_what="The engine stopped.",
        error_kept="Your jottings are kept.",
        error_then="Try again.",
    )
    shown = maya.get(path, headers=HTMX).content.decode()
    assert "The engine stopped." in shown
    assert "Your jottings are kept." in shown
    assert "Draft the note" in shown


def test_uploads_have_one_handler_and_it_keeps_them_in_memory() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["holdspace.ui.uploads.InMemoryOnly"]
