"""A session being heard while something else happens to it: minutes struck, a restart, a full disk, a broken ear."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from holdspace.errors import AlreadyRunning, DiskFull, EngineFailed, WeightsDamaged, WeightsMissing
from holdspace.room import live_audio
from holdspace.room.actions import captures
from holdspace.room.models import Capture, Session
from holdspace.room.pieces import keep
from holdspace.room.queries import transcript
from holdspace.room.waiting_audio import PLACE
from holdspace.workflows.live_session import MOST_STUMBLES, Listener
from tests.cast import TUESDAY, Cast, agree, held
from tests.rooms.pages.conftest import SignIn
from tests.rooms.pages.heard import ScriptedEar, begun, heard_words, line, piece, pieces_of, send

pytestmark = pytest.mark.django_db(transaction=True)


def while_it_is_understood(
    monkeypatch: pytest.MonkeyPatch, method: str, happens: Callable[[], object]
) -> None:
    """The next time an ear is asked, something happens before it answers."""
    answers = getattr(ScriptedEar, method)

    def slowly(ear: ScriptedEar, *given: Any) -> Any:
        monkeypatch.setattr(ScriptedEar, method, answers)
        happens()
        return answers(ear, *given)

    monkeypatch.setattr(ScriptedEar, method, slowly)


def test_minutes_struck_while_they_are_being_understood_do_not_come_back(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    for number in range(3):
        send(maya, session, number)
    struck = lambda: line(maya, session, minutes="1", state="off")  # noqa: E731
    while_it_is_understood(monkeypatch, "feed", struck)
    listener.round()
    assert heard_words(session) == []
    assert ears[0].is_forgotten
    assert len(ears[0].fed) == 1  # what waited is not given to it
    line(maya, session, state="live")
    send(maya, session, 3)
    listener.round()
    assert heard_words(session) == ["3"]
    captures.finish_capture(cast.worker, capture, language="en")
    said = transcript(cast.maya, session)
    assert said is not None
    assert [turn.text for turn in said.turns] == ["second 3"]


def test_minutes_struck_while_the_last_words_are_understood_do_not_come_back(
    cast: Cast, session: Session, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    line(maya, session, state="ending", total="1")
    monkeypatch.setattr(ScriptedEar, "finish", lambda _ear: [piece(0.5, "my brother drinks")])
    while_it_is_understood(monkeypatch, "finish", lambda: captures.strike_last(cast.maya, capture, minutes=1))
    listener.round()
    assert heard_words(session) == []
    monkeypatch.setattr(ScriptedEar, "finish", lambda _ear: [])
    listener.round()
    capture.refresh_from_db()
    assert capture.state == "ended"
    assert len(ears) == 2


def test_a_struck_second_that_still_waits_is_not_given_to_the_new_ear(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture, maya = begun(cast, session), as_("maya")
    send(maya, session, 0)
    assert (
        live_audio.take(capture.pk, strikes=1) is None
    )  # the line is wiped a moment after the strike is sure
    assert live_audio.take(capture.pk, strikes=0) is not None
    live_audio.close_line(capture.pk)


@pytest.mark.usefixtures("ears")
def test_what_was_being_understood_when_seconds_were_skipped_is_counted_with_them(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    send(maya, session, 1)
    while_it_is_understood(monkeypatch, "feed", lambda: line(maya, session, lost="10"))
    listener.round()
    assert heard_words(session) == ["0"]
    assert [(p["span"][0], p["gap"]) for p in pieces_of(session) if "gap" in p] == [(1.0, 9.0)]
    send(maya, session, 10)
    listener.round()
    assert heard_words(session) == ["0", "10"]
    assert line(maya, session).json()["lost"] == 9
    live_audio.close_line(capture.pk)


def test_a_strike_that_is_undone_leaves_what_waits(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, maya = begun(cast, session), as_("maya")
    send(maya, session, 0)
    with monkeypatch.context() as full:
        full.setattr("holdspace.access.action.record", _has_no_room)
        with pytest.raises(DiskFull):
            captures.strike_last(cast.maya, capture, minutes=1)
    assert live_audio.waiting(capture.pk) == 1
    captures.strike_last(cast.maya, capture, minutes=1)
    assert live_audio.waiting(capture.pk) == 0
    live_audio.close_line(capture.pk)


def test_an_end_that_is_undone_goes_on_taking_sound(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, maya = begun(cast, session), as_("maya")
    keep(capture, [piece(1.0, "I slept well")], heard=7)
    send(maya, session, 0)
    with monkeypatch.context() as full:
        full.setattr("holdspace.room.actions.captures.keep_heard", _has_no_room)
        with pytest.raises(DiskFull):
            captures.finish_capture(cast.worker, capture, language="en")
    assert Capture.objects.get().state == "live"
    assert live_audio.waiting(capture.pk) == 1
    captures.finish_capture(cast.worker, capture, language="en")
    assert not live_audio.is_here(capture.pk, capture.place)


def _has_no_room(*_: object, **__: object) -> None:
    raise DiskFull("The disk is full.")


def restarted() -> None:
    """The server died with what it had in memory, and runs again."""
    live_audio.close_line(Capture.objects.get().pk)
    Capture.objects.update(place="a process that was killed")


@pytest.mark.parametrize("state", ["paused", "off"])
@pytest.mark.usefixtures("ears")
def test_after_a_restart_in_a_pause_the_page_goes_on_at_what_was_heard(
    cast: Cast, session: Session, as_: SignIn, state: str
) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    for number in range(3):
        send(maya, session, number)
    listener.round()
    line(maya, session, state=state)
    restarted()
    assert send(maya, session, 9).json()["next"] == 3
    restarted()
    assert line(maya, session).json()["next"] == 3
    assert line(maya, session, state="live", gap="20").json()["lost"] == 0
    assert [p["span"][0] for p in pieces_of(session) if "gap" in p] == [3.0]
    live_audio.close_line(capture.pk)


def test_after_a_restart_another_browser_does_not_take_it_over(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    capture = begun(cast, session)
    restarted()
    address = f"/sessions/{session.pk}/capture/state/"
    assert as_("maya").post(address, {}, headers={"X-Capture": "other"}).status_code == 409
    assert not live_audio.is_here(capture.pk, PLACE)


@pytest.mark.usefixtures("ears")
def test_a_session_that_is_ended_after_a_restart_ends(cast: Cast, session: Session, as_: SignIn) -> None:
    capture, listener, maya = begun(cast, session), Listener(), as_("maya")
    send(maya, session, 0)
    listener.round()
    restarted()
    assert line(maya, session, state="ending", total="1").json()["next"] == 1
    listener.round()
    capture.refresh_from_db()
    assert (capture.state, capture.ended_why) == ("ended", "")
    assert transcript(cast.maya, session) is not None


def test_a_session_heard_in_the_room_does_not_go_on_as_a_call(cast: Cast, session: Session) -> None:
    capture = begun(cast, session)
    with pytest.raises(AlreadyRunning, match="A session in the room is being heard"):
        begun(cast, session, mode="call")
    assert begun(cast, session).pk == capture.pk
    captures.set_capture(cast.maya, capture, state="ending")
    with pytest.raises(AlreadyRunning, match="just ended"):
        begun(cast, session, mode="call")
    live_audio.close_line(capture.pk)


def test_what_breaks_one_session_does_not_silence_the_others(
    cast: Cast, as_: SignIn, ears: list[ScriptedEar], monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(cast.maya, cast.ruth)
    both = [held(cast), held(cast, start=TUESDAY + timedelta(hours=2))]
    broken, fine = [begun(cast, session) for session in both]
    listener, maya = Listener(), as_("maya")
    for session in both:
        send(maya, session, 0)
    listener.round()
    answers = ScriptedEar.feed

    def feed(ear: ScriptedEar, second: bytearray) -> list[dict[str, Any]]:
        if ear is ears[1] or ear.heard > 1:
            return answers(ear, second)
        raise ZeroDivisionError("my brother drinks")

    monkeypatch.setattr(ScriptedEar, "feed", feed)
    send(maya, both[1], 1)
    for _ in range(MOST_STUMBLES):
        assert send(maya, both[0], 1).json()["next"] == 2  # each time it is asked for again
        listener.round()
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.ended_why) == ("ended", "unexpected")
    assert fine.state == "live"
    assert [heard_words(session) for session in both] == [["0"], ["0", "1"]]
    live_audio.close_line(fine.pk)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (WeightsMissing("It is not here."), "holdspace models pull"),
        (WeightsDamaged("It is damaged."), "holdspace models pull"),
        (EngineFailed("It stopped."), "The speech engine stopped again and again"),
        (KeyError("my brother"), "Something went wrong"),
    ],
)
def test_the_page_says_why_hearing_ended_without_her(
    cast: Cast, session: Session, as_: SignIn, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("holdspace.workflows.live_session.listening_for", cannot)
    begun(cast, session)
    listener, maya = Listener(), as_("maya")
    for _ in range(MOST_STUMBLES):
        listener.round()
    answer = line(maya, session)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert "Everything heard is kept" in answer.content.decode()


@pytest.mark.parametrize(
    ("mode", "heard", "silent_s", "says"),
    [
        ("room", 6 * 3600, 1, "ended itself after six hours"),
        ("dictation", 300, 1, "ended itself after five minutes"),
        ("room", 5, 1801, "for half an hour"),
    ],
)
@pytest.mark.usefixtures("ears")
def test_the_page_says_which_limit_ended_it(
    cast: Cast, session: Session, as_: SignIn, mode: str, heard: int, silent_s: int, says: str
) -> None:
    capture, listener = begun(cast, session, mode=mode), Listener()
    keep(capture, [piece(1.0, "I slept well")], heard=heard)
    live_audio.open_line(capture.pk, heard=heard)
    Capture.objects.update(told_at=timezone.now() - timedelta(seconds=silent_s))
    for _ in range(2):
        listener.round()
    said = line(as_("maya"), session).content.decode()
    assert says in said
    assert "Everything heard is kept" in said


@pytest.mark.parametrize(
    ("state", "seconds", "marked"), [("live", 40, [40]), ("live", 1, []), ("paused", 40, [])]
)
def test_a_reloaded_page_marks_how_long_nothing_of_it_was_heard(
    cast: Cast, session: Session, state: str, seconds: int, marked: list[int]
) -> None:
    capture = begun(cast, session)
    Capture.objects.update(state=state, told_at=timezone.now() - timedelta(seconds=seconds))
    captures.begin_capture(cast.maya, session, mode="room", note_format="DAP", token="hers")
    assert [kept["gap"] for kept in pieces_of(session) if "gap" in kept] == marked
    assert capture.pk == Capture.objects.get().pk


@pytest.mark.parametrize(
    ("recorded", "ago", "missed"),
    [
        (2, 0, 0),  # all it had was taken, and it is back at once
        (9, 4, 11),  # seven seconds never left the page, and four went by
        (9, 2**32 - 1, 6 * 3600),
    ],
)
def test_a_reloaded_page_is_told_what_was_recorded_and_is_nowhere(
    cast: Cast, session: Session, as_: SignIn, recorded: int, ago: int, missed: int
) -> None:
    begun(cast, session)
    maya = as_("maya")
    for number in range(2):
        send(maya, session, number)
    again = {"mode": "room", "format": "DAP", "token": "hers", "recorded": str(recorded), "ago": str(ago)}
    answer = maya.post(f"/sessions/{session.pk}/capture/begin/", again).json()
    assert (answer["next"], answer["missed"]) == (2, missed)
    marked = [(kept["span"][0], kept["gap"]) for kept in pieces_of(session) if "gap" in kept]
    assert marked == ([(2.0, missed)] if missed else [])
    assert line(maya, session).json()["missed"] == 0  # it is said once


def test_what_an_earlier_hearing_left_is_not_missing_from_the_next(session: Session, as_: SignIn) -> None:
    left = {"mode": "room", "format": "DAP", "token": "hers", "recorded": "9", "ago": "4"}
    answer = as_("maya").post(f"/sessions/{session.pk}/capture/begin/", left).json()
    assert answer["missed"] == 0
    assert pieces_of(session) == []


def test_seconds_before_what_is_heard_are_not_skipped(cast: Cast, session: Session, as_: SignIn) -> None:
    capture = begun(cast, session)
    keep(capture, [], heard=20)
    live_audio.open_line(capture.pk, heard=0)  # as it is until a change that is sure has begun the line anew
    assert line(as_("maya"), session, lost="15").status_code == 422
    assert Capture.objects.get().lost == 0
