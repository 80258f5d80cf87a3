"""Verbs of a session that is heard as it happens, and of a dictation: begin, pause, strike, end."""

from dataclasses import dataclass, replace
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.doorway import check_may_hear_sound, check_on, transcript_of
from holdspace.assist.rules import DRAFTING
from holdspace.assist.speech_process import Voices
from holdspace.audit.log import event_log
from holdspace.consent.actions import invite
from holdspace.engines.transcript import Gap
from holdspace.errors import AlreadyRunning, BadInput, ConsentMissing, Destroyed, SwitchedOff
from holdspace.room import live_audio, waiting_audio
from holdspace.room.keeping import (
    begin_run,
    check_may_hear,
    check_no_run,
    check_open,
    destroy,
    hold,
    keep_heard,
    mark_heard,
)
from holdspace.room.models import Capture, DraftRun, HeardPiece, HeardSession, Session
from holdspace.room.pieces import keep, of_capture
from holdspace.room.queries import capture as capture_of
from holdspace.room.queries import put_together, transcript
from holdspace.room.rules import (
    A_GAP_S,
    BROWSER_GONE,
    CAPTURING,
    CHANNELS,
    CONSENT,
    DICTATION,
    DRAFT,
    ENDED,
    ENDING,
    FAILED,
    GOING,
    HEAR,
    LIVE,
    LONGEST_S,
    MODE_NAMES,
    OFF,
    PAUSED,
    STRIKES,
    gap,
    jotted_below,
)
from holdspace.room.waiting_audio import PLACE
from holdspace.vault.envelope import Tampered
from holdspace.vault.reasons import TAKEN_BACK

log = event_log("room")


@dataclass(frozen=True, slots=True)
class Left:
    """How a page was left: so many seconds had been recorded by then, so many seconds ago."""

    recorded: int
    ago_s: int


_TAKEN_BACK = {
    "error_code": ConsentMissing.code,
    "error_what": "A consent was taken back, so this stopped.",
    "error_kept": "Your jottings are kept. What was heard is destroyed.",
    "error_then": "Draft from your jottings whenever you like.",
}


@action("session.hear")
def begin_capture(
    actor: Actor, session: Session, *, mode: str, note_format: str, token: str, left: Left | None = None
) -> Capture:
    """Begin to hear a session as it happens, or a dictation; or go on with it in this browser, whose page was `left`.

    Raises ConsentMissing (she alone needs nobody's), SwitchedOff, and AlreadyRunning while another browser hears it.
    """
    if mode not in CHANNELS:
        raise BadInput("A session is heard in the room or on a call, or she dictates.")
    if mode == DICTATION:
        check_open(session)
        check_no_run(session)
    else:
        check_may_hear(actor, session)
    check_may_hear_sound(actor, session.around())
    going = capture_of(actor, session)
    if going is None:
        left = None  # that was another one
        code = None if mode == DICTATION else invite(actor, session.client, session_id=session.pk).code
        try:
            with transaction.atomic():
                going = Capture.objects.create(
                    session=session, mode=mode, note_format=note_format, token=token, place=PLACE, code=code
                )
        except IntegrityError:
            raise _heard_elsewhere() from None
    elif not going.is_heard_by(token) and timezone.now() - going.told_at < BROWSER_GONE:
        raise _heard_elsewhere()
    if going.state == ENDING:
        raise AlreadyRunning("This session was just ended.", then="Wait for its draft.")
    if going.mode != mode:  # its seconds have one channel or two, from the first to the last
        raise AlreadyRunning(
            f"{MODE_NAMES[going.mode]} is being heard just now.",
            kept="What was heard so far is kept.",
            then="Go on with that, or end it first.",
        )
    _go_on(actor, going, token, left)
    return going


@action("session.hear")
def take_over_capture(actor: Actor, capture: Capture, *, token: str) -> Capture:  # noqa: ARG001  # the gate reads it
    """Hear it in this process and from this browser: sound after `heard` is asked for again."""
    capture.token, capture.place, capture.told_at = token, PLACE, timezone.now()
    capture.save(update_fields=["token", "place", "told_at"])
    if not live_audio.is_here(capture.pk, PLACE):
        capture.refresh_from_db()  # minutes may have been struck since it was read
        live_audio.open_line(capture.pk, heard=capture.heard, strikes=capture.strikes)
    return capture


