"""A note under review as its page shows it: the marks in the margin, the counts, the words for each state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.text import slugify

from holdspace.assist.words import Marker, WordFlag
from holdspace.chart.rules import (
    ADDED,
    DRAFTED,
    EDITED,
    KEPT,
    OPEN,
    SET_ASIDE,
    STRUCK,
    LeftOutInReview,
    NoteInReview,
    QuestionInReview,
    SentenceInReview,
)
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import Turn
from holdspace.ui.evidence import Line, Piece, cut, passages

MARKS = {KEPT: "✓", EDITED: "✎", STRUCK: "×", ADDED: "+"}
STANCES = {KEPT: "kept", EDITED: "edited", STRUCK: "struck", ADDED: "added by you"}
HEADINGS = {
    "session": "What this stands on",
    "jottings": "From your jottings",
    "plan": "From the treatment plan",
    "record": "From the record",
}


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """One sentence in its line."""

    id: int
    status: str
    mark: str
    stance: str
    is_hers: bool
    doubt: str
    drafted: str
    pieces: tuple[Piece, ...]
    flags: tuple[WordFlag, ...]

    @property
    def spoken(self) -> str:
        """What a screen reader says after it changed."""
        words = "".join(f" Look at the word “{found.term}”." for found in self.flags)
        return f"{self.stance.capitalize() or 'As drafted'}.{words}"


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section and its lines."""

    name: str
    slug: str
    sentences: tuple[ShownSentence, ...]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question and where it stands."""

    id: int
    text: str
    is_open: bool
    is_set_aside: bool
    answer: str
    quote: str


@dataclass(frozen=True, slots=True)
class ShownLeftOut:
    """Something left out, and whether it can come back."""

    id: int
    quote: str
    reason: str
    can_return: bool
    is_back: bool


@dataclass(frozen=True, slots=True)
class ShownNote:
    """All the review page needs, besides the evidence of the chosen line."""

    id: int
    session_id: int
    client_id: int
    client: str
    started_at: datetime
    ended_at: datetime
    format: str
    credential: str
    sections: tuple[ShownSection, ...]
    questions: tuple[ShownQuestion, ...]
    left_out: tuple[ShownLeftOut, ...]
    total: int
    unseen: int
    struck: int
    open_questions: int
    is_heard: bool
    is_drafted: bool

    @property
    def looked_at(self) -> int:
        """Sentences she kept, changed, struck or wrote."""
        return self.total - self.unseen


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """The panel beside the note."""

    heading: str
    passages: tuple[tuple[Line, ...], ...]
    own_words: tuple[str, ...]
    record_words: tuple[str, ...]
    drafted: str = ""
    flags: tuple[WordFlag, ...] = ()

    @property
    def spoken(self) -> str:
        """What a screen reader says when the panel changes."""
        lines = [line for passage in self.passages for line in passage if not line.is_around]
        words = [f"{line.speaker}: {''.join(text for text, _ in line.pieces)}" for line in lines]
        return " ".join((f"{self.heading}.", *words, *self.own_words, *self.record_words))


def shown_note(note: NoteInReview, mark: Marker) -> ShownNote:
    """The whole note as its page shows it."""
    sentences = [sentence for section in note.sections for sentence in section.sentences]
    return ShownNote(
        id=note.id,
        session_id=note.session_id,
        client_id=note.client_id,
        client=note.client_name,
        started_at=note.started_at,
        ended_at=note.ended_at,
        format=note.format,
        credential=note.credential,
        sections=tuple(
            ShownSection(s.name, slugify(s.name), tuple(shown_sentence(line, mark) for line in s.sentences))
            for s in note.sections
        ),
        questions=tuple(map(shown_question, note.questions)),
        left_out=tuple(map(_left_out, note.left_out)),
        total=len(sentences),
        unseen=sum(sentence.status == DRAFTED for sentence in sentences),
        struck=sum(sentence.status == STRUCK for sentence in sentences),
        open_questions=note.open_questions,
        is_heard=note.is_heard,
        is_drafted=note.is_drafted,
    )


def shown_sentence(sentence: SentenceInReview, mark: Marker) -> ShownSentence:
    """One sentence in its line."""
    flags = _flags(sentence, mark)
    return ShownSentence(
        id=sentence.id,
        status=sentence.status,
        mark=MARKS.get(sentence.status, ""),
        stance=STANCES.get(sentence.status, ""),
        is_hers=sentence.origin == "jottings" or sentence.status == ADDED,
        doubt=sentence.doubt,
        drafted=sentence.drafted if sentence.status == EDITED else "",
        pieces=cut(sentence.text, [(found.start, found.end) for found in flags]),
        flags=flags,
    )


def shown_question(question: QuestionInReview) -> ShownQuestion:
    """One question in its place."""
    return ShownQuestion(
        id=question.id,
        text=question.text,
        is_open=question.state == OPEN,
        is_set_aside=question.state == SET_ASIDE,
        answer=question.answer,
        quote=question.evidence[0].quote if question.evidence else "",
    )


def evidence_of_sentence(sentence: SentenceInReview, turns: Sequence[Turn], mark: Marker) -> ShownEvidence:
    """What a sentence stands on, with the words around it."""
    heading = HEADINGS[sentence.origin]
    if sentence.status == ADDED:
        heading = "You wrote this"
    elif sentence.origin == "session" and not sentence.evidence:
        heading = "What was said here is destroyed, as the schedule asks"
    shown = _evidence(heading, sentence.evidence, turns, sentence.origin)
    drafted = sentence.drafted if sentence.status == EDITED else ""
    return replace(shown, drafted=drafted, flags=_flags(sentence, mark))


def evidence_of_question(question: QuestionInReview, turns: Sequence[Turn]) -> ShownEvidence:
    """What raised a question."""
    return _evidence("What raised this question", question.evidence, turns, "session")


def _evidence(
    heading: str, evidence: tuple[Evidence, ...], turns: Sequence[Turn], origin: str
) -> ShownEvidence:
    elsewhere = tuple(item.quote for item in evidence if item.turn is None)
    return ShownEvidence(
        heading=heading,
        passages=passages(turns, evidence),
        own_words=elsewhere if origin == "jottings" else (),
        record_words=elsewhere if origin != "jottings" else (),
    )


def _flags(sentence: SentenceInReview, mark: Marker) -> tuple[WordFlag, ...]:
    return () if sentence.status == STRUCK else mark(sentence.text)


def _left_out(item: LeftOutInReview) -> ShownLeftOut:
    quote = " … ".join(evidence.quote for evidence in item.evidence)
    return ShownLeftOut(item.id, quote, item.reason, item.can_return, item.is_back)
