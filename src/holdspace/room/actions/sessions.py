"""Verbs of a session: start, jot, take what was said, ask for a draft, close."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.doorway import (
    check_is_sound,
    check_may_hear_sound,
    check_on,
    forget_ahead,
    read_transcript,
)
from holdspace.assist.rules import DRAFTING
from holdspace.consent.rules import participants
from holdspace.engines.transcript import THERAPIST, Transcript
from holdspace.errors import AlreadyRunning, BadInput, NothingToDraft
from holdspace.room import waiting_audio
from holdspace.room.keeping import (
    begin_run,
    check_may_hear,
    check_no_run,
    check_not_declined,
    check_open,
    destroy,
    hold,
    keep_heard,
)
from holdspace.room.merging import Merged, merged
from holdspace.room.models import Capture, DraftRun, HeardSession, Session
from holdspace.room.queries import heard_from, transcript
from holdspace.room.rules import CAPTURING, DONE, DRAFT, FAILED, GOING, HAND, HEAR, given_to, renamed, swapped
from holdspace.schedule.models import Appointment
from holdspace.vault.reasons import ASKED, SIGNED


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
def save_jottings(actor: Actor, session: Session, *, text: str, before: str = "") -> Merged:  # noqa: ARG001
    """Keep what she jotted, beside what came to it meanwhile. `before` is what stood on the page she typed it on.

    Another window, or a dictation, may have changed the jottings since: nothing of either is lost.
    """
    locked = Session.objects.select_for_update().get(pk=session.pk)
    check_open(locked)
    kept = merged(before, text, locked.jottings)
    locked.jottings = kept.text
    locked.save(update_fields=["jottings"])
    session.jottings = kept.text
    return kept


@action("session.jot")
def set_times(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    session: Session,
    *,
    started_at: datetime,
    ended_at: datetime,
) -> Session:
    """The minute it really began and ended; payers ask for both."""
    check_open(session)
    session.started_at, session.ended_at = started_at, ended_at
    session.save(update_fields=["started_at", "ended_at"])
    return session


@action("session.hear")
def accept_transcript(actor: Actor, session: Session, *, data: bytes, filename: str) -> HeardSession:
    """Take a typed transcript or session file. Raises NotASession, ConsentMissing, AlreadyRunning."""
    check_may_hear(actor, session)
    return keep_heard(session, read_transcript(data, filename), source="transcript")


@action("session.hear")
def accept_audio(actor: Actor, session: Session, *, data: bytes) -> DraftRun:
    """Take a recording into memory, to be heard by this process.

    Raises ConsentMissing, SwitchedOff, AlreadyRunning, NotAudio.
    """
    check_may_hear(actor, session)
    check_may_hear_sound(actor, session.around())
    check_is_sound(data)
    run = begin_run(session, kind=HEAR, place=waiting_audio.PLACE)
    transaction.on_commit(partial(waiting_audio.put, run.pk, data))
    return run


@action("session.hear")
def swap_speakers(actor: Actor, session: Session) -> DraftRun | None:
    """Who was taken for the therapist is the client, and the other way round."""
    return _corrected(actor, session, swapped)


@action("session.hear")
def name_speakers(actor: Actor, session: Session, *, roles: Mapping[str, str]) -> DraftRun | None:
    """Who each speaker is, for everything they said. Raises BadInput for somebody who does not come."""
    _check_roles(session, roles.values())
    return _corrected(actor, session, lambda said: renamed(said, roles))


@action("session.hear")
def give_turn(actor: Actor, session: Session, *, index: int, role: str) -> DraftRun | None:
    """One turn was somebody else's. Raises BadInput for somebody who does not come."""
    _check_roles(session, [role])
    return _corrected(actor, session, lambda said: given_to(said, index, role))


def _check_roles(session: Session, roles: Iterable[str]) -> None:
    if not set(roles) <= {THERAPIST, *participants(session.client.others)}:
        raise BadInput("Nobody of that role comes to these sessions.")


def _corrected(
    actor: Actor, session: Session, correct: Callable[[Transcript], Transcript]
) -> DraftRun | None:
    """Keep who said what as she says it. A draft made before is renewed: what she decided in it stays."""
    hold(session)
    check_open(session)
    said = transcript(actor, session)
    if said is None:
        raise NothingToDraft("Nothing was heard in this session.")
    corrected = correct(said)
    if corrected == said:
        return None
    keep_heard(session, corrected, source=HeardSession.objects.get(session=session).source)
    drafted = DraftRun.objects.filter(session=session, kind=DRAFT).order_by("-made_at").first()
    if drafted is None:
        return None
    return begin_run(session, kind=DRAFT, note_format=drafted.note_format, renews=True)


@action("session.draft")
def request_draft(actor: Actor, session: Session, *, note_format: str) -> DraftRun:
    """Ask for a draft; a worker makes it. Raises AlreadyRunning, NothingToDraft, SwitchedOff."""
    check_open(session)
    check_on(actor, DRAFTING, session.around())
    if heard_from(actor, session) is None and not session.jottings.strip():
        raise NothingToDraft(
            "There is nothing to draft from yet.", then="Give a recording, a transcript, or jottings."
        )
    return begin_run(session, kind=DRAFT, note_format=note_format)


@action("session.draft")
def begin_by_hand(actor: Actor, session: Session, *, note_format: str) -> DraftRun:  # noqa: ARG001
    """She writes the note of this session herself; no engine is asked. Raises AlreadySigned, AlreadyRunning."""
    check_open(session)
    check_no_run(session)
    return begin_run(session, kind=HAND, note_format=note_format, state=DONE, fraction=1.0)


@action("session.work")
def keep_transcript(actor: Actor, session: Session, *, heard: Transcript) -> HeardSession:
    """Keep what the ear heard, sealed under the session's own key. Raises ConsentMissing, AlreadySigned."""
    check_open(session)
    check_not_declined(actor, session)
    return keep_heard(session, heard, source="recording")


@action("transcript.destroy")
def destroy_transcript(actor: Actor, session: Session, *, rule: str = ASKED) -> bool:  # noqa: ARG001
    """Make what was said unrecoverable: its key, then its bytes. Whether there was anything."""
    return destroy(session, rule=rule)


@action("transcript.destroy")
def destroy_now(actor: Actor, session: Session) -> bool:  # noqa: ARG001  # the gate reads the actor
    """She wants what was heard gone before its time. The draft stays, without its quotes. Raises AlreadyRunning."""
    check_no_run(session)
    if Capture.objects.filter(session=session, state__in=CAPTURING).exists():
        raise AlreadyRunning("This session is being heard just now.", then="End it first.")
    return destroy(session, rule=ASKED)


@action("session.close")
def close_session(actor: Actor, session: Session) -> None:  # noqa: ARG001  # the gate reads the actor
    """Its note is signed: nothing about the session changes any more; what was heard and the draft are destroyed."""
    session.is_closed = True
    session.save(update_fields=["is_closed"])
    DraftRun.objects.filter(session=session, state__in=GOING).update(
        state=FAILED, error_code="already-signed"
    )
    forget_ahead(session.around())
    destroy(session, rule=SIGNED, draft_too=True)