@action("session.hear")
def set_capture(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    capture: Capture,
    *,
    state: str,
    total: int | None = None,
    why: str = "",
) -> Capture:
    """Pause, go off the record, go on, or end; at the end `total` is how many seconds the page has heard.

    `why` where a limit ends it, for the page to say.
    """
    if state not in (LIVE, PAUSED, OFF, ENDING) or (total is not None and not 0 <= total <= LONGEST_S + 60):
        raise BadInput("A session is heard, paused, off the record or ended.")
    going = Capture.objects.filter(pk=capture.pk, state__in=(LIVE, PAUSED, OFF))
    if not going.update(state=state, total=total, is_pause_asked=False, ended_why=why) and total is not None:
        # Ended from elsewhere: the page that hears it says how much there is.
        Capture.objects.filter(pk=capture.pk, state=ENDING, total=None).update(total=total)
    capture.refresh_from_db()
    return capture


@action("capture.pause")
def ask_for_pause(actor: Actor, capture: Capture) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """The client asks for a pause: nothing is heard from now on, and the therapist's page says why."""
    Capture.objects.filter(pk=capture.pk, state=LIVE).update(state=PAUSED, is_pause_asked=True)
    capture.refresh_from_db()
    return capture


@action("session.hear")
def strike_last(actor: Actor, capture: Capture, *, minutes: int) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """Take the last minutes off the record too: what was understood of them is deleted, what waits is overwritten."""
    if minutes not in STRIKES:
        raise BadInput("The last minute or the last five can be taken out.")
    until = live_audio.received(capture.pk) or capture.heard
    # The row first: a piece that is being kept just now is either there to be deleted, or refused.
    Capture.objects.filter(pk=capture.pk).update(heard=until, strikes=F("strikes") + 1)
    HeardPiece.objects.filter(capture=capture, end_s__gt=until - 60 * minutes).delete()
    capture.refresh_from_db()
    _open_line_after(capture)
    return capture


@action("session.hear")
def skip_lost(actor: Actor, capture: Capture, *, until: int) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """Go on from a later second: those before it are nowhere any more. They are counted, said, and marked."""
    # What is received but not understood yet goes with the ear that is begun anew, so it counts as lost too.
    heard = Capture.objects.select_for_update().get(pk=capture.pk).heard
    missing = until - heard
    if until <= live_audio.received(capture.pk) or not 0 < missing <= LONGEST_S:
        raise BadInput("There is nothing to skip.")
    keep(capture, [gap(heard, missing)], heard=until)
    Capture.objects.filter(pk=capture.pk).update(lost=F("lost") + missing, strikes=F("strikes") + 1)
    capture.refresh_from_db()
    _open_line_after(capture)
    return capture


@action("session.hear")
def mark_gap(actor: Actor, capture: Capture, *, seconds: int) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """The page could not hear for so long (the computer slept, the microphone was unplugged); its clock stood still."""
    if not 0 < seconds <= LONGEST_S:
        raise BadInput("There is no gap to mark.")
    keep(capture, [gap(live_audio.received(capture.pk), seconds)], heard=0)
    return capture


@action("session.work")
def reopen_capture(actor: Actor, capture: Capture) -> None:  # noqa: ARG001  # the gate reads the actor
    """The speech process died with what it held: the browser is asked for everything not understood yet."""
    now = Capture.objects.select_for_update().get(pk=capture.pk)
    # At once, even if the audit entry cannot be written: the ear is gone, and the next one begins at this second.
    live_audio.open_line(capture.pk, heard=now.heard, strikes=now.strikes)


@action("session.work")
def finish_capture(
    actor: Actor, capture: Capture, *, language: str, why: str = "", until: int = 0
) -> DraftRun | None:
    """The capture is over: its pieces become the transcript, and a draft is asked for where drafting is on.

    `until` is how many seconds there were: those that were never understood are marked. A dictation goes below her
    jottings instead, and nothing else is kept of it.
    """
    hold(capture.session)
    _mark_rest(capture, until)
    going = Capture.objects.filter(pk=capture.pk, state__in=CAPTURING)
    is_ours_to_end = going.update(state=ENDED, ended_why=why or capture.ended_why, code=None)
    transaction.on_commit(partial(live_audio.close_line, capture.pk))  # undone, it can be ended once more
    if not is_ours_to_end:  # a consent was taken back meanwhile: there is nothing to make a transcript of
        return None
    if capture.is_dictation:
        _jot_down(capture)
        return None
    capture.refresh_from_db()
    return _draft_from(actor, capture, language)


