"""Reads of sessions, limited to what the actor may see."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.access.reading import note_reading
from holdspace.access.sight import one, within
from holdspace.assist.doorway import transcript_of
from holdspace.assist.queries import speaking_voice, switched_off_at
from holdspace.assist.rules import VOICE
from holdspace.assist.speech_process import Voices
from holdspace.consent.rules import participants
from holdspace.engines.transcript import Transcript
from holdspace.errors import NotAllowed
from holdspace.people.models import Client
from holdspace.room.models import Capture, DraftRun, HeardSession, Session
from holdspace.room.pieces import of_capture
from holdspace.room.rules import (
    AT_WORK,
    CALL,
    CAPTURING,
    GOING,
    HEAR,
    QUEUED,
    first_words,
    identity,
    is_lost,
)
from holdspace.room.waiting_audio import PLACE
from holdspace.schedule.models import Appointment
from holdspace.vault.envelope import unseal
from holdspace.vault.session_keys import has_key, key_of

Held = Session
"""A session, for those who handle one and touch no models."""
Going = Capture
"""A capture under way, for those who handle one and touch no models."""


def session(actor: Actor, session_id: int) -> Session:
    """One session, opened by somebody: the log says so."""
    found = one(_sessions(actor), session_id)
    note_reading(actor, "session.read", found)
    return found


def session_of(actor: Actor, appointment: Appointment) -> Session | None:
    """The session held in this appointment, if it has begun."""
    return _sessions(actor).filter(appointment=appointment).first()


def sessions_of(actor: Actor, client: Client) -> list[Session]:
    """A client's sessions, the latest first."""
    return list(_sessions(actor).filter(client=client).order_by("-started_at"))


def open_sessions(actor: Actor) -> list[Session]:
    """Her own sessions whose note is not signed yet, the oldest first."""
    return list(
        _sessions(actor).filter(is_closed=False, clinician_id=actor.clinician_id or 0).order_by("started_at")
    )


def all_open_sessions(actor: Actor) -> list[Session]:
    """Every session this person may see whose note is not signed yet, the latest first."""
    return list(_sessions(actor).filter(is_closed=False).order_by("-started_at"))


def latest_run(actor: Actor, session: Session) -> DraftRun | None:
    """The run that is going or was last made for the session."""
    runs = _runs(actor).filter(session=session)
    return runs.filter(state__in=GOING).first() or runs.order_by("-made_at").first()


def run(actor: Actor, run_id: int) -> DraftRun:
    """One run."""
    return one(_runs(actor), run_id)


def waiting_runs(actor: Actor) -> list[DraftRun]:
    """Runs that wait and that no task works on yet, the oldest first."""
    return list(_runs(actor).filter(state=QUEUED, task_id="").order_by("made_at"))


def stopped_runs(actor: Actor, run_ids: Collection[int]) -> list[int]:
    """Those of the runs that are over and done with."""
    return list(_runs(actor).filter(pk__in=run_ids).exclude(state__in=GOING).values_list("pk", flat=True))


def lost_runs(actor: Actor) -> list[DraftRun]:
    """Runs at work whose worker went silent, and recordings that wait in a process that is gone."""
    now = timezone.now()
    at_work = [run for run in _runs(actor).filter(state__in=AT_WORK) if is_lost(run.heartbeat_at, now)]
    orphans = _runs(actor).filter(state=QUEUED, kind=HEAR).exclude(place=PLACE)
    return at_work + [run for run in orphans if is_lost(run.heartbeat_at or run.made_at, now)]


def capture(actor: Actor, session: Session) -> Capture | None:
    """The capture of a session that is going on, for whoever may hear it."""
    if not allows(actor, "session.hear", session.whereabouts()):
        raise NotAllowed("There is no such record.")
    return _captures(actor).filter(session=session).first()


def why_ended(actor: Actor, session: Session) -> str:
    """Why the last capture of a session ended: "" where somebody ended it, or there was none."""
    rows = Capture.objects.filter(session=session).order_by("-began_at")
    last = rows.first() if _sessions(actor).filter(pk=session.pk).exists() else None
    return last.ended_why if last else ""


