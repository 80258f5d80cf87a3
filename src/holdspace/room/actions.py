"""Verbs of a session: start, jot, take what was said, ask for a draft."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.doorway import check_on, read_transcript, transcript_of
from holdspace.assist.rules import DRAFTING, HEARING
from holdspace.consent.queries import who_is_missing
from holdspace.engines.transcript import Transcript
from holdspace.errors import (
    AlreadyRunning,
    AlreadySigned,
    BadInput,
    ConsentMissing,
    Destroyed,
    EngineFailed,
    HoldspaceError,
    NothingToDraft,
    SwitchedOff,
    Unavailable,
)
from holdspace.room import live_audio, waiting_audio
from holdspace.room.models import Capture, DraftRun, HeardPiece, HeardSession, Session
from holdspace.room.pieces import opened
from holdspace.room.queries import capture as capture_of
from holdspace.room.queries import heard_from, transcript
from holdspace.room.rules import (
    AT_WORK,
    BROWSER_GONE,
    DONE,
    DRAFT,
    ENDED,
    ENDING,
    FAILED,
    GOING,
    HEAR,
    LIVE,
    LONGEST_S,
    MOST_TRIES,
    OFF,
    PAUSED,
    QUEUED,
    STRIKES,
    as_values,
    identity,
    swapped,
)
from holdspace.room.rules import DRAFTING as DRAFTING_NOW
from holdspace.room.rules import HEARING as HEARING_NOW
from holdspace.room.waiting_audio import PLACE
from holdspace.schedule.models import Appointment
from holdspace.vault.envelope import seal
from holdspace.vault.fields import as_bytes
from holdspace.vault.session_keys import destroy_key, has_key, make_key


@action("session.start")
def start_session(actor: Actor, appointment: Appointment) -> Session:  # noqa: ARG001  # the gate reads the actor
    """Begin the session of an appointment, or give the one that has begun. Its times are the booked ones at first."""
    session, _ = Session.objects.get_or_create(
        appointment=appointment,
        defaults={
            "client": appointment.client,
            "clinician": appointment.clinician,
            "started_at": appointment.start,
            "ended_at": appointment.end,
        },
    )
    return session


@action("session.jot")
def save_jottings(actor: Actor, session: Session, *, text: str) -> Session:  # noqa: ARG001  # the gate reads it
    """Keep what she jotted, as it is."""
    _check_open(session)
    session.jottings = text
    session.save(update_fields=["jottings"])
    return session


@action("session.jot")
def set_times(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    session: Session,
    *,
    started_at: datetime,
    ended_at: datetime,
) -> Session:
    """The minute it really began and ended; payers ask for both."""
    _check_open(session)
    session.started_at, session.ended_at = started_at, ended_at
    session.save(update_fields=["started_at", "ended_at"])
    return session


@action("session.hear")
def accept_transcript(actor: Actor, session: Session, *, data: bytes, filename: str) -> HeardSession:
    """Take a typed transcript or session file. Raises NotASession, ConsentMissing, AlreadyRunning."""
    _check_may_hear(actor, session)
    return _keep(session, read_transcript(data, filename), source="transcript")


@action("session.hear")
def accept_audio(actor: Actor, session: Session, *, data: bytes) -> DraftRun:
    """Take a recording into memory, to be heard by this process. Raises ConsentMissing, SwitchedOff, AlreadyRunning."""
    _check_may_hear(actor, session)
    check_on(actor, HEARING, session.around())
    run = _begin(session, kind=HEAR, place=waiting_audio.PLACE)
    transaction.on_commit(partial(waiting_audio.put, run.pk, data))
    return run


@action("session.hear")
def begin_capture(actor: Actor, session: Session, *, mode: str, note_format: str, token: str) -> Capture:
    """Begin to hear a session as it happens, or go on with it in this browser.

    Raises ConsentMissing, SwitchedOff, and AlreadyRunning while another browser hears it.
    """
    _check_may_hear(actor, session)
    check_on(actor, HEARING, session.around())
    if mode not in live_audio.CHANNELS:
        raise BadInput("A session is heard in the room or on a call.")
    going = capture_of(actor, session)
    if going is None:
        try:
            with transaction.atomic():
                going = Capture.objects.create(
                    session=session, mode=mode, note_format=note_format, token=token, place=PLACE
                )
        except IntegrityError:
            raise _heard_elsewhere() from None
    elif going.token != token and timezone.now() - going.told_at < BROWSER_GONE:
        raise _heard_elsewhere()
    if going.state == ENDING:
        raise AlreadyRunning("This session was just ended.", then="Wait for its draft.")
    take_over_capture(actor, going, token=token)
    return going


@action("session.hear")
def take_over_capture(actor: Actor, capture: Capture, *, token: str) -> Capture:  # noqa: ARG001  # the gate reads it
    """Hear it in this process and from this browser: sound after `heard` is asked for again."""
    capture.token, capture.place, capture.told_at = token, PLACE, timezone.now()
    capture.save(update_fields=["token", "place", "told_at"])
    if not live_audio.is_here(capture.pk, PLACE):
        live_audio.open_line(capture.pk, heard=capture.heard)
    return capture


@action("session.hear")
def set_capture(actor: Actor, capture: Capture, *, state: str) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """Pause, go off the record, go on, or end."""
    if state not in (LIVE, PAUSED, OFF, ENDING):
        raise BadInput("A session is heard, paused, off the record or ended.")
    Capture.objects.filter(pk=capture.pk, state__in=(LIVE, PAUSED, OFF)).update(state=state)
    capture.refresh_from_db()
    return capture


@action("session.hear")
def strike_last(actor: Actor, capture: Capture, *, minutes: int) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """Take the last minutes off the record too: what was understood of them is deleted, what waits is overwritten."""
    if minutes not in STRIKES:
        raise BadInput("The last minute or the last five can be taken out.")
    until = live_audio.received(capture.pk) or capture.heard
    HeardPiece.objects.filter(capture=capture, end_s__gt=until - 60 * minutes).delete()
    Capture.objects.filter(pk=capture.pk).update(heard=until, strikes=F("strikes") + 1)
    live_audio.open_line(capture.pk, heard=until)
    capture.refresh_from_db()
    return capture


@action("session.hear")
def skip_lost(actor: Actor, capture: Capture, *, until: int) -> Capture:  # noqa: ARG001  # the gate reads the actor
    """Go on from a later second: those before it are nowhere any more. They are counted, and said."""
    missing = until - live_audio.received(capture.pk)
    if not 0 < missing <= LONGEST_S:
        raise BadInput("There is nothing to skip.")
    Capture.objects.filter(pk=capture.pk).update(
        heard=until, lost=F("lost") + missing, strikes=F("strikes") + 1
    )
    live_audio.open_line(capture.pk, heard=until)
    capture.refresh_from_db()
    return capture


@action("session.work")
def finish_capture(actor: Actor, capture: Capture, *, language: str, why: str = "") -> DraftRun | None:
    """The capture is over: its pieces become the transcript, and a draft is asked for where drafting is on."""
    session = capture.session
    Capture.objects.filter(pk=capture.pk).update(state=ENDED, ended_why=why)
    live_audio.close_line(capture.pk)
    pieces, duration_s = opened(session.pk)
    if not pieces:
        return None
    is_call = capture.mode == "call"
    heard = transcript_of(pieces, language=language, duration_s=duration_s, is_call=is_call)
    _keep(session, heard, source="recording")
    try:
        check_on(actor, DRAFTING, session.around())
        return _begin(session, kind=DRAFT, note_format=capture.note_format)
    except (SwitchedOff, AlreadyRunning):
        return None


def _heard_elsewhere() -> AlreadyRunning:
    return AlreadyRunning(
        "This session is being heard in another browser.",
        then="End it there, or close that page and wait a moment.",
    )


@action("session.hear")
def swap_speakers(actor: Actor, session: Session) -> DraftRun | None:
    """Who was taken for the therapist is the client, and the other way round. A draft made before is made anew.

    A draft she has worked on stays as it is; the run then says so.
    """
    _check_open(session)
    said = transcript(actor, session)
    if said is None:
        raise NothingToDraft("Nothing was heard in this session.")
    kept = HeardSession.objects.get(session=session)
    _keep(session, swapped(said), source=kept.source)
    drafted = DraftRun.objects.filter(session=session, kind=DRAFT, state=DONE).order_by("-made_at").first()
    return _begin(session, kind=DRAFT, note_format=drafted.note_format) if drafted else None


@action("session.draft")
def request_draft(actor: Actor, session: Session, *, note_format: str) -> DraftRun:
    """Ask for a draft; a worker makes it. Raises AlreadyRunning, NothingToDraft, SwitchedOff."""
    _check_open(session)
    check_on(actor, DRAFTING, session.around())
    if heard_from(actor, session) is None and not session.jottings.strip():
        raise NothingToDraft(
            "There is nothing to draft from yet.", then="Give a recording, a transcript, or jottings."
        )
    return _begin(session, kind=DRAFT, note_format=note_format)


@action("session.work")
def keep_transcript(actor: Actor, session: Session, *, heard: Transcript) -> HeardSession:  # noqa: ARG001
    """Keep what the ear heard, sealed under the session's own key."""
    _check_open(session)
    return _keep(session, heard, source="recording")


