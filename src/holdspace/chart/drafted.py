"""A draft's parts as rows of a note, and a draft made again under the hands of her who reviews it."""

from collections.abc import Iterable, Iterator

from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.parts import evidence_of, evidence_values
from holdspace.chart.rules import DRAFTED, OPEN
from holdspace.engines.note import Draft, LeftOut, Question, Sentence

CHANGED = "Since you said who spoke, the draft no longer says this. Look at it again."


def keep_parts(note: ProgressNote, draft: Draft) -> None:
    """Every sentence, question and left-out part of the draft, in order."""
    for position, (section, sentence) in enumerate(_lines(draft)):
        _keep_sentence(note, section, sentence, position)
    for place, question in enumerate(draft.questions):
        _keep_question(note, question, place)
    for place, left_out in enumerate(draft.left_out):
        _keep_left_out(note, left_out, place)


def renewed(note: ProgressNote, draft: Draft) -> ProgressNote:
    """The note with the new draft's lines, but hers where she decided: kept, changed, struck, written, answered.

    A line of the old draft that she decided on and the new one no longer has is marked, not taken away.
    """
    hers = list(note.notesentence_set.exclude(status=DRAFTED))
    answered = {question.text for question in note.notequestion_set.exclude(state=OPEN)}
    NoteSentence.objects.filter(note=note, status=DRAFTED).delete()
    NoteQuestion.objects.filter(note=note, state=OPEN).delete()
    LeftOutPart.objects.filter(note=note, is_back=False).delete()
    decided = {(row.section, row.drafted): row for row in hers}
    for position, (section, sentence) in enumerate(_lines(draft)):
        if row := decided.pop((section, sentence.text), None):
            row.position = position
            row.save(update_fields=["position"])
        elif not _is_hers_already(sentence, section, hers):
            _keep_sentence(note, section, sentence, position)
    _mark(decided.values())
    for place, question in enumerate(draft.questions):
        if question.text not in answered:
            _keep_question(note, question, place)
    for place, left_out in enumerate(draft.left_out):
        _keep_left_out(note, left_out, place)
    return note


def _mark(hers: Iterable[NoteSentence]) -> None:
    for row in hers:
        if row.drafted and row.origin == "session":  # a struck one too: it may be put back
            row.doubt = row.drafted_doubt = CHANGED
            row.save(update_fields=["doubt", "drafted_doubt"])


def _lines(draft: Draft) -> Iterator[tuple[str, Sentence]]:
    for section in draft.sections:
        for sentence in section.sentences:
            yield section.name, sentence


def _is_hers_already(sentence: Sentence, section: str, hers: list[NoteSentence]) -> bool:
    """Whether she put back or reworded exactly what this line stands on."""
    stands_on = {(item.turn, item.quote) for item in sentence.evidence}
    return any(
        row.section == section and {(item.turn, item.quote) for item in evidence_of(row)} == stands_on
        for row in hers
        if row.text != row.drafted
    )


def _keep_sentence(note: ProgressNote, section: str, sentence: Sentence, position: int) -> None:
    row = NoteSentence(
        note=note,
        position=position,
        section=section,
        text=sentence.text,
        drafted=sentence.text,
        doubt=sentence.doubt or "",
        origin=sentence.origin,
    )
    row.hide({"evidence": evidence_values(sentence.evidence)})
    row.save(force_insert=True)


def _keep_question(note: ProgressNote, question: Question, position: int) -> None:
    row = NoteQuestion(note=note, position=position, text=question.text)
    row.hide({"evidence": evidence_values(question.evidence)})
    row.save(force_insert=True)


def _keep_left_out(note: ProgressNote, left_out: LeftOut, position: int) -> None:
    sentence = left_out.sentence
    row = LeftOutPart(note=note, position=position, can_return=sentence is not None)
    row.hide(
        {
            "reason": left_out.reason,
            "section": left_out.section,
            "evidence": evidence_values(left_out.evidence),
            "sentence": sentence
            and {"text": sentence.text, "origin": sentence.origin, "doubt": sentence.doubt},
        }
    )
    row.save(force_insert=True)