def unsigned_of(actor: Actor, client: Client, *, session_id: int = 0) -> list[Session]:
    """A client's sessions whose note is not signed; one of them where it is named."""
    rows = _sessions(actor).filter(client=client, is_closed=False)
    return list(rows.filter(pk=session_id) if session_id else rows)


def captures(actor: Actor) -> list[Capture]:
    """Captures that are going on, the oldest first."""
    return list(_captures(actor).order_by("began_at"))


def heard_now(actor: Actor) -> list[Capture]:
    """Her own sessions being heard just now, whichever browser hears them."""
    rows = _captures(actor).filter(session__clinician_id=actor.clinician_id or 0)
    return list(rows.order_by("began_at"))


def voices_of(actor: Actor, session: Session) -> Voices:
    """How many people are in the room, and her speaking voice where she gave it and it may be used."""
    people = 1 + len(participants(session.client.others))
    is_known = switched_off_at(actor, VOICE, session.around()) is None
    return Voices(people, speaking_voice(actor, session.clinician_id) if is_known else None)


def going_on(actor: Actor, session: Session) -> str:
    """The state of the capture going on in a session; "" where there is none. For whoever may read the session."""
    return _captures(actor).filter(session=session).values_list("state", flat=True).first() or ""


def heard_from(actor: Actor, session: Session) -> HeardSession | None:
    """What the session was heard from (source, turn_count), while it can still be read; None otherwise."""
    if not _sessions(actor).filter(pk=session.pk).exists() or not has_key(session.pk):
        return None
    return HeardSession.objects.filter(session=session).first()


def transcript(actor: Actor, session: Session) -> Transcript | None:
    """What was said, or None if nothing was heard. Raises Destroyed when its key is gone, NotAllowed."""
    if not allows(actor, "transcript.read", session.whereabouts()):
        raise NotAllowed("There is no such record.")
    heard = HeardSession.objects.filter(session=session).first()
    if heard is None:
        return None
    note_reading(actor, "transcript.read", session)
    plain = unseal(key_of(session.pk), bytes(heard.sealed), identity=identity(session.pk))
    return Transcript.from_values(json.loads(plain))


def understood_so_far(actor: Actor, session: Session) -> Transcript | None:
    """The turns of what is being heard now, for her who asks to see them; None while nothing is. NotAllowed."""
    going = capture(actor, session)
    if going is None or going.is_dictation:
        return None
    if not allows(actor, "transcript.read", session.whereabouts()):
        raise NotAllowed("There is no such record.")
    note_reading(actor, "transcript.read", session)
    return put_together(actor, going, of_capture(going), language="")


def put_together(
    actor: Actor, capture: Capture, pieces: Sequence[dict[str, Any]], *, language: str
) -> Transcript:
    """The turns of what a capture understood, from its pieces; its gaps are left out."""
    return transcript_of(
        [values for values in pieces if "gap" not in values],
        language=language,
        duration_s=capture.heard,
        is_call=capture.mode == CALL,
        voices=voices_of(actor, capture.session),
    )


def who_began(actor: Actor, session: Session) -> tuple[tuple[str, str], ...]:
    """Each speaker with the first words taken for theirs; nothing for whoever may not read what was said."""
    if not allows(actor, "transcript.read", session.whereabouts()):
        return ()
    said = transcript(actor, session)
    return first_words(said) if said else ()


def _sessions(actor: Actor) -> QuerySet[Session]:
    return within(
        actor,
        "session.read",
        Session.objects.select_related("client", "clinician", "appointment"),
        practice="clinician__practice_id",
        clinician="clinician_id",
        client="client_id",
    )


def _captures(actor: Actor) -> QuerySet[Capture]:
    return within(
        actor,
        "session.read",
        Capture.objects.select_related("session__clinician", "session__client").filter(state__in=CAPTURING),
        practice="session__clinician__practice_id",
        clinician="session__clinician_id",
        client="session__client_id",
    )


def _runs(actor: Actor) -> QuerySet[DraftRun]:
    return within(
        actor,
        "session.read",
        DraftRun.objects.select_related("session", "session__clinician"),
        practice="session__clinician__practice_id",
        clinician="session__clinician_id",
        client="session__client_id",
    )
