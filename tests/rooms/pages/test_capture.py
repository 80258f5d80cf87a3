"""A session heard as it happens: who may, what is taken, what is kept, and what happens when something dies."""

import zlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.doorway import _tools, drafting_tools_for
from holdspace.assist.queries import uses
from holdspace.assist.rules import DRAFTING, RECORDING, TRANSCRIPTION, SwitchAt
from holdspace.assist.speech_process import SpeechStopped
from holdspace.consent.actions import revoke_consent
from holdspace.engines.transcript import Transcript, Turn
from holdspace.errors import (
    AlreadyRunning,
    BadInput,
    ConsentMissing,
    DiskFull,
    EngineFailed,
    HoldspaceError,
    SwitchedOff,
    Unavailable,
)
from holdspace.room import live_audio
from holdspace.room.actions import captures, sessions
from holdspace.room.models import Capture, DraftRun, HeardPiece, Session
from holdspace.room.pieces import keep, told
from holdspace.room.queries import transcript
from holdspace.vault.keys import KeyChanged, Locked
from holdspace.vault.session_keys import has_key, make_key
from holdspace.workflows.live_session import MOST_STUMBLES, Listener
from tests.cast import TUESDAY, Cast, agree, held
from tests.rooms.pages.conftest import SignIn
from tests.rooms.pages.heard import (
    HERS,
    SECOND,
    ScriptedEar,
    begun,
    heard_words,
    line,
    piece,
    pieces_of,
    send,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_heard_without_consent_or_with_hearing_switched_off(cast: Cast) -> None:
    session = held(cast)
    with pytest.raises(ConsentMissing):
        begun(cast, session)
    agree(cast.maya, cast.ruth)
    switch_off(cast.maya, SwitchAt(TRANSCRIPTION, cast.practice))
    with pytest.raises(SwitchedOff):
        begun(cast, session)
    assert not Capture.objects.exists()


def test_a_second_browser_is_refused_until_the_first_is_gone(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    with pytest.raises(AlreadyRunning, match="another browser"):
        begun(cast, session, browser="other")
    assert begun(cast, session).pk == capture.pk  # the same one, reloaded before it forgot its token
    Capture.objects.update(told_at=timezone.now() - timedelta(seconds=20))
    assert begun(cast, session, browser="other").token != HERS


def test_a_second_is_taken_once_in_order_and_whole(cast: Cast, session: Session, as_: SignIn) -> None:
    maya = as_("maya")
    capture = begun(cast, session)
    assert send(maya, session, 0).json()["next"] == 1
    assert send(maya, session, 0).json()["next"] == 1  # twice is once
    assert send(maya, session, 5).json()["next"] == 1  # too early: it must come again
    assert send(maya, session, 1, sound=SECOND[:-2] + b"xx").status_code == 422
    assert send(maya, session, 1, sound=SECOND[:100]).status_code == 422
    assert live_audio.waiting(capture.pk) == 1
    live_audio.close_line(capture.pk)


def test_sound_of_another_browser_another_clinician_or_nobody_is_not_taken(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture = begun(cast, session)
    assert send(as_("maya"), session, 0, browser="other").status_code == 409
    assert send(as_("maya"), held(cast, start=TUESDAY + timedelta(hours=3)), 0).status_code == 410
    assert send(as_("tom"), session, 0).status_code == 404
    assert send(as_("bo"), session, 0).status_code == 404
    assert send(Browser(), session, 0).status_code == 302
    assert live_audio.waiting(capture.pk) == 0


def test_words_are_shown_only_to_who_may_read_them_and_only_while_it_goes_on(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    where = f"/sessions/{session.pk}/capture/words/"
    capture = begun(cast, session)
    assert "Nothing is understood yet" in as_("maya").get(where).content.decode()
    keep(capture, [piece(1.0, "I slept well <b>")], heard=7)
    shown = as_("maya").get(where).content.decode()
    assert "I slept well &lt;b&gt;" in shown
    assert "slept" not in as_("maya").get(f"/sessions/{session.pk}/capture/").content.decode()
    assert [as_(name).get(where).status_code for name in ("tom", "ada", "bo", "sam")] == [404] * 4
    captures.set_capture(cast.maya, capture, state="ending")
    captures.finish_capture(cast.worker, capture, language="en")
    assert "slept" not in as_("maya").get(where).content.decode()


def test_after_a_server_died_sound_is_asked_for_from_what_is_understood(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture = begun(cast, session)
    keep(capture, [piece(1.0, "I slept well")], heard=7)
    live_audio.close_line(capture.pk)  # what the process had in memory is gone with it
    Capture.objects.update(place="a process that was killed")
    answer = send(as_("maya"), session, 12).json()
    assert (answer["next"], answer["heard"], answer["state"]) == (7, 7, "live")
    assert [p["words"][1]["text"] for p in pieces_of(session)] == ["slept"]


def test_paused_and_off_the_record_take_no_sound(cast: Cast, session: Session, as_: SignIn) -> None:
    capture = begun(cast, session)
    for state in ("paused", "off"):
        captures.set_capture(cast.maya, capture, state=state)
        assert send(as_("maya"), session, 0).json()["state"] == state
        assert live_audio.waiting(capture.pk) == 0
    with pytest.raises(BadInput):
        captures.set_capture(cast.maya, capture, state="ended")


def test_the_last_minutes_go_too_what_waits_and_what_was_understood(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    keep(capture, [piece(10.0, "before it"), piece(100.0, "my brother drinks")], heard=130)
    live_audio.open_line(capture.pk, heard=130)
    live_audio.put(capture.pk, 130, SECOND, checksum=zlib.crc32(SECOND), mode="room")
    waiting = live_audio._lines[capture.pk].waiting[0]  # to see it overwritten
    struck = captures.strike_last(cast.maya, capture, minutes=1)
    assert not any(waiting)
    assert [p["words"][0]["text"] for p in pieces_of(session)] == ["before"]
    assert (struck.heard, struck.strikes) == (131, 1)


def test_pieces_are_sealed_and_gone_with_the_sessions_key(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    keep(capture, [piece(1.0, "unmistakable lighthouse")], heard=4)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM room_heardpiece")
        (sealed,) = cursor.fetchone()
    assert b"lighthouse" not in bytes(sealed)
    sessions.destroy_transcript(cast.maya, session)
    assert not HeardPiece.objects.exists()
    assert transcript(cast.maya, session) is None
    assert not has_key(session.pk)


def test_at_the_end_the_pieces_are_the_transcript_and_a_draft_is_asked_for(
    cast: Cast, session: Session
) -> None:
    capture = begun(cast, session, mode="call")
    keep(capture, [piece(1.0, "How did you sleep?"), piece(4.0, "Five hours.", 1)], heard=8)
    run = captures.finish_capture(cast.worker, capture, language="en")
    assert run is not None
    assert (run.kind, run.note_format) == ("draft", "DAP")
    said = transcript(cast.maya, session)
    assert said is not None
    assert [(t.speaker, t.text) for t in said.turns] == [
        ("therapist", "How did you sleep?"),
        ("client", "Five hours."),
    ]


def test_with_drafting_off_the_end_asks_for_no_draft(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    keep(capture, [piece(1.0, "I slept well")], heard=4)
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.practice))
    assert captures.finish_capture(cast.worker, capture, language="en") is None
    assert not DraftRun.objects.exists()


def heard_in_two(cast: Cast, session: Session, modes: tuple[str, str]) -> Transcript:
    """The transcript of a session that ended, was corrected, and was begun again."""
    for mode, channel, words in (
        (modes[0], 0, "Before lunch."),
        (modes[1], modes[1] == "call", "After lunch."),
    ):
        capture = begun(cast, session, mode=mode)
        keep(capture, [piece(2.0, words, int(channel))], heard=10)
        captures.finish_capture(cast.worker, capture, language="en")
        DraftRun.objects.all().delete()
        if words == "Before lunch.":
            sessions.give_turn(cast.maya, session, index=0, role="client")
    said = transcript(cast.maya, session)
    assert said is not None
    return said


@pytest.mark.parametrize("modes", [("call", "call"), ("room", "call"), ("call", "room")])
def test_a_session_begun_again_is_one_and_what_she_corrected_stays(
    cast: Cast, session: Session, modes: tuple[str, str]
) -> None:
    said = heard_in_two(cast, session, modes)
    assert [(turn.index, turn.text) for turn in said.turns] == [(0, "Before lunch."), (1, "After lunch.")]
    assert said.turns[0].speaker == "client"  # as she said
    assert [turn.start_s for turn in said.turns] == [2.0, 12.0]
    assert said.duration_s == 20.0


def test_whoever_has_no_name_is_nobody_of_an_earlier_hearing() -> None:
    first, second = (
        Transcript((Turn(0, "speaker 1", "One."), Turn(1, "speaker 2", "Two.")), "en", 5.0),
        Transcript((Turn(0, "speaker 1", "Three.", 1.0, 2.0), Turn(1, "therapist", "Four.")), "en", 5.0),
    )
    assert [turn.speaker for turn in first.followed_by(second).turns] == [
        "speaker 1",
        "speaker 2",
        "speaker 3",
        "therapist",
    ]


def test_a_capture_whose_browser_is_long_gone_ends_itself(cast: Cast, session: Session) -> None:
    make_key(session.pk, session.client_id)
    capture = begun(cast, session)
    live_audio.close_line(capture.pk)
    Capture.objects.update(place="a process that was killed", told_at=timezone.now() - timedelta(hours=1))
    Listener().round()
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "forgotten")


def test_the_silence_of_a_browser_counts_from_now_where_the_clock_was_ahead(
    cast: Cast, session: Session
) -> None:
    make_key(session.pk, session.client_id)
    capture = begun(cast, session)
    live_audio.close_line(capture.pk)
    ahead = timezone.now() + timedelta(days=365)
    Capture.objects.update(place="a process that was killed", told_at=ahead)
    Listener().round()
    capture.refresh_from_db()
    assert (capture.state, capture.told_at <= timezone.now()) == ("live", True)


@pytest.mark.weights
def test_revoking_consent_ends_hearing_at_once(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    revoke_consent(cast.maya, cast.ruth)
    listener = Listener()
    listener.round()
    listener.forget()
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "consent")
    assert not live_audio.is_here(capture.pk, capture.place)


def test_seconds_that_are_nowhere_any_more_are_skipped_counted_and_said(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture = begun(cast, session)
    keep(capture, [piece(1.0, "I slept well")], heard=7)
    live_audio.close_line(capture.pk)
    Capture.objects.update(place="a process that was killed")
    assert send(as_("maya"), session, 20).json()["next"] == 7
    answer = (
        as_("maya")
        .post(f"/sessions/{session.pk}/capture/state/", {"lost": "20"}, headers={"X-Capture": HERS})
        .json()
    )
    assert (answer["next"], answer["lost"], answer["heard"]) == (20, 13, 20)
    assert send(as_("maya"), session, 20).json()["next"] == 21
    with pytest.raises(BadInput):
        captures.skip_lost(cast.maya, capture, until=3)


def test_a_speech_process_that_dies_costs_no_second(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar]
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    for number in range(3):
        send(maya, session, number)
    listener.round()
    ears[0].dies = True
    send(maya, session, 3)
    listener.round()
    assert send(maya, session, 4).json()["next"] == 3  # asked for again, from what is understood
    for number in (3, 4):
        send(maya, session, number)
    listener.round()
    assert len(ears) == 2
    assert heard_words(session) == ["0", "1", "2", "3", "4"]
    live_audio.close_line(capture.pk)


def test_an_engine_that_always_dies_at_one_place_ends_the_session_with_what_was_heard(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch, ears: list[ScriptedEar]
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    monkeypatch.setattr(ScriptedEar, "feed", _dies)
    for _ in range(MOST_STUMBLES):
        send(maya, session, 1)
        listener.round()
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "speech-stopped")
    assert heard_words(session) == ["0"]
    assert len(ears) == MOST_STUMBLES


def _dies(_ear: ScriptedEar, _second: bytearray) -> list[dict[str, Any]]:
    raise SpeechStopped("The speech engine stopped.")


def test_an_engine_that_does_not_answer_is_shown_as_behind_and_drops_nothing(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar]
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    ears[0].is_stuck = True
    for number in range(1, 40):
        send(maya, session, number)
        listener.round()
    assert line(maya, session).json()["behind"] == 39
    assert line(maya, session, state="ending", total="40").json()["state"] == "ending"
    listener.round()
    capture.refresh_from_db()
    assert capture.state == "ending"  # it waits for the engine
    ears[0].is_stuck = False
    for _ in range(3):
        listener.round()
    capture.refresh_from_db()
    assert capture.state == "ended"
    assert heard_words(session) == [str(n) for n in range(40)]


@pytest.mark.parametrize("what", [DiskFull, Locked, KeyChanged, Unavailable], ids=lambda what: what.__name__)
def test_a_full_disk_or_a_locked_practice_in_mid_session_costs_no_word(
    cast: Cast,
    session: Session,
    as_: SignIn,
    ears: list[ScriptedEar],
    monkeypatch: pytest.MonkeyPatch,
    what: type[HoldspaceError],
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    for number in range(1, 4):
        send(maya, session, number)
    with monkeypatch.context() as full:
        full.setattr("holdspace.workflows.live_session.keep", partial(_cannot, what))
        listener.round()
    capture.refresh_from_db()
    assert (capture.state, capture.heard) == ("live", 1)
    listener.round()
    assert heard_words(session) == ["0", "1", "2", "3"]
    assert len(ears) == 1
    live_audio.close_line(capture.pk)


@pytest.mark.parametrize("is_ended", [True, False])
def test_what_a_broken_engine_never_understood_is_marked_and_forgotten(
    cast: Cast,
    session: Session,
    as_: SignIn,
    ears: list[ScriptedEar],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_ended: bool,
) -> None:
    begun(cast, session)
    listener, maya = Listener(), as_("maya")
    for number in range(2):
        send(maya, session, number)
    listener.round()
    if is_ended:  # with a second still on its way
        line(maya, session, state="ending", total="6")
    monkeypatch.setattr(ScriptedEar, "feed", _breaks)
    for _ in range(MOST_STUMBLES):
        for number in range(2, 5):
            send(maya, session, number)
        listener.round()
    assert Capture.objects.get().ended_why == "engine-failed"
    assert ears[-1].is_forgotten
    said = transcript(cast.maya, session)
    assert said is not None
    assert [(gap.start_s, gap.length_s) for gap in said.gaps] == [(2.0, 4.0 if is_ended else 3.0)]
    answer = line(maya, session)
    assert answer.status_code == 409
    assert "marked in what was said" in answer.content.decode()


def _breaks(_ear: ScriptedEar, _second: bytearray) -> list[dict[str, Any]]:
    raise EngineFailed("The engine stopped.")


def test_an_engine_that_never_answers_is_not_waited_for_for_ever(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(cast, session)
    listener, maya = Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    ears[0].is_stuck = True
    send(maya, session, 1)
    line(maya, session, state="ending", total="2")
    listener.round()
    line(maya, session)  # its page is there, and asks
    assert Capture.objects.get().state == "ending"
    monkeypatch.setattr("holdspace.workflows.live_session.GIVEN_UP", timedelta(0))
    listener.round()
    capture = Capture.objects.get()
    assert (capture.state, capture.ended_why) == ("ended", "engine-failed")
    assert ears[0].is_forgotten
    said = transcript(cast.maya, session)
    assert said is not None
    assert [(gap.start_s, gap.length_s) for gap in said.gaps] == [(1.0, 1.0)]


def _cannot(what: type[HoldspaceError], *_: object, **__: object) -> None:
    raise what("It cannot be kept just now.")


@pytest.mark.usefixtures("ears")
def test_an_end_waits_for_the_seconds_still_on_their_way_but_not_for_a_page_that_is_gone(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    line(maya, session, state="ending", total="3")
    listener.round()
    capture.refresh_from_db()
    assert capture.state == "ending"
    assert send(maya, session, 1).json()["next"] == 2  # an ended session still takes what was said before
    listener.round()
    Capture.objects.update(told_at=timezone.now() - timedelta(seconds=20))
    listener.round()
    capture.refresh_from_db()
    assert capture.state == "ended"
    assert heard_words(session) == ["0", "1"]


@pytest.mark.usefixtures("ears")
def test_a_capture_left_running_for_six_hours_ends_itself_and_keeps_what_was_said(
    cast: Cast, session: Session
) -> None:
    capture, listener = begun(cast, session), Listener()
    keep(capture, [piece(1.0, "I slept well")], heard=6 * 3600)
    live_audio.open_line(capture.pk, heard=6 * 3600)
    for _ in range(2):
        capture.refresh_from_db()
        told(capture.pk)
        listener.round()
    capture.refresh_from_db()
    assert capture.state == "ended"
    assert transcript(cast.maya, session) is not None


@pytest.mark.usefixtures("ears")
def test_a_page_that_slept_for_five_minutes_goes_on_and_the_gap_is_marked(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    Capture.objects.update(told_at=timezone.now() - timedelta(minutes=5))
    listener.round()  # silent, and not forgotten
    assert line(maya, session, gap="300").json()["state"] == "live"
    send(maya, session, 1)
    listener.round()
    captures.finish_capture(cast.worker, capture, language="en")
    said = transcript(cast.maya, session)
    assert said is not None
    assert [(gap.start_s, gap.length_s) for gap in said.gaps] == [(1.0, 300.0)]
    shown = maya.get(f"/sessions/{session.pk}/said/").content.decode()
    assert "0:01 · 5:00 could not be heard" in shown


@pytest.mark.usefixtures("ears")
def test_two_sessions_are_heard_side_by_side(cast: Cast, as_: SignIn) -> None:
    agree(cast.maya, cast.ruth)
    both = [held(cast), held(cast, start=TUESDAY + timedelta(hours=2))]
    for session in both:
        begun(cast, session)
    listener, maya = Listener(), as_("maya")
    for number in range(4):
        for session in both:
            send(maya, session, number)
        listener.round()
    assert [heard_words(session) for session in both] == [["0", "1", "2", "3"]] * 2
    for capture in Capture.objects.all():
        live_audio.close_line(capture.pk)


def test_a_dictation_needs_nobodys_consent_and_becomes_jottings_and_nothing_else(cast: Cast) -> None:
    session = held(cast)
    sessions.save_jottings(cast.maya, session, text="Arrived late.")
    capture = begun(cast, session, mode="dictation")
    assert capture.code is None
    keep(capture, [piece(0.5, "Brighter than last week.")], heard=4)
    assert captures.finish_capture(cast.worker, capture, language="en") is None
    session.refresh_from_db()
    assert session.jottings == "Arrived late.\nBrighter than last week."
    assert not HeardPiece.objects.exists()
    assert transcript(cast.maya, session) is None


def test_a_dictation_and_a_session_are_not_mixed(cast: Cast, session: Session) -> None:
    begun(cast, session)
    with pytest.raises(AlreadyRunning):
        begun(cast, session, mode="dictation")


def test_with_hearing_off_nothing_is_dictated(cast: Cast) -> None:
    session = held(cast)
    switch_off(cast.maya, SwitchAt(RECORDING, cast.practice))
    with pytest.raises(SwitchedOff):
        begun(cast, session, mode="dictation")


@pytest.mark.weights
def test_what_was_said_is_read_while_it_goes_on_and_forgotten_when_struck(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdspace.workflows.live_session.READ_EVERY_S", 0.0)
    _tools.cache_clear()
    capture, listener, maya = begun(cast, session, mode="call"), Listener(), as_("maya")
    monkeypatch.setattr(ScriptedEar, "feed", _takes_turns)
    for number in range(6):
        send(maya, session, number, whole=SECOND * 2)
        listener.round()
    ahead = drafting_tools_for(cast.worker, session.around()).ahead
    assert session.pk in ahead
    assert [use.purpose for use in uses(cast.maya, session.pk)].count("reading ahead") == 1
    capture.refresh_from_db()
    captures.strike_last(cast.maya, capture, minutes=1)
    listener.round()
    assert session.pk not in ahead
    assert len(ears) == 2
    live_audio.close_line(capture.pk)


def test_with_drafting_off_nothing_is_read_ahead(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdspace.workflows.live_session.READ_EVERY_S", 0.0)
    _tools.cache_clear()
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.practice))
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    for number in range(4):
        send(maya, session, number)
        listener.round()
    assert ears
    assert _tools.cache_info().currsize == 0
    assert uses(cast.maya, session.pk) == []
    live_audio.close_line(capture.pk)


@pytest.mark.weights
def test_drafting_switched_on_in_mid_session_is_in_the_ledger_from_its_first_reading(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdspace.workflows.live_session.READ_EVERY_S", 0.0)
    switch_off(cast.maya, SwitchAt(DRAFTING, session))
    capture, listener, maya = begun(cast, session, mode="call"), Listener(), as_("maya")
    monkeypatch.setattr(ScriptedEar, "feed", _takes_turns)

    def go_on(numbers: range) -> list[str]:
        for number in numbers:
            send(maya, session, number, whole=SECOND * 2)
            listener.round()
        return [use.purpose for use in uses(cast.maya, session.pk)]

    assert go_on(range(4)) == []
    switch_on(cast.maya, SwitchAt(DRAFTING, session))
    assert go_on(range(4, 6)) == ["reading ahead"]
    switch_off(cast.maya, SwitchAt(DRAFTING, session))
    go_on(range(6, 7))
    switch_on(cast.maya, SwitchAt(DRAFTING, session))
    assert go_on(range(7, 9)) == ["reading ahead"]
    assert len(ears) == 1
    live_audio.close_line(capture.pk)


@pytest.mark.weights
def test_until_something_settled_was_said_nothing_is_read_and_the_ledger_says_so(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdspace.workflows.live_session.READ_EVERY_S", 0.0)
    capture, listener, maya = begun(cast, session, mode="call"), Listener(), as_("maya")
    monkeypatch.setattr(ScriptedEar, "feed", _takes_turns)
    for number in range(2):
        send(maya, session, number, whole=SECOND * 2)
        listener.round()
    assert ears[0].heard == 2
    assert uses(cast.maya, session.pk) == []
    live_audio.close_line(capture.pk)


def _takes_turns(ear: ScriptedEar, _second: bytearray) -> list[dict[str, Any]]:
    ear.heard += 1
    return [piece(float(ear.heard - 1), f"I slept {ear.heard} hours.", channel=ear.heard % 2)]
