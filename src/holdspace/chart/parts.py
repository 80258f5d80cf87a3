"""Rows of a note as the plain values pages and paper take. Decides nothing; opens what is sealed."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from holdspace.chart.models import (
    Addendum,
    LeftOutPart,
    NoteQuestion,
    NoteSentence,
    ProgressNote,
    SealedPart,
    Signature,
)
from holdspace.chart.pdf.document import (
    PrintedAddendum,
    PrintedSection,
    PrintedSignature,
    SignedNoteDocument,
)
from holdspace.chart.rules import (
    STRUCK,
    LeftOutInReview,
    QuestionInReview,
    SectionInReview,
    SentenceInReview,
    SignedWords,
)
from holdspace.engines.note import Evidence
from holdspace.errors import Destroyed
from holdspace.schedule.rules import WORDING


def sections_in_review(note: ProgressNote) -> tuple[SectionInReview, ...]:
    """The note's sections in the order of its format, empty ones included."""
    rows = [sentence_in_review(row) for row in note.notesentence_set.order_by("position", "id")]
    return tuple(
        SectionInReview(name, tuple(row for row in rows if row.section == name))
        for name in note.section_names
    )


def sentence_in_review(row: NoteSentence) -> SentenceInReview:
    """A sentence as plain values."""
    return SentenceInReview(
        id=row.pk,
        section=row.section,
        text=row.text,
        drafted=row.drafted,
        origin=row.origin,  # type: ignore[arg-type]  # written from a Sentence's origin
        status=row.status,
        doubt=row.doubt,
        evidence=evidence_of(row),
    )


def question_in_review(row: NoteQuestion) -> QuestionInReview:
    """A question as plain values."""
    return QuestionInReview(row.pk, row.text, row.state, row.answer, evidence_of(row))


def left_out_in_review(row: LeftOutPart) -> LeftOutInReview:
    """Something left out, as plain values. Raises Destroyed once what was heard is."""
    shown: dict[str, Any] = row.shown()
    return LeftOutInReview(
        row.pk, shown["reason"], shown["section"], row.can_return, row.is_back, _evidence(shown["evidence"])
    )


def evidence_of(row: SealedPart) -> tuple[Evidence, ...]:
    """What a part stands on; nothing when nothing was said behind it, or when what was heard is destroyed."""
    try:
        return _evidence(row.shown()["evidence"]) if row.sealed else ()
    except Destroyed:
        return ()


def evidence_values(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    """Evidence as JSON values."""
    return [{"turn": item.turn, "quote": item.quote} for item in evidence]


def signed_words(signature: Signature) -> SignedWords:
    """What was signed, from the signature's own copy."""
    kept = json.loads(signature.content)
    kept["sections"] = tuple((name, tuple(lines)) for name, lines in kept["sections"])
    kept["answers"] = tuple((asked, answer) for asked, answer in kept["answers"])
    lists = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
    return SignedWords(**{**kept, **lists})


def words_to_sign(
    note: ProgressNote, *, credential: str, signed_at: datetime, plan: list[str]
) -> SignedWords:
    """Everything the signature will stand under, from the rows as they are now. `plan` is the objectives' texts."""
    session, client, clinician = note.session, note.client, note.clinician
    sentences = [row for row in note.notesentence_set.order_by("position", "id") if row.status != STRUCK]
    return SignedWords(
        practice=clinician.practice.name,
        address=tuple(clinician.practice.address.splitlines()),
        client=client.name,
        client_born=client.birth_date,
        started_at=session.started_at.isoformat(),
        ended_at=session.ended_at.isoformat(),
        cpt=session.appointment.cpt,
        setting=session.appointment.setting,
        modality=session.appointment.modality,
        attendees=(f"{client.name} (client)", *_others(client.others), f"{clinician.name} (clinician)"),
        diagnoses=tuple(f"{row.code} {row.name}" for row in client.diagnoses.filter(until=None)),
        objectives=tuple(plan),
        format=note.format,
        sections=tuple(
            (name, tuple(row.text for row in sentences if row.section == name)) for name in note.section_names
        ),
        answers=tuple((row.text, row.answer) for row in note.notequestion_set.all() if row.answer),
        who=clinician.name,
        credential=credential,
        signed_at=signed_at.isoformat(),
    )


def printed(
    words: SignedWords, signature: Signature, addenda: list[Addendum], zone: ZoneInfo
) -> SignedNoteDocument:
    """A signed note as paper has it, on the practice's own clock."""
    born = date.fromisoformat(words.client_born) if words.client_born else None
    service = " · ".join(part for part in (words.cpt, WORDING.get(words.cpt, "")) if part)
    return SignedNoteDocument(
        practice=words.practice,
        practice_address=words.address,
        client=words.client,
        client_born=born,
        started_at=datetime.fromisoformat(words.started_at).astimezone(zone),
        ended_at=datetime.fromisoformat(words.ended_at).astimezone(zone),
        service=service or words.modality,
        setting=words.setting,
        attendees=words.attendees,
        diagnoses=words.diagnoses,
        objectives=words.objectives,
        format=words.format,
        sections=_printed_sections(words),
        signature=PrintedSignature(
            signature.who, signature.credential, signature.signed_at.astimezone(zone), signature.sha256
        ),
        addenda=tuple(
            PrintedAddendum(row.who, row.credential, row.at.astimezone(zone), tuple(row.text.splitlines()))
            for row in addenda
        ),
    )


def _printed_sections(words: SignedWords) -> tuple[PrintedSection, ...]:
    sections = [PrintedSection(name, (" ".join(lines),)) for name, lines in words.sections if lines]
    if words.answers:
        answers = tuple(f"{asked} {answer}" for asked, answer in words.answers)
        sections.append(PrintedSection("Clinician’s answers", answers))
    return tuple(sections)


def _others(others: str) -> tuple[str, ...]:
    pairs = (line.partition(":") for line in others.splitlines() if line.strip())
    return tuple(f"{name.strip() or role} ({role.strip()})" for role, _, name in pairs)


def _evidence(values: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["turn"], item["quote"]) for item in values)
