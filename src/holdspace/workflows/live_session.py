"""Sessions heard as they happen: a listener in each process that takes sound.

    seconds of sound ──▶ ear ──▶ pieces, sealed at once ──▶ (End) transcript ──▶ a draft run

It never stops for long: what it cannot keep now (a full disk) it keeps at the next try, and the sound itself is
overwritten as soon as it is understood.
"""

from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.doorway import listening_for
from holdspace.audit.log import event_log
from holdspace.consent.queries import who_is_missing
from holdspace.errors import HoldspaceError
from holdspace.people.models import Practice
from holdspace.room import live_audio
from holdspace.room.actions import finish_capture, set_capture, take_over_capture
from holdspace.room.models import Capture
from holdspace.room.pieces import keep
from holdspace.room.queries import captures
from holdspace.room.rules import ENDING, FORGOTTEN, LONGEST_S
from holdspace.vault.keys import ring
from holdspace.workflows.session_to_draft import vocabulary

if TYPE_CHECKING:
    from holdspace.assist.listening import Listening

log = event_log("live")

EVERY_S, IDLE_S = 0.2, 1.0
"""How often it listens while sound comes in, and how often it looks for captures without a process."""


@dataclass(slots=True)
class _Hearing:
    """One session's ear here, and what it understood that is not kept yet."""

    ear: "Listening"
    strikes: int
    unkept: list[dict[str, Any]] = field(default_factory=list)
    heard: int = 0


class Listener:
    """Hears every capture of this process, one second after the other."""

    def __init__(self) -> None:
        self._hearing: dict[int, _Hearing] = {}

    def round(self) -> None:
        """Hear what came since the last round."""
        for actor in map(Actor.worker, Practice.objects.values_list("pk", flat=True)):
            for capture in captures(actor):
                try:
                    self._attend(actor, capture)
                except HoldspaceError as error:
                    log("capture.failed", capture=capture.pk, code=error.code)
                    self._end(actor, capture, why=error.code)

    def forget(self) -> None:
        """Let go of every ear; their samples are overwritten."""
        for hearing in self._hearing.values():
            hearing.ear.finish()
        self._hearing.clear()

    def _attend(self, actor: Actor, capture: Capture) -> None:
        silent = timezone.now() - capture.told_at
        if not live_audio.is_here(capture.pk, capture.place):
            # Its process is gone. With the browser back it goes on; ended or forgotten, what was heard is drafted from.
            if capture.state == ENDING or silent > FORGOTTEN:
                take_over_capture(actor, capture, token=capture.token)
                self._end(actor, capture, why="" if capture.state == ENDING else "forgotten")
            return
        self._listen(actor, capture)
        if capture.state == ENDING and not live_audio.behind(capture.pk):
            self._end(actor, capture)
        elif self._hearing[capture.pk].heard >= LONGEST_S or silent > FORGOTTEN:
            set_capture(actor, capture, state=ENDING)
        elif who_is_missing(actor, capture.session.client):
            live_audio.drop_waiting(capture.pk)
            self._end(actor, capture, why="consent")

    def _listen(self, actor: Actor, capture: Capture) -> None:
        hearing = self._hearing.get(capture.pk)
        if hearing is None or hearing.strikes != capture.strikes:
            if hearing is not None:
                hearing.ear.finish()  # what it still held was struck
            hearing = self._hearing[capture.pk] = _Hearing(
                listening_for(
                    actor,
                    capture.session.around(),
                    channels=live_audio.CHANNELS[capture.mode],
                    vocabulary=vocabulary(capture.session),
                    begins_s=float(capture.heard),
                ),
                capture.strikes,
                heard=capture.heard,
            )
        for second in live_audio.take(capture.pk):
            hearing.unkept += hearing.ear.feed(second)
        heard = max(hearing.heard, hearing.ear.heard)
        if hearing.unkept or heard > hearing.heard:
            keep(capture, hearing.unkept, heard=heard)
            hearing.unkept, hearing.heard = [], heard

    def _end(self, actor: Actor, capture: Capture, *, why: str = "") -> None:
        hearing = self._hearing.pop(capture.pk, None)
        language = ""
        if hearing is not None:
            last = [*hearing.unkept, *hearing.ear.finish()]
            language = hearing.ear.language
            keep(capture, last, heard=live_audio.received(capture.pk))
        finish_capture(actor, capture, language=language, why=why)
        log("capture.ended", capture=capture.pk, why=why or "asked")


def listen_until(stop: Event) -> None:
    """Listen until told to stop; while the practice is locked, wait for its key."""
    listener = Listener()
    try:
        while not stop.wait(EVERY_S if live_audio.is_any_open() else IDLE_S):
            if not ring.is_open:
                continue
            close_old_connections()
            try:
                listener.round()
            except DatabaseError as error:  # a full disk: what is understood is kept at the next try
                log("round.failed", code=type(error).__name__)
            finally:
                close_old_connections()
    finally:
        listener.forget()


def start_listener(stop: Event) -> Thread:
    """Listen beside the web server that takes the sound."""
    thread = Thread(target=listen_until, args=(stop,), name="holdspace-listener", daemon=True)
    thread.start()
    return thread
