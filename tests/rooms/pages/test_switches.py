"""The page of the switches: what is on for whom and why, one press changes it, and it counts at once."""

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client as Browser
from django.utils import timezone

from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.models import Switch
from holdspace.assist.queries import note_formats, section_names, switched_off_at
from holdspace.assist.rules import (
    CLAIMS,
    DRAFTING,
    MODEL,
    RECORDING,
    SWITCHES,
    TRANSCRIPTION,
    VOICE,
    SwitchAt,
)
from holdspace.chart.actions import add_sentence, sign_note
from holdspace.chart.queries import note_of, printed_note
from holdspace.engines.drafting.format import load_format
from holdspace.errors import AlreadySigned, SwitchedOff
from holdspace.room import live_audio
from holdspace.room.actions.captures import begin_capture
from holdspace.room.actions.sessions import request_draft, save_jottings
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.room.pieces import keep
from holdspace.room.queries import transcript
from holdspace.workflows.live_session import Listener
from holdspace.workflows.switched_off import Watch
from tests.cast import TUESDAY, Cast, agree, held
from tests.rooms.pages.conftest import SignIn
from tests.rooms.pages.heard import HERS, ScriptedEar, heard_words, piece, send
from tests.rooms.test_session_to_draft import round_of_work

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def pressed(browser: Browser, level: str, about: int, name: str, turn: str, **more: str) -> Any:
    """A switch as a page sends it."""
    return browser.post(
        "/switches/turn/", {"level": level, "about": about, "name": name, "turn": turn, **more}
    )


def row(page: str, about: int, level: str) -> str:
    """The row of the grid about somebody."""
    return next(part for part in page.split("<tr ") if f'id="{level}-{about}-recording"' in part)


