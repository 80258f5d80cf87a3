"""Verbs of the chart: keep a draft, review it sentence by sentence, sign it, and add to what is signed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.doorway import doubt_about
from holdspace.assist.queries import section_names
from holdspace.audit.log import event_log
from holdspace.chart.drafted import keep_parts, renewed
from holdspace.chart.held import hold
from holdspace.chart.ledger import freeze, ledger_of
from holdspace.chart.models import (
    Addendum,
    Diagnosis,
    Goal,
    LeftOutPart,
    NoteQuestion,
    NoteSentence,
    Objective,
    ProgressNote,
    PsychotherapyNote,
    Signature,
    TreatmentPlan,
    refuse_if_signed,
)
from holdspace.chart.parts import evidence_of, words_to_sign
from holdspace.chart.pdf.document import SignedNoteDocument
from holdspace.chart.queries import goals_of, printed_note
from holdspace.chart.rules import (
    ADDED,
    ANSWERED,
    DRAFT,
    DRAFTED,
    EDITED,
    IN_REVIEW,
    KEPT,
    OPEN,
    SET_ASIDE,
    SIGNED,
    STRUCK,
    Ledger,
    canonical,
    sha256_of,
)
from holdspace.consent.disclosing import enter_export
from holdspace.consent.disclosure import LEDGER, NOTE
from holdspace.engines.note import Draft
from holdspace.errors import BadInput, Destroyed, NotReviewable, Refused
from holdspace.people.models import Client
from holdspace.room.actions.captures import jot_below
from holdspace.room.actions.sessions import begin_by_hand, close_session
from holdspace.room.models import Session
from holdspace.vault.envelope import Tampered
from holdspace.vault.fields import open_all
from holdspace.vault.reasons import TAKEN_BACK
from holdspace.vault.session_keys import destroy_keys
from holdspace.vault.whose import DRAFT as DRAFT_KEY

log = event_log("chart")


class ReviewBegun(Refused):
    """A new draft would overwrite what she changed."""

    code = "review-begun"


@action("plan.write")
def add_diagnosis(actor: Actor, client: Client, *, code: str, name: str, since: date) -> Diagnosis:  # noqa: ARG001
    """Enter a diagnosis the clinician made."""
    return Diagnosis.objects.create(client=client, code=code, name=name, since=since)


@action("plan.write")
def write_plan(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    client: Client,
    *,
    made_on: date,
    review_on: date,
    goals: Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]],
) -> TreatmentPlan:
    """Write a plan; from now on it is the one in force. A goal is (code, text, objectives of code, text, measure)."""
    plan = TreatmentPlan.objects.create(client=client, made_on=made_on, review_on=review_on)
    for code, text, objectives in goals:
        goal = Goal.objects.create(plan=plan, code=code, text=text)
        for number, aim, measure in objectives:
            Objective.objects.create(goal=goal, code=number, text=aim, measure=measure)
    return plan


@action("note.draft")
def save_draft(actor: Actor, session: Session, *, draft: Draft, renews: bool = False) -> ProgressNote:  # noqa: ARG001
    """Keep a draft as the session's note. An earlier draft nobody worked on is replaced; worked on, it is not.

    A draft that `renews` an earlier one, because who said what was corrected, replaces the lines she has not decided on
    and leaves the others.
    """
    earlier = _worked_on(session)
    if earlier is not None and renews and earlier.format == draft.format:
        return renewed(earlier, draft)
    if earlier is not None:
        raise ReviewBegun(
            "You have begun to review a draft of this session.",
            kept="Your review is kept; the new draft was dropped.",
            then="Finish the review.",
        )
    note = ProgressNote.objects.create(
        session=session,
        client=session.client,
        clinician=session.clinician,
        format=draft.format,
        section_names=[section.name for section in draft.sections],
    )
    keep_parts(note, draft)
    return note


@action("note.write")
def write_note(actor: Actor, session: Session, *, note_format: str) -> ProgressNote:
    """Begin a note by hand: the sections of its format, empty, for her own sentences. No engine, no model.

    The note that is there already, where one is. Raises BadInput, AlreadySigned, AlreadyRunning.
    """
    found = ProgressNote.objects.filter(session=session).first()
    if found is not None:
        refuse_if_signed(found.pk)
        return found
    names = section_names(actor, note_format)
    begin_by_hand(actor, session, note_format=note_format)
    return ProgressNote.objects.create(
        session=session,
        client=session.client,
        clinician=session.clinician,
        format=note_format,
        section_names=names,
        state=IN_REVIEW,
    )


@action("note.destroy")
def destroy_draft(actor: Actor, session: Session, *, rule: str = TAKEN_BACK) -> bool:
    """A consent was taken back, or its time is over: the unsigned draft goes, a signed note stays. Was there a draft?

    What she wrote into it herself stands on nothing that was heard; it goes below her jottings. A line nobody can read
    any more, because the day's key file was lost or damaged, goes with the draft.
    """
    rows = ProgressNote.objects.select_for_update(of=("self",)).filter(session=session)
    note = rows.exclude(state=SIGNED).first()
    if note is None:
        return False
    added = note.notesentence_set.filter(status=ADDED, origin="record")
    answers = note.notequestion_set.filter(state=ANSWERED)
    hers = [_readable(row, "text") for row in added] + [_readable(row, "answer") for row in answers]
    jot_below(actor, session, text="\n".join(filter(None, hers)))
    note.delete()
    destroy_keys([session.pk], rule=rule, kinds=(DRAFT_KEY,))
    return True


@action("note.review")
def begin_review(actor: Actor, note: ProgressNote) -> ProgressNote:  # noqa: ARG001  # the gate reads the actor
    """She has the draft before her. Signing needs this step; nothing skips it."""
    if note.state == DRAFT:
        hold(note)
        note.state = IN_REVIEW
        note.save(update_fields=["state"])
    return note


@action("note.review")
def keep_sentence(actor: Actor, note: ProgressNote, *, sentence: NoteSentence) -> NoteSentence:  # noqa: ARG001
    """She looked at the sentence and keeps it as it is."""
    _of(note, sentence)
    sentence.status = _as_it_reads(sentence)
    sentence.save(update_fields=["status"])
    return sentence


@action("note.review")
def edit_sentence(
    actor: Actor, note: ProgressNote, *, sentence: NoteSentence, text: str, was: str = ""
) -> NoteSentence:
    """Her wording. It is checked against the evidence and marked where nothing supports it; she decides.

    `was` is the sentence she began from. Raises Refused where another window has changed it meanwhile.
    """
    _of(note, sentence)
    if was and was.split() != sentence.text.split():
        raise Refused(
            "This sentence was changed in another window.",
            kept="What you typed is still on this page.",
            then="Copy it, leave the sentence as it was, and edit it again.",
        )
    words = " ".join(text.split())
    if not words:
        raise BadInput("A sentence cannot be empty.", then="Strike it instead.")
    if words != sentence.text:
        if sentence.text == sentence.drafted:
            sentence.drafted_doubt = sentence.doubt
        is_drafts = words == sentence.drafted
        sentence.doubt = sentence.drafted_doubt if is_drafts else _doubt(actor, note, sentence, words)
    sentence.text = words
    sentence.status = _as_it_reads(sentence)
    sentence.save(update_fields=["text", "status", "doubt", "drafted_doubt"])
    return sentence


@action("note.review")
def strike_sentence(actor: Actor, note: ProgressNote, *, sentence: NoteSentence) -> NoteSentence:  # noqa: ARG001
    """Take a sentence out; until signing it can be restored."""
    _of(note, sentence)
    sentence.status = STRUCK
    sentence.save(update_fields=["status"])
    return sentence


@action("note.review")
def restore_sentence(actor: Actor, note: ProgressNote, *, sentence: NoteSentence) -> NoteSentence:  # noqa: ARG001
    """Back to what the draft said, as if never touched; what she added comes back as she wrote it."""
    _of(note, sentence)
    if sentence.drafted and sentence.text != sentence.drafted:
        sentence.text, sentence.doubt = sentence.drafted, sentence.drafted_doubt
    sentence.status = DRAFTED if sentence.drafted else ADDED
    sentence.save(update_fields=["text", "status", "doubt"])
    return sentence


@action("note.review")
def add_sentence(actor: Actor, note: ProgressNote, *, section: str, text: str) -> NoteSentence:  # noqa: ARG001
    """A sentence of her own, at the end of a section."""
    words = " ".join(text.split())
    if section not in note.section_names or not words:
        raise BadInput("That sentence or its section is empty.")
    hold(note)
    return NoteSentence.objects.create(
        note=note,
        position=_end_of(note),
        section=section,
        text=words,
        origin="record",
        status=ADDED,
    )


@action("note.review")
def put_back(actor: Actor, note: ProgressNote, *, left_out: LeftOutPart) -> NoteSentence:  # noqa: ARG001
    """Put something left out into the note, with its evidence."""
    hold(note, left_out)
    if not left_out.can_return or left_out.is_back:
        raise BadInput("There is nothing to put back here.")
    shown = left_out.shown()
    section = shown["section"] if shown["section"] in note.section_names else note.section_names[0]
    sentence = NoteSentence(
        note=note,
        position=_end_of(note),
        section=section,
        text=shown["sentence"]["text"],
        drafted=shown["sentence"]["text"],
        doubt=shown["sentence"]["doubt"] or "",
        origin=shown["sentence"]["origin"],
        status=KEPT,
    )
    sentence.hide({"evidence": shown["evidence"]})
    sentence.save(force_insert=True)
    left_out.is_back = True
    left_out.save(update_fields=["is_back"])
    return sentence


@action("note.review")
def answer_question(actor: Actor, note: ProgressNote, *, question: NoteQuestion, text: str) -> NoteQuestion:  # noqa: ARG001
    """Her answer, which becomes part of the note; an empty one opens the question again."""
    return _settle(note, question, ANSWERED if text.strip() else OPEN, text.strip())


@action("note.review")
def set_question_aside(actor: Actor, note: ProgressNote, *, question: NoteQuestion) -> NoteQuestion:  # noqa: ARG001
    """She looked at the question; nothing about it goes into the note."""
    return _settle(note, question, SET_ASIDE, "")


@action("note.sign")
def sign_note(actor: Actor, note: ProgressNote, *, credential: str) -> ProgressNote:
    """Sign a reviewed note. Afterwards it changes only by addendum (45 CFR 164.312(c)(1)).

    Destroys the key of what was heard. Raises NotReviewable if a question is open or nothing is left to sign,
    AlreadySigned if it was signed meanwhile.
    """
    held = hold(note)
    _check_ready(held, credential)
    _seal_off(actor, held, credential=credential.strip(), signed_at=timezone.now())
    return held


@action("note.bring_in")
def bring_in_note(
    actor: Actor,
    session: Session,
    *,
    note_format: str,
    sections: Sequence[tuple[str, Sequence[str]]],
    signed_at: datetime,
) -> ProgressNote:
    """Take over a note signed elsewhere, as it was. Its signature is dated when it was signed there."""
    note = ProgressNote.objects.create(
        session=session,
        client=session.client,
        clinician=session.clinician,
        format=note_format,
        section_names=[name for name, _ in sections],
        state=IN_REVIEW,
    )
    note.state = SIGNED  # of which the database learns last; its words were never a draft here, and need no draft's key
    lines = [(name, text) for name, texts in sections for text in texts]
    for position, (name, text) in enumerate(lines):
        NoteSentence.objects.create(
            note=note, position=position, section=name, text=text, origin="record", status=ADDED
        )
    _seal_off(actor, note, credential=session.clinician.credential, signed_at=signed_at)
    return note


@action("note.export")
def export_note(actor: Actor, note: ProgressNote, *, to: str = "") -> SignedNoteDocument:
    """A signed note for paper, taken out as a file; that is entered as disclosed. Raises NotReviewable if unsigned."""
    document = printed_note(actor, note.pk)
    enter_export(actor, note.client, kind=NOTE, to=to, about_day=document.started_at.date())
    return document


@action("ledger.export")
def export_ledger(actor: Actor, note: ProgressNote, *, to: str = "") -> Ledger:
    """What the program did for a note, for the client, taken out as a file; that is entered as disclosed."""
    day = note.client.practice.day(note.session.started_at)
    enter_export(actor, note.client, kind=LEDGER, to=to, about_day=day)
    return ledger_of(actor, note)


@action("note.amend")
def add_addendum(actor: Actor, note: ProgressNote, *, text: str, credential: str = "") -> Addendum:
    """Add to a signed note; the note above stays as it was."""
    words = text.strip()
    if not ProgressNote.objects.filter(pk=note.pk, state=SIGNED).exists():
        raise NotReviewable("Only a signed note has addenda.", then="Edit the note instead.")
    if not words:
        raise BadInput("An addendum cannot be empty.")
    return Addendum.objects.create(
        note=note,
        user_id=actor.user_id,
        who=actor.name,
        credential=credential.strip() or note.clinician.credential,
        text=words,
        at=timezone.now(),
        sha256=sha256_of(words),
    )


@action("psychotherapy.write")
def write_private_note(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    session: Session,
    *,
    text: str,
    seen_at: datetime | None,
) -> PsychotherapyNote:
    """Keep her psychotherapy note on a session; `seen_at` is when what she wrote over was written.

    Raises Refused where another window has written meanwhile.
    """
    note = PsychotherapyNote.objects.select_for_update(of=("self",)).filter(session=session).first()
    if note is not None and note.changed_at != seen_at:
        raise Refused(
            "This note was changed in another window.",
            kept="What you typed is still on this page.",
            then="Copy what you added, load the page again, and add it there.",
        )
    if note is None:
        note = PsychotherapyNote(session=session, client=session.client, clinician=session.clinician)
    note.text, note.changed_at = text, timezone.now()
    note.save()
    return note


def _check_ready(note: ProgressNote, credential: str) -> None:
    if note.state != IN_REVIEW:
        raise NotReviewable("This draft was not reviewed yet.", then="Open it and look at each sentence.")
    if NoteQuestion.objects.filter(note=note, state=OPEN).exists():
        raise NotReviewable("A question is still open.", then="Answer it or set it aside.")
    if not NoteSentence.objects.filter(note=note).exclude(status=STRUCK).exists():
        raise NotReviewable("There is nothing left to sign.", then="Restore or add a sentence.")
    if not credential.strip():
        raise BadInput("A signature needs your credential.")


def _seal_off(actor: Actor, note: ProgressNote, *, credential: str, signed_at: datetime) -> None:
    """Write the signature, close the note, and destroy what was heard: in this order, in one transaction."""
    objectives = [
        f"{objective.code} {objective.text}"
        for goal in goals_of(actor, note.client)
        for objective in goal.objectives.all()
    ]
    words = words_to_sign(note, credential=credential, signed_at=signed_at, plan=objectives)
    content = canonical(asdict(words))
    Signature.objects.create(
        note=note,
        user_id=actor.user_id,
        who=words.who,
        credential=credential,
        signed_at=signed_at,
        content=content,
        sha256=sha256_of(content),
    )
    freeze(actor, note, signed_at)
    kept = _without_what_was_not_signed(note)
    note.state = SIGNED
    for part in kept:  # from the draft's key, which goes now, under the client's
        part.save()
    note.save(update_fields=["state"])
    close_session(actor, note.session)


def _without_what_was_not_signed(note: ProgressNote) -> list[NoteSentence | NoteQuestion]:
    """The parts of the note that are signed, open.

    What she struck, first wordings, doubts and questions set aside still tell the session; they go with it.
    """
    note.notesentence_set.filter(status=STRUCK).delete()
    sentences, questions = list(note.notesentence_set.all()), list(note.notequestion_set.all())
    for sentence in sentences:
        open_all(sentence)
        sentence.drafted = sentence.doubt = sentence.drafted_doubt = ""
    for question in questions:
        open_all(question)
        if not question.answer:
            question.delete()
    return [*sentences, *(question for question in questions if question.answer)]


def _worked_on(session: Session) -> ProgressNote | None:
    """The earlier draft, if she has decided on anything in it; one she has not is dropped."""
    earlier = ProgressNote.objects.select_for_update(of=("self",)).filter(session=session).first()
    if earlier is None:
        return None
    refuse_if_signed(earlier.pk)
    is_touched = (
        NoteSentence.objects.filter(note=earlier).exclude(status=DRAFTED).exists()
        or NoteQuestion.objects.filter(note=earlier).exclude(state=OPEN).exists()
    )
    if is_touched:
        return earlier
    earlier.delete()
    return None


def _settle(note: ProgressNote, question: NoteQuestion, state: str, answer: str) -> NoteQuestion:
    hold(note, question)
    question.state, question.answer = state, answer
    question.save(update_fields=["state", "answer"])
    return question


def _readable(part: NoteSentence | NoteQuestion, name: str) -> str:
    """What she wrote there; "" where nothing opens it any more."""
    try:
        return str(getattr(part, name))
    except (Destroyed, Tampered) as error:
        log("line.lost", note=part.note_id, code=error.code)
        return ""


def _doubt(actor: Actor, note: ProgressNote, sentence: NoteSentence, words: str) -> str:
    """Why what the sentence stands on does not support these words; nothing where nobody can say."""
    quotes = tuple(evidence.quote for evidence in evidence_of(sentence))
    return doubt_about(actor, note.session.around(), words, quotes) or "" if quotes else ""


def _as_it_reads(sentence: NoteSentence) -> str:
    """How a sentence stands that is in the note: hers from the start, as drafted, or in her words."""
    if not sentence.drafted:
        return ADDED
    return KEPT if sentence.text == sentence.drafted else EDITED


def _end_of(note: ProgressNote) -> int:
    """The position after every sentence of a note; a renewed draft leaves gaps."""
    last = NoteSentence.objects.filter(note=note).order_by("position").last()
    return last.position + 1 if last else 0


def _of(note: ProgressNote, sentence: NoteSentence) -> None:
    if hold(note, sentence).state == DRAFT:
        raise NotReviewable("The review has not begun.", then="Open the draft first.")
