"""Reads of the chart, limited to what the actor may see."""

import re
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import allows, opened_to
from holdspace.access.reading import note_reading
from holdspace.access.sight import one, within
from holdspace.assist.queries import voice_kept
from holdspace.assist.voice import FIRST_NAME
from holdspace.chart.ledger import ledger_of
from holdspace.chart.models import (
    Addendum,
    Diagnosis,
    Goal,
    LeftOutPart,
    NoteQuestion,
    NoteSentence,
    ProgressNote,
    PsychotherapyNote,
    SealedPart,
    Signature,
    TreatmentPlan,
)
from holdspace.chart.parts import (
    left_out_in_review,
    printed,
    question_in_review,
    sections_in_review,
    signed_words,
)
from holdspace.chart.pdf.document import SignedNoteDocument
from holdspace.chart.rules import SIGNED, NoteInReview, disclosure_line, sha256_of
from holdspace.consent.disclosed import notice_for
from holdspace.errors import NotAllowed, NotReviewable
from holdspace.people.models import Client
from holdspace.people.queries import practice
from holdspace.room.models import Session
from holdspace.room.queries import session as session_by_id
from holdspace.vault.record_keys import readable
from holdspace.vault.session_keys import has_key

P = TypeVar("P", bound=SealedPart)


def note(actor: Actor, note_id: int) -> ProgressNote:
    """One note, whatever its state, opened by somebody: the log says so."""
    found = one(_notes(actor), note_id)
    note_reading(actor, "note.read", found)
    return found


def note_of(actor: Actor, session: Session) -> ProgressNote | None:
    """The session's note, if there is one."""
    return _notes(actor).filter(session=session).first()


def notes_of(actor: Actor, client: Client) -> list[ProgressNote]:
    """A client's notes, the latest session first."""
    return list(_notes(actor).filter(client=client).order_by("-session__started_at"))


def sentence(actor: Actor, note_id: int, sentence_id: int) -> NoteSentence:
    """One sentence of a note."""
    return one(_parts(actor, note_id, NoteSentence.objects.all()), sentence_id)


def question(actor: Actor, note_id: int, question_id: int) -> NoteQuestion:
    """One question of a note."""
    return one(_parts(actor, note_id, NoteQuestion.objects.all()), question_id)


def left_out(actor: Actor, note_id: int, left_out_id: int) -> LeftOutPart:
    """One thing a note leaves out."""
    return one(_parts(actor, note_id, LeftOutPart.objects.all()), left_out_id)


def note_for_review(actor: Actor, note_id: int) -> NoteInReview:
    """An unsigned note with its evidence, questions and what was left out. Raises NotReviewable once signed."""
    found = note(actor, note_id)
    if found.state == SIGNED:
        raise NotReviewable("This note is signed.", then="Read it, print it, or add an addendum.")
    is_heard = has_key(found.session_id)
    return NoteInReview(
        id=found.pk,
        session_id=found.session_id,
        client_id=found.client_id,
        client_name=found.client.name,
        started_at=found.session.started_at,
        ended_at=found.session.ended_at,
        format=found.format,
        state=found.state,
        credential=found.clinician.credential,
        sections=sections_in_review(found),
        questions=tuple(question_in_review(row) for row in found.notequestion_set.all()),
        left_out=tuple(left_out_in_review(row) for row in found.leftoutpart_set.all()) if is_heard else (),
        is_heard=is_heard,
    )


def signature_of(actor: Actor, note: ProgressNote) -> Signature | None:
    """Who signed the note, or None while nobody has."""
    return Signature.objects.filter(note__in=_notes(actor), note=note).first()


def addenda_of(actor: Actor, note: ProgressNote) -> list[Addendum]:
    """What was added after signing, in order."""
    return list(Addendum.objects.filter(note__in=_notes(actor), note=note).order_by("at"))


def is_intact(actor: Actor, note: ProgressNote) -> bool:
    """Whether what is kept is what was signed, and every addendum what was added."""
    signature = signature_of(actor, note)
    return (
        signature is not None
        and sha256_of(signature.content) == signature.sha256
        and all(sha256_of(addendum.text) == addendum.sha256 for addendum in addenda_of(actor, note))
    )