def plain(page: str) -> str:
    """The words of a page, their spaces evened out."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_grid_shows_practice_clinician_client_and_session_with_who_decided(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth))
    page = as_("maya").get("/switches/").content.decode()
    words = plain(row(page, cast.ruth.pk, "client"))
    assert "Off : Recording, Ruth Abel. Press to switch it on." in words
    assert "by Maya Torres," in words
    assert "Everyone said yes to listening" in words
    of_session = plain(page.split(f'href="/sessions/{session.pk}/"')[1].split("</tr>")[0])
    assert "For the client, by Maya Torres," in of_session
    assert "Not built yet" in of_session
    assert "Ike Okafor" not in page  # nothing is set for him, and no session of his is open
    assert "1 client is not shown" in plain(page)
    found = as_("maya").get("/switches/", {"words": "oka"}).content.decode()
    assert "Ike Okafor" in found
    assert "Ruth Abel" not in found


def test_each_sees_what_is_theirs_to_see_and_presses_what_is_theirs(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    held(cast, cast.okafors)
    of_tom, of_ada = (as_(who).get("/switches/").content.decode() for who in ("tom", "ada"))
    assert "Ruth Abel" not in of_tom + of_ada
    assert f'id="client-{cast.okafors.pk}-recording"' in of_tom
    assert 'id="practice-' not in of_tom  # it is shown, and not hers to press
    assert "Ike Okafor" in of_ada
    assert f'id="client-{cast.okafors.pk}-recording"' not in of_ada  # a supervisor reads
    for who in ("bo", "sam"):
        assert as_(who).get("/switches/").status_code == 404
        assert pressed(as_(who), "practice", cast.practice.pk, DRAFTING, "off").status_code == 404
    for who, level, about in (
        ("tom", "practice", cast.practice.pk),
        ("tom", "client", cast.ruth.pk),
        ("tom", "session", session.pk),
        ("ada", "client", cast.okafors.pk),
        ("maya", "appointment", session.appointment_id),
        ("maya", "client", 999_999),
    ):
        assert pressed(as_(who), level, about, DRAFTING, "off").status_code == 404
    assert switched_off_at(cast.worker, DRAFTING, session.around()) is None


def test_one_press_switches_off_and_the_next_on_again(cast: Cast, session: Session, as_: SignIn) -> None:
    maya = as_("maya")
    fragment = maya.post(
        "/switches/turn/",
        {"level": "session", "about": session.pk, "name": DRAFTING, "turn": "off", "from": "board"},
        headers=HTMX,
    ).content.decode()
    assert fragment.lstrip().startswith('<div id="switchboard"')
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "session"
    line = maya.post(
        "/switches/turn/",
        {"level": "session", "about": session.pk, "name": DRAFTING, "turn": "on", "from": "row"},
        headers=HTMX,
    ).content.decode()
    assert 'class="switch-lines"' in line
    assert switched_off_at(cast.worker, DRAFTING, session.around()) is None
    without_scripts = pressed(maya, "client", cast.ruth.pk, VOICE, "off", **{"from": "row"})
    assert without_scripts["Location"] == f"/clients/{cast.ruth.pk}/#switches"
    for wrong in (
        ("client", cast.ruth.pk, "everything", "off"),
        ("client", cast.ruth.pk, DRAFTING, "sideways"),
    ):
        assert pressed(maya, *wrong).status_code == 422
    assert pressed(maya, "practice", cast.practice.pk, CLAIMS, "on").status_code == 422


def test_a_new_practice_is_asked_once_on_today_and_its_first_session_needs_no_more(
    cast: Cast, as_: SignIn
) -> None:
    Switch.objects.all().delete()
    maya = as_("maya")
    assert "What may the program do here?" in maya.get("/").content.decode()
    assert "What may the program do here?" not in as_("tom").get("/").content.decode()
    session = held(cast)
    agree(cast.maya, cast.ruth)
    page = maya.get(f"/sessions/{session.pk}/").content.decode()
    assert "Recording is switched off until somebody chooses." in plain(page)
    assert "Hear the session now" not in page
    assert maya.post("/switches/choose/", {"act": "chosen", "choice": ["nonsense"]}).status_code == 422
    maya.post("/switches/choose/", {"act": "chosen", "choice": ["listen", "draft"]})
    on = {name for name in SWITCHES if switched_off_at(cast.worker, name, session.around()) is None}
    assert on == {RECORDING, TRANSCRIPTION, DRAFTING}
    assert "What may the program do here?" not in maya.get("/").content.decode()
    assert "Hear the session now" in maya.get(f"/sessions/{session.pk}/").content.decode()
    maya.post("/switches/choose/", {"act": "none", "choice": ["draft"]})
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "practice"


def test_the_pages_of_a_client_and_a_session_show_their_own_row(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    switch_off(cast.maya, SwitchAt(MODEL, cast.practice))
    for path in (f"/clients/{cast.ruth.pk}/", f"/sessions/{session.pk}/"):
        page = as_("maya").get(path).content.decode()
        assert page.count('class="switch-line') == len(SWITCHES) - 1 + 1  # all that is built, and their list
        assert "For the practice, by Maya Torres," in plain(page)
    assert 'class="switch-lines"' not in as_("sam").get(f"/clients/{cast.ruth.pk}/").content.decode()


def test_recording_switched_off_stops_what_is_going_on_and_keeps_what_was_heard(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar]
) -> None:
    maya, listener = as_("maya"), Listener()
    capture = begin_capture(cast.maya, session, mode="room", note_format="DAP", token=HERS)
    for number in range(3):
        send(maya, session, number)
    listener.round()
    send(maya, session, 3)
    waiting = live_audio._lines[capture.pk].waiting[0]
    switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth))
    refused = send(maya, session, 4)
    assert refused.status_code == 409
    assert "Listening was switched off" in refused.content.decode()
    assert not any(waiting)  # overwritten at once, before any listener looked
    listener.round()
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "switched-off")
    assert ears[0].is_forgotten
    assert heard_words(session) == ["0", "1", "2"]
    assert transcript(cast.maya, session) is not None
    assert DraftRun.objects.get().kind == "draft"
    again = send(maya, session, 5)
    assert "Listening was switched off" in again.content.decode()
    DraftRun.objects.update(state="done")
    with pytest.raises(SwitchedOff):
        begin_capture(cast.maya, session, mode="room", note_format="DAP", token=HERS)


def test_while_the_engine_is_busy_the_keeper_ends_what_was_switched_off(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, watch = begin_capture(cast.maya, session, mode="room", note_format="DAP", token=HERS), Watch()
    send(as_("maya"), session, 0)
    assert watch.round() == 0
    switch_off(cast.maya, SwitchAt(RECORDING, session))
    assert watch.round() == 0  # the listener has a moment
    monkeypatch.setattr("holdspace.workflows.switched_off.PATIENCE_S", 0.0)
    assert watch.round() == 1
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "switched-off")
    assert not live_audio.is_here(capture.pk, capture.place)
    keep(capture, [piece(0.0, "too late")], heard=2)  # what the engine answers afterwards
    assert heard_words(session) == []
    assert watch.round() == 0


def test_transcription_switched_off_stops_a_dictation_and_a_backlog(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    maya, listener = as_("maya"), Listener()
    begin_capture(cast.maya, session, mode="dictation", note_format="", token=HERS)
    for number in range(5):
        send(maya, session, number)
    feed = ScriptedEar.feed

    def off_after_the_first(ear: ScriptedEar, second: bytearray) -> list[dict[str, Any]]:
        switch_off(cast.maya, SwitchAt(TRANSCRIPTION, session))
        return feed(ear, second)

    monkeypatch.setattr(ScriptedEar, "feed", off_after_the_first)
    listener.round()
    assert len(ears[0].fed) == 1
    listener.round()
    assert Capture.objects.get().ended_why == "switched-off"
    session.refresh_from_db()
    assert session.jottings == "second 0"


def test_drafting_switched_off_stops_a_draft_in_the_queue_and_one_begun_is_dropped(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    save_jottings(cast.maya, session, text="Slept four hours.")
    request_draft(cast.maya, session, note_format="DAP")
    pressed(as_("maya"), "client", cast.ruth.pk, DRAFTING, "off")
    page = plain(as_("maya").get(f"/sessions/{session.pk}/").content.decode())
    assert "Waiting to begin" in page
    round_of_work()
    run = DraftRun.objects.get()
    assert (run.state, run.error_code) == ("failed", "switched-off")
    assert note_of(cast.maya, session) is None
    page = plain(as_("maya").get(f"/sessions/{session.pk}/").content.decode())
    assert "Drafting is switched off for this client, by Maya Torres" in page


def test_with_everything_off_a_note_is_written_by_hand_and_signed_and_says_nothing_of_a_program(
    cast: Cast, as_: SignIn
) -> None:
    for name in (RECORDING, TRANSCRIPTION, DRAFTING, VOICE):
        switch_off(cast.maya, SwitchAt(name, cast.practice))
    session, maya = held(cast), as_("maya")
    save_jottings(cast.maya, session, text="Grounding used twice.")
    assert "Write the note" in maya.get(f"/sessions/{session.pk}/").content.decode()
    place = maya.post(f"/sessions/{session.pk}/note/write/", {"format": "DAP"})["Location"]
    page = plain(maya.get(place).content.decode())
    assert "written by hand" in page
    assert "Grounding used twice." in page
    assert "what was said" not in page
    assert maya.post(f"/sessions/{session.pk}/note/write/", {"format": "SOAP"})["Location"] == place
    assert "Go on writing" in maya.get(f"/sessions/{session.pk}/").content.decode()
    note = note_of(cast.maya, session)
    assert note is not None
    assert note.section_names == ["Data", "Assessment", "Plan"]
    add_sentence(cast.maya, note, section="Plan", text="Grounding every evening.")
    sign_note(cast.maya, note, credential="LCSW")
    assert printed_note(cast.maya, note.pk).disclosure == ""
    assert maya.post(f"/sessions/{session.pk}/note/write/", {"format": "DAP"}).status_code == 409
    with pytest.raises(AlreadySigned):
        save_jottings(cast.maya, session, text="more")


def test_signing_a_note_by_hand_destroys_no_transcript_and_says_so_after_each_sentence(
    cast: Cast, as_: SignIn
) -> None:
    session, maya = held(cast), as_("maya")
    place = maya.post(f"/sessions/{session.pk}/note/write/", {"format": "DAP"})["Location"]
    sent = {"section": "Plan", "text": "Grounding every evening."}
    added = maya.post(f"{place}sentences/add/", sent, headers=HTMX).content.decode()
    assert "Grounding every evening." in added
    for shown in (added, maya.get(place).content.decode()):
        assert "When you sign:" in shown
        assert "The key to the transcript is destroyed." not in shown


def test_sections_of_a_note_by_hand_are_those_a_draft_would_have(cast: Cast) -> None:
    for name in note_formats(cast.maya):
        assert section_names(cast.maya, name) == [section.name for section in load_format(name).sections]


def test_practices_that_were_here_before_keep_what_they_had(cast: Cast, session: Session) -> None:
    Switch.objects.all().delete()
    then = timezone.now() - timedelta(days=90)
    for level, about, name in (
        ("client", cast.ruth.pk, "hearing"),
        ("clinician", cast.tom_clinician.pk, "learn-my-voice"),
        ("practice", cast.practice.pk, "language-model"),
    ):
        Switch.objects.create(practice=cast.practice, level=level, about_id=about, name=name, is_on=False)
    Switch.objects.update(set_at=then)
    import_module("holdspace.assist.migrations.0004_switches").keep_what_they_had(apps, None)
    of_ruth, of_the_okafors = (
        session.around(),
        held(cast, cast.okafors, TUESDAY + timedelta(hours=2)).around(),
    )
    assert {name: switched_off_at(cast.worker, name, of_ruth) for name in SWITCHES} == {
        RECORDING: "client",
        TRANSCRIPTION: "client",
        DRAFTING: None,
        MODEL: "practice",
        VOICE: None,
        CLAIMS: "practice",
    }
    assert switched_off_at(cast.worker, VOICE, of_the_okafors) == "clinician"
    assert switched_off_at(cast.worker, RECORDING, of_the_okafors) is None
    assert Switch.objects.get(name=TRANSCRIPTION, level="client").set_at == then
    switch_on(cast.maya, SwitchAt(RECORDING, cast.ruth))
    assert switched_off_at(cast.worker, RECORDING, of_ruth) is None