@action("transcript.destroy")
def take_back_heard(actor: Actor, session: Session) -> bool:  # noqa: ARG001  # the gate reads the actor
    """A yes was taken back: hearing stops, what is being made of it stops, and what was heard is destroyed.

    Her jottings stay, and so does what she is dictating just now. Whether anything was ever heard since a yes was last
    carried out as taken back: the answer stays the same until `heard_is_gone`, so the draft is found by whoever comes
    next, too.
    """
    hold(session)
    captures = list(Capture.objects.select_for_update().filter(session=session))  # nobody ends them meanwhile
    heard = [capture for capture in captures if not capture.is_dictation]
    for capture in heard:
        if capture.state in CAPTURING:
            Capture.objects.filter(pk=capture.pk).update(state=ENDED, ended_why=CONSENT, code=None)
        live_audio.close_line(capture.pk)
    was_heard = (
        Session.objects.filter(pk=session.pk).exclude(heard_at=None).exists()
        or HeardSession.objects.filter(session=session).exists()
        or HeardPiece.objects.filter(capture__in=heard).exists()
    )
    for run in DraftRun.objects.select_for_update().filter(session=session, state__in=GOING):
        was_heard = was_heard or run.kind == HEAR
        if was_heard:
            waiting_audio.drop(run.pk)
            DraftRun.objects.filter(pk=run.pk).update(state=FAILED, **_TAKEN_BACK)
    if was_heard:
        for capture in captures:
            if capture.is_dictation:
                _jot_down(capture)
        mark_heard(session)
        destroy(session, rule=TAKEN_BACK)
    return was_heard


@action("session.work")
def heard_is_gone(actor: Actor, session: Session) -> None:  # noqa: ARG001  # the gate reads the actor
    """What was heard is destroyed and so is the draft: what is drafted from now on stands on her own words.

    Not where everybody has agreed anew meanwhile and something new is heard.
    """
    Session.objects.filter(pk=session.pk, heard=None).update(heard_at=None)


@action("session.work")
def jot_below(actor: Actor, session: Session, *, text: str) -> None:  # noqa: ARG001  # the gate reads the actor
    """Keep words of hers below her jottings."""
    locked = Session.objects.select_for_update().get(pk=session.pk)
    locked.jottings = jotted_below(locked.jottings, text)
    locked.save(update_fields=["jottings"])


def _jot_down(capture: Capture) -> None:
    session = Session.objects.select_for_update().get(pk=capture.session_id)
    try:
        pieces = of_capture(capture)
    except (
        Destroyed,
        Tampered,
    ) as error:  # the day's key file was lost or damaged: nothing opens them any more
        log("dictation.lost", capture=capture.pk, code=error.code)
        pieces = []
    dictated = transcript_of(pieces, language="", duration_s=0.0, is_call=False, voices=Voices(people=1))
    session.jottings = jotted_below(session.jottings, " ".join(turn.text for turn in dictated.turns))
    session.save(update_fields=["jottings"])
    HeardPiece.objects.filter(capture=capture).delete()


def _mark_rest(capture: Capture, until: int) -> None:
    """What came after the last that was understood, and never will be. Where nothing was, there is nothing to mark."""
    heard = Capture.objects.values_list("heard", flat=True).get(pk=capture.pk)
    if until > heard and HeardPiece.objects.filter(capture=capture).exists():
        keep(capture, [gap(heard, until - heard)], heard=until)


def _draft_from(actor: Actor, capture: Capture, language: str) -> DraftRun | None:
    session, pieces = capture.session, of_capture(capture)
    if not any(values["words"] for values in pieces):
        return None
    gaps = tuple(Gap(values["span"][0], values["gap"]) for values in pieces if "gap" in values)
    heard = replace(put_together(actor, capture, pieces, language=language), gaps=gaps)
    # What was heard before, as she corrected it, stays; it may have been heard another way.
    before = transcript(actor, session)
    keep_heard(session, before.followed_by(heard) if before else heard, source="recording")
    try:
        check_on(actor, DRAFTING, session.around())
        return begin_run(session, kind=DRAFT, note_format=capture.note_format)
    except (SwitchedOff, AlreadyRunning):
        return None


def _go_on(actor: Actor, capture: Capture, token: str, left: Left | None) -> None:
    """Hear it from this page. What was said until it was back, or lay unsent in the one that was left, is marked."""
    away_s = round((timezone.now() - capture.told_at).total_seconds())
    take_over_capture(actor, capture, token=token)
    if (
        left is not None
    ):  # more may be gone than the time since it was last told: what had not been sent by then
        away_s = max(away_s, left.recorded - live_audio.received(capture.pk) + left.ago_s)
    if capture.state == LIVE and away_s >= A_GAP_S:
        capture.missed = min(away_s, LONGEST_S)
        mark_gap(actor, capture, seconds=capture.missed)


def _open_line_after(capture: Capture) -> None:
    """Begin the line anew once it is sure: were the action undone, what waits would be gone and counted nowhere."""
    anew = partial(live_audio.open_line, capture.pk, heard=capture.heard, strikes=capture.strikes)
    transaction.on_commit(anew)


def _heard_elsewhere() -> AlreadyRunning:
    return AlreadyRunning(
        "This session is being heard in another browser.",
        then="End it there, or close that page and wait a moment.",
    )
