"""Sessions heard as they happen: a listener in each process that takes sound.

    seconds of sound ──▶ ear ──▶ pieces, sealed at once ──▶ (End) transcript ──▶ a draft run

It never stops for long: what it cannot keep now (a full disk) it keeps at the next try, and the sound itself is
overwritten as soon as it is understood.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.doorway import forget_ahead, listening_for, read_ahead, transcript_of
from holdspace.assist.queries import hearing_off_at
from holdspace.assist.speech_process import SpeechStopped
from holdspace.audit.log import event_log
from holdspace.consent.queries import who_is_missing
from holdspace.errors import DiskFull, EngineFailed, HoldspaceError
from holdspace.people.models import Practice
from holdspace.room import live_audio
from holdspace.room.actions.captures import (
    finish_capture,
    reopen_capture,
    set_capture,
    take_over_capture,
)
from holdspace.room.models import Capture
from holdspace.room.pieces import keep, told
from holdspace.room.queries import captures, voices_of
from holdspace.room.rules import (
    BROWSER_GONE,
    CALL,
    CAPTURING,
    CHANNELS,
    CONSENT,
    ENDING,
    FIVE_MINUTES,
    FORGOTTEN,
    GIVEN_UP,
    LEFT,
    LONGEST_DICTATION_S,
    LONGEST_S,
    SIX_HOURS,
    SWITCHED_OFF,
    UNEXPECTED,
    UNTOLD,
)
from holdspace.workflows.consent_taken_back import carry_out
from holdspace.workflows.passing import PASSING, one_round
from holdspace.workflows.session_to_draft import vocabulary

if TYPE_CHECKING:
    from holdspace.assist.speech_process import Listening

log = event_log("live")

EVERY_S, IDLE_S = 0.2, 1.0
"""How often it listens while sound comes in, and how often it looks for captures without a process."""
MOST_STUMBLES = 5
"""Times the engine may fail at one place before the session ends with what was heard."""
READ_EVERY_S, SETTLING = 20.0, 2
"""How often what was said so far is read, and the latest turns that may still grow."""
AGAIN_S = 2.0
"""How long a speech engine that does not answer is left alone."""


@dataclass(slots=True)
class _Hearing:
    """One session's ear here, and what it understood that is not kept yet."""

    ear: "Listening"
    strikes: int
    heard: int
    unkept: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    try_at: float = 0.0
    stuck_since: float | None = None
    read_at: float = 0.0
    has_read: bool = False

    def took(self, pieces: list[dict[str, Any]]) -> None:
        """What the ear understood; a stuck one is asked again in a moment."""
        self.unkept += pieces
        self.said += pieces
        self.try_at = monotonic() + AGAIN_S
        if not self.ear.is_stuck:
            self.stuck_since = None
        elif self.stuck_since is None:
            self.stuck_since = monotonic()

    def drop(self) -> None:
        """Forget what is not kept and what the ear still holds; its samples are overwritten."""
        self.unkept, self.said = [], []
        with suppress(HoldspaceError):
            self.ear.forget()


