"""What drafting gives: sentences tied to evidence, questions, and what was left out. The second shared vocabulary.

`as_json` writes the public contract of `holdspace draft --json`, stable from version 0.1 on
(docs/reference/json-contract.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypedDict

Origin = Literal["session", "jottings", "plan", "record"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a sentence stands on. `turn` is the turn's index, or None for jottings, plan and record."""

    turn: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft. `doubt` says in plain words why the clinician should look twice, or is None."""

    text: str
    origin: Origin
    evidence: tuple[Evidence, ...]
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of the note (`Subjective`, `Data`, …) in the order of its format."""

    name: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the clinician can settle, with what raised it."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something said that the draft does not carry, and why. `sentence` puts it back in one step."""

    reason: str
    evidence: tuple[Evidence, ...]
    section: str = ""
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole draft: what it says, what it asks, what it leaves out."""

    format: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def words(self) -> int:
        """Words in the note's sentences, questions not counted."""
        return sum(len(s.text.split()) for section in self.sections for s in section.sentences)


class EvidenceJson(TypedDict):
    turn: int | None
    quote: str


class SentenceJson(TypedDict):
    text: str
    origin: Origin
    evidence: list[EvidenceJson]
    doubt: str | None


class SectionJson(TypedDict):
    name: str
    sentences: list[SentenceJson]


class QuestionJson(TypedDict):
    text: str
    evidence: list[EvidenceJson]


class LeftOutJson(TypedDict):
    reason: str
    evidence: list[EvidenceJson]


class WordFlagJson(TypedDict):
    """A word to look at twice. `sentence` is the index in its section, `start` and `end` are places in its text."""

    section: str
    sentence: int
    start: int
    end: int
    term: str
    reason: str
    alternative: str
    source: str


class DraftJson(TypedDict):
    """The contract: field names and meanings do not change."""

    format: str
    sections: list[SectionJson]
    questions: list[QuestionJson]
    left_out: list[LeftOutJson]
    word_flags: list[WordFlagJson]
    words: int
    seconds: float


def as_json(draft: Draft, *, seconds: float, word_flags: Iterable[WordFlagJson]) -> DraftJson:
    """Write a draft in the public contract; `seconds` is how long drafting took, `word_flags` are `bias.flags_in`."""
    return DraftJson(
        format=draft.format,
        sections=[
            SectionJson(
                name=section.name,
                sentences=[
                    SentenceJson(
                        text=s.text, origin=s.origin, evidence=_evidence_json(s.evidence), doubt=s.doubt
                    )
                    for s in section.sentences
                ],
            )
            for section in draft.sections
        ],
        questions=[QuestionJson(text=q.text, evidence=_evidence_json(q.evidence)) for q in draft.questions],
        left_out=[LeftOutJson(reason=o.reason, evidence=_evidence_json(o.evidence)) for o in draft.left_out],
        word_flags=list(word_flags),
        words=draft.words,
        seconds=round(seconds, 3),
    )


def _evidence_json(evidence: tuple[Evidence, ...]) -> list[EvidenceJson]:
    return [EvidenceJson(turn=e.turn, quote=e.quote) for e in evidence]