@action("session.work")
def claim_run(actor: Actor, run: DraftRun) -> bool:  # noqa: ARG001  # the gate reads the actor
    """Take a waiting run to work on it. False if another worker took it first."""
    at_work = HEARING_NOW if run.kind == HEAR else DRAFTING_NOW
    return bool(
        DraftRun.objects.filter(pk=run.pk, state=QUEUED).update(
            state=at_work, tries=F("tries") + 1, heartbeat_at=timezone.now()
        )
    )


@action("session.work")
def finish_run(actor: Actor, run: DraftRun) -> None:  # noqa: ARG001  # the gate reads the actor
    """The run did what it was for."""
    DraftRun.objects.filter(pk=run.pk).update(state=DONE, step="", fraction=1.0)


@action("session.work")
def fail_run(actor: Actor, run: DraftRun, *, error: HoldspaceError) -> None:  # noqa: ARG001
    """The run ended with an error, which the page shows. Errors carry no clinical words."""
    waiting_audio.drop(run.pk)
    DraftRun.objects.filter(pk=run.pk).update(
        state=FAILED,
        error_code=error.code,
        error_what=error.what[:300],
        error_kept=error.kept[:300],
        error_then=error.then[:300],
    )


@action("session.work")
def take_up_again(actor: Actor, run: DraftRun) -> bool:
    """A run whose worker went silent: wait anew, or fail where its recording went with the process."""
    if run.kind == HEAR:
        fail_run(actor, run, error=_LOST_RECORDING)
        return False
    if run.tries >= MOST_TRIES:
        fail_run(actor, run, error=_GAVE_UP)
        return False
    return bool(
        DraftRun.objects.filter(pk=run.pk, state__in=AT_WORK, heartbeat_at=run.heartbeat_at).update(
            state=QUEUED, task_id="", step="Taken up again"
        )
    )