class Listener:
    """Hears every capture of this process, one second after the other."""

    def __init__(self) -> None:
        self._hearing: dict[int, _Hearing] = {}
        self._stumbles: dict[int, tuple[int, int]] = {}

    def round(self) -> None:
        """Hear what came since the last round."""
        actors = map(Actor.worker, Practice.objects.values_list("pk", flat=True))
        going = [(actor, capture) for actor in actors for capture in captures(actor)]
        self._let_go({capture.pk for _, capture in going})
        for actor, capture in going:
            try:
                self._attend_or_fail(actor, capture)
            except Exception as error:  # noqa: BLE001  # whatever one session breaks, the others are heard
                log("round.failed", capture=capture.pk, code=type(error).__name__)

    def forget(self) -> None:
        """Let go of every ear; their samples are overwritten."""
        for hearing in self._hearing.values():
            hearing.drop()
        self._hearing.clear()

    def _let_go(self, going: set[int]) -> None:
        """Forget what is not heard any more because a consent was taken back; its samples are overwritten."""
        for pk in self._hearing.keys() - going:
            self._hearing.pop(pk).drop()
            live_audio.close_line(pk)

    def _attend_or_fail(self, actor: Actor, capture: Capture) -> None:
        """What nobody foresaw is taken for a stumble: a passing one costs no second, and one that stays ends the
        session with what was heard, instead of hearing nothing for ever. Its text may hold words and is not told.
        """
        try:
            self._attend(actor, capture)
        except DiskFull:
            log("disk.full", capture=capture.pk)  # what is understood waits in memory for room
        except (SpeechStopped, EngineFailed) as error:
            self._failed(actor, capture, error.code, may_pass=True)
        except PASSING:
            raise  # what is understood waits in memory too, also while the practice is locked or gets a new key
        except HoldspaceError as error:
            self._failed(actor, capture, error.code, may_pass=False)
        except Exception as error:  # noqa: BLE001  # outermost for this session: a traceback could carry what was said
            log("capture.stumbled", capture=capture.pk, code=type(error).__name__)
            self._failed(actor, capture, UNEXPECTED, may_pass=True)

    def _failed(self, actor: Actor, capture: Capture, code: str, *, may_pass: bool) -> None:
        """Hear it anew where the engine died or stumbled: the browser still has what is not understood.

        An engine that stumbles at the same place again and again, and every other error, ends it with what was heard.
        """
        hearing = self._hearing.pop(capture.pk, None)
        capture.refresh_from_db()
        until = max(live_audio.received(capture.pk), capture.total or 0)
        at, times = self._stumbles.get(capture.pk, (capture.heard, 0))
        times = times + 1 if at == capture.heard else 1
        self._stumbles[capture.pk] = capture.heard, times
        reopen_capture(actor, capture)  # before an end too, which may be undone
        if may_pass and times < MOST_STUMBLES:
            log("speech.stopped", capture=capture.pk, code=code)
            return
        log("capture.failed", capture=capture.pk, code=code)
        if hearing is not None:
            hearing.drop()
        finish_capture(actor, capture, language="", why=code, until=until)

    def _attend(self, actor: Actor, capture: Capture) -> None:
        silent = timezone.now() - capture.told_at
        if -silent > BROWSER_GONE:  # the clock was ahead: silence counts from now
            told(capture.pk)
        if not live_audio.is_here(capture.pk, capture.place):
            # Its process is gone. With the browser back it goes on; ended or forgotten, what was heard is drafted from.
            if silent > (BROWSER_GONE if capture.state == ENDING else FORGOTTEN):
                take_over_capture(actor, capture, token=capture.token)
                finish_capture(actor, capture, language="", why=LEFT, until=capture.total or 0)
        elif not capture.is_dictation and who_is_missing(
            actor, capture.session.client, session_id=capture.session_id
        ):
            self._not_agreed(actor, capture)
        elif hearing_off_at(actor, capture.session.around()):
            self._stop(actor, capture, why=SWITCHED_OFF)
        else:
            self._hear(actor, capture, silent)

    def _not_agreed(self, actor: Actor, capture: Capture) -> None:
        """Stop before another second is heard. What was taken back is destroyed with all that was heard under it;
        where somebody new came in, or a text changed, what was agreed to before stays."""
        live_audio.drop_waiting(capture.pk)
        carry_out()
        capture.refresh_from_db()
        if capture.state in CAPTURING:
            self._stop(actor, capture, why=CONSENT)

    def _stop(self, actor: Actor, capture: Capture, *, why: str) -> None:
        """End it with what was understood until now; no model is asked about the sound that was not, it is wiped."""
        live_audio.drop_waiting(capture.pk)
        hearing = self._hearing.get(capture.pk)
        if hearing is not None:
            with suppress(HoldspaceError):
                hearing.ear.forget()
            self._keep(capture, hearing)
            del self._hearing[capture.pk]
        finish_capture(actor, capture, language=hearing.ear.language if hearing else "", why=why)
        forget_ahead(capture.session.around())
        log("capture.ended", capture=capture.pk, why=why)

    def _hear(self, actor: Actor, capture: Capture, silent: timedelta) -> None:
        hearing = self._listen(actor, capture)
        if hearing is None:
            return
        longest_s, too_long = (
            (LONGEST_DICTATION_S, FIVE_MINUTES) if capture.is_dictation else (LONGEST_S, SIX_HOURS)
        )
        if capture.state == ENDING:
            self._end_when_heard(actor, capture, hearing, silent)
        elif hearing.heard >= longest_s or silent > FORGOTTEN:
            so_far = min(live_audio.received(capture.pk), LONGEST_S)
            why = too_long if hearing.heard >= longest_s else LEFT
            set_capture(actor, capture, state=ENDING, total=so_far, why=why)
        elif not capture.is_dictation and hearing.said and monotonic() >= hearing.read_at:
            self._read_ahead(actor, capture, hearing)

    def _listen(self, actor: Actor, capture: Capture) -> "_Hearing | None":
        """Hear what waits; None where minutes were struck while it was at it: the next round begins an ear anew."""
        hearing = self._hearing.get(capture.pk)
        if hearing is None or hearing.strikes != capture.strikes:
            ear = listening_for(
                actor,
                capture.session.around(),
                channels=CHANNELS[capture.mode],
                vocabulary=vocabulary(capture.session),
                begins_s=float(capture.heard),
                people=voices_of(actor, capture.session).people,
                is_alone=capture.is_dictation,
            )
            hearing = self._hearing[capture.pk] = _Hearing(ear, capture.strikes, heard=capture.heard)
            forget_ahead(capture.session.around())  # minutes may have been struck
        if hearing.ear.is_stuck and monotonic() >= hearing.try_at:
            hearing.took(hearing.ear.try_again())
        while (
            not hearing.ear.is_stuck
            and (second := live_audio.take(capture.pk, strikes=hearing.strikes)) is not None
        ):
            hearing.took(hearing.ear.feed(second))
            if hearing_off_at(actor, capture.session.around()):  # a backlog is many seconds
                live_audio.drop_waiting(capture.pk)
        return hearing if self._keep(capture, hearing) else None

    def _read_ahead(self, actor: Actor, capture: Capture, hearing: "_Hearing") -> None:
        """Observe what was said so far, so that at the end only the last words, the choice and the wording are left."""
        so_far = transcript_of(
            hearing.said,
            language="",
            duration_s=0.0,
            is_call=capture.mode == CALL,
            voices=voices_of(actor, capture.session),
        )
        settled = tuple(turn.text for turn in so_far.turns[:-SETTLING])
        did = read_ahead(actor, capture.session.around(), settled, is_first=not hearing.has_read)
        hearing.read_at, hearing.has_read = monotonic() + READ_EVERY_S, did or hearing.has_read

    def _keep(self, capture: Capture, hearing: "_Hearing", heard: int = 0) -> bool:
        """Keep what was understood. False where it may not be kept any more; then it is forgotten here too."""
        heard = max(heard, hearing.heard, hearing.ear.heard)
        if hearing.unkept or heard > hearing.heard:
            if not keep(capture, hearing.unkept, heard=heard, strikes=hearing.strikes):
                hearing.drop()
                return False
            hearing.unkept, hearing.heard = [], heard
        return True

    def _end_when_heard(self, actor: Actor, capture: Capture, hearing: "_Hearing", silent: timedelta) -> None:
        """Once everything the page has is here and understood; without the page or the engine, with what there is."""
        is_told = capture.total is not None or silent > UNTOLD
        has_all = is_told and live_audio.received(capture.pk) >= (capture.total or 0)
        if hearing.stuck_since is not None and monotonic() - hearing.stuck_since > GIVEN_UP.total_seconds():
            self._end(actor, capture, hearing, why=EngineFailed.code)
        elif (has_all or silent > BROWSER_GONE) and not hearing.ear.is_stuck:
            self._end(actor, capture, hearing)

    def _end(self, actor: Actor, capture: Capture, hearing: "_Hearing", *, why: str = "") -> None:
        hearing.took(hearing.ear.finish())
        if hearing.ear.is_stuck and not why:
            return  # it is tried again
        received = live_audio.received(capture.pk)
        if not self._keep(capture, hearing, 0 if hearing.ear.is_stuck else received):
            return  # minutes were struck meanwhile: the next round ends what is left
        if hearing.ear.is_stuck:
            hearing.drop()
        del self._hearing[capture.pk]
        until = max(received, capture.total or 0)
        finish_capture(actor, capture, language=hearing.ear.language, why=why, until=until)
        log("capture.ended", capture=capture.pk, why=why or "asked")


def listen_until(stop: Event) -> None:
    """Listen until told to stop; while the practice is locked, wait for its key."""
    listener = Listener()
    try:
        while not stop.wait(EVERY_S if live_audio.is_any_open() else IDLE_S):
            one_round(listener.round, log, survives=(Exception,))  # this thread hears everybody
    finally:
        listener.forget()


def start_listener(stop: Event) -> Thread:
    """Listen beside the web server that takes the sound."""
    thread = Thread(target=listen_until, args=(stop,), name="holdspace-listener", daemon=True)
    thread.start()
    return thread