def printed_note(actor: Actor, note_id: int) -> SignedNoteDocument:
    """A signed note as it was signed, with its addenda, for reading and for paper. Raises NotReviewable if unsigned."""
    found = note(actor, note_id)
    signature = signature_of(actor, found)
    if signature is None:
        raise NotReviewable("This note is not signed yet.", then="Review and sign it first.")
    zone = ZoneInfo(practice(actor).zone)
    document = printed(signed_words(signature), signature, addenda_of(actor, found), zone)
    return replace(
        document,
        disclosure=disclosure_line(ledger_of(actor, found)),
        notice=notice_for(actor, found.client),
    )


def note_text(actor: Actor, note: ProgressNote) -> str:
    """A signed note's words alone, as `Section: sentences`; what her voice is learnt from. Empty while unsigned."""
    signature = signature_of(actor, note)
    if signature is None:
        return ""
    sections = signed_words(signature).sections
    return "\n".join(f"{name}: {' '.join(lines)}" for name, lines in sections if lines)


def voice_samples(actor: Actor, *, clinician_id: int, before: datetime, at_most: int = 12) -> list[str]:
    """The clinician's own signed notes before a moment, the newest first, as her voice is learnt from them.

    Where she started her profile again, only what she signed since. First names of clients are not part of a voice:
    FIRST_NAME stands for each.
    """
    rows = _notes(actor).filter(clinician_id=clinician_id, state=SIGNED, session__started_at__lt=before)
    since = voice_kept(actor, clinician_id).learns_from
    if since is not None:
        rows = rows.filter(signature__signed_at__gt=since)
    newest = rows.order_by("-session__started_at")[:at_most]
    return [_without_first_name(note_text(actor, row), row.client.name) for row in newest]


def prior_text(actor: Actor, session: Session) -> str:
    """The client's last signed note before this session, or nothing."""
    rows = _notes(actor).filter(
        client_id=session.client_id, state=SIGNED, session__started_at__lt=session.started_at
    )
    last = rows.order_by("-session__started_at").first()
    return note_text(actor, last) if last else ""


def goals_of(actor: Actor, client: Client) -> list[Goal]:
    """The goals of the plan in force, each with its objectives prefetched."""
    plan = (
        within(
            actor,
            "plan.read",
            TreatmentPlan.objects.filter(client=client),
            practice="client__practice_id",
            clinician="client__clinician_id",
            client="client_id",
        )
        .order_by("-made_on")
        .first()
    )
    return list(plan.goals.prefetch_related("objectives").order_by("code")) if plan else []


def diagnoses_of(actor: Actor, client: Client) -> list[Diagnosis]:
    """The diagnoses in force."""
    rows = within(
        actor,
        "plan.read",
        Diagnosis.objects.filter(client=client, until=None),
        practice="client__practice_id",
        clinician="client__clinician_id",
        client="client_id",
    )
    return list(rows.order_by("since"))


def session_of_private_note(actor: Actor, session_id: int) -> Session:
    """The session whose private note is hers to write. Everybody else, the owner too, meets no such page."""
    held = session_by_id(actor, session_id)
    if not allows(actor, "psychotherapy.read", held.whereabouts()):
        raise NotAllowed("There is no such record.")
    return held


def private_note(actor: Actor, session: Session) -> PsychotherapyNote | None:
    """Her own psychotherapy note on a session, opened by herself; None while there is none."""
    rows = within(
        actor,
        "psychotherapy.read",
        PsychotherapyNote.objects.filter(session=session),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
    found = rows.first()
    if found is not None:
        note_reading(actor, "psychotherapy.read", found)
    return found


def _without_first_name(text: str, name: str) -> str:
    first = next(iter(name.split()), "")
    return re.sub(rf"\b{re.escape(first)}\b", FIRST_NAME, text) if first else text


def _notes(actor: Actor) -> QuerySet[ProgressNote]:
    """The notes she may read. An emergency opens what was signed, never a draft and its quotes."""
    rows = ProgressNote.objects.select_related("session", "session__clinician", "client", "clinician")
    where = {"practice": "clinician__practice_id", "clinician": "clinician_id"}
    seen = within(actor, "note.read", readable(rows, "client_id"), **where)
    if not opened_to(actor, "note.read"):
        return seen
    return seen | within(actor, "note.read", rows.filter(state=SIGNED), **where, client="client_id")


def _parts(actor: Actor, note_id: int, rows: QuerySet[P]) -> QuerySet[P]:
    return rows.select_related("note", "note__clinician").filter(note__in=_notes(actor), note_id=note_id)