@action("transcript.destroy")
def destroy_transcript(actor: Actor, session: Session) -> bool:  # noqa: ARG001  # the gate reads the actor
    """Make what was said unrecoverable: its key, then its bytes. Whether there was anything."""
    return _destroy(session)


@action("session.close")
def close_session(actor: Actor, session: Session) -> None:  # noqa: ARG001  # the gate reads the actor
    """Its note is signed: nothing about the session changes any more, and what was heard is destroyed."""
    session.is_closed = True
    session.save(update_fields=["is_closed"])
    DraftRun.objects.filter(session=session, state__in=GOING).update(
        state=FAILED, error_code="already-signed"
    )
    _destroy(session)


_LOST_RECORDING = Unavailable(
    "Holdspace stopped while it heard the recording, which was only in memory.",
    kept="Your jottings are kept.",
    then="Give the recording again.",
)
_GAVE_UP = EngineFailed(
    "Drafting stopped three times without finishing.",
    kept="The transcript and your jottings are kept.",
    then="Run `holdspace doctor`, then try again.",
)


def _check_open(session: Session) -> None:
    if Session.objects.filter(pk=session.pk, is_closed=True).exists():
        raise AlreadySigned("This session's note is signed.", then="Add an addendum to the note.")


def _check_may_hear(actor: Actor, session: Session) -> None:
    _check_open(session)
    if missing := who_is_missing(actor, session.client):
        raise ConsentMissing(
            f"No consent to transcription is recorded for: {', '.join(missing)}.",
            then="Record the consent on the client's page first.",
        )
    if DraftRun.objects.filter(session=session, state__in=GOING).exists():
        raise AlreadyRunning("A draft of this session is being made already.", then="Wait for it to finish.")


def _destroy(session: Session) -> bool:
    HeardSession.objects.filter(session=session).delete()
    HeardPiece.objects.filter(capture__session=session).delete()
    return destroy_key(session.pk)


def _keep(session: Session, heard: Transcript, *, source: str) -> HeardSession:
    if HeardSession.objects.filter(session=session).exists() and not has_key(session.pk):
        raise Destroyed("What was heard in this session is destroyed.", kept="The note is kept.")
    sealed = seal(make_key(session.pk), as_bytes(as_values(heard)), identity=identity(session.pk))
    kept, _ = HeardSession.objects.update_or_create(
        session=session,
        defaults={"source": source, "turn_count": len(heard.turns), "sealed": sealed},
    )
    return kept


def _begin(session: Session, **what: str) -> DraftRun:
    try:
        with transaction.atomic():
            return DraftRun.objects.create(session=session, **what)
    except IntegrityError:
        raise AlreadyRunning(
            "A draft of this session is being made already.", then="Wait for it to finish."
        ) from None
