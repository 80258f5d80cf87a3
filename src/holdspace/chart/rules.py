"""The life of a note and what is signed, on plain values. No Django."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from holdspace.engines.note import Evidence, Origin

DRAFT, IN_REVIEW, SIGNED = "draft", "in_review", "signed"
UNSIGNED = (DRAFT, IN_REVIEW)

DRAFTED, KEPT, EDITED, STRUCK, ADDED = "drafted", "kept", "edited", "struck", "added"
"""A sentence: not looked at yet, kept as drafted, in her words, taken out, hers from the start."""

OPEN, ANSWERED, SET_ASIDE = "open", "answered", "set aside"


@dataclass(frozen=True, slots=True)
class SentenceInReview:
    """A sentence as the review shows it. `drafted` is what the draft said, empty when she added it."""

    id: int
    section: str
    text: str
    drafted: str
    origin: Origin
    status: str
    doubt: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SectionInReview:
    """A section and its sentences, in order."""

    name: str
    sentences: tuple[SentenceInReview, ...]


@dataclass(frozen=True, slots=True)
class QuestionInReview:
    """A question only she can settle."""

    id: int
    text: str
    state: str
    answer: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LeftOutInReview:
    """Something said that the draft does not carry. `is_back` once she put it back."""

    id: int
    reason: str
    section: str
    can_return: bool
    is_back: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class NoteInReview:
    """A whole unsigned note with everything the review needs."""

    id: int
    session_id: int
    client_id: int
    client_name: str
    started_at: datetime
    ended_at: datetime
    format: str
    state: str
    credential: str
    sections: tuple[SectionInReview, ...]
    questions: tuple[QuestionInReview, ...]
    left_out: tuple[LeftOutInReview, ...]

    @property
    def open_questions(self) -> int:
        """How many questions keep it from being signed."""
        return sum(question.state == OPEN for question in self.questions)


@dataclass(frozen=True, slots=True)
class SignedWords:
    """What was signed, exactly: the values whose hash the signature carries."""

    practice: str
    address: tuple[str, ...]
    client: str
    client_born: str
    started_at: str
    ended_at: str
    cpt: str
    setting: str
    modality: str
    attendees: tuple[str, ...]
    diagnoses: tuple[str, ...]
    objectives: tuple[str, ...]
    format: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    answers: tuple[tuple[str, str], ...]
    """Questions she answered, with her answers. What she set aside is not part of the note."""
    who: str
    credential: str
    signed_at: str


def canonical(words: object) -> str:
    """One text for the same content: sorted keys, no spaces, Unicode as it is (after RFC 8785)."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """The hash a signature carries."""
    return hashlib.sha256(text.encode()).hexdigest()
