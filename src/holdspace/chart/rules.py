"""The life of a note, what is signed, and what the program did for it, on plain values. No Django."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from holdspace.assist.model_cards import card
from holdspace.assist.rules import BESIDE, CHECKING, KEEPING_OFF, MARKING, NAMES_OUT, WORDING
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
    is_heard: bool = True
    """Whether what was said behind it can still be read; its time may be over before she signs."""

    @property
    def open_questions(self) -> int:
        """How many questions keep it from being signed."""
        return sum(question.state == OPEN for question in self.questions)

    @property
    def is_drafted(self) -> bool:
        """Whether an engine proposed anything of it; else she writes it by hand."""
        lines = [line for section in self.sections for line in section.sentences]
        return bool(self.questions or self.left_out or any(line.drafted for line in lines))


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


DICTATION = "her dictation"
HEARD = "hearing"
PURPOSES: Mapping[str, str] = {
    "finding speech": "To find where somebody speaks",
    "hearing": "To turn speech into words",
    "telling voices apart": "To tell voices apart",
    "who spoke": "To say who said what",
    "reading ahead": "To read sentences while the session went on",
    "reading sentences": "To read the grammar of sentences",
    "drafting": "To choose and word the sentences of the draft",
    "way of writing": "To word it as the therapist writes",
    WORDING: "To propose better wordings",
    NAMES_OUT: "To take names out before a server is asked",
    MARKING: "To mark words that may judge or wound",
    CHECKING: "To compare a changed sentence with what it stands on",
    KEEPING_OFF: "To show nothing that was off the record beside a sentence",
}


@dataclass(frozen=True, slots=True)
class Used:
    """A model or a set of rules that was used, how often, on what kinds of things, and when first and last."""

    purpose: str
    model: str
    sha256: str
    given: str
    times: int
    first: datetime
    last: datetime

    @property
    def why(self) -> str:
        """What for, in words a client can be shown."""
        return PURPOSES.get(self.purpose, self.purpose.capitalize())

    @property
    def title(self) -> str:
        """Which, as its card calls it."""
        found = card(self.model)
        return found.title if found else self.model

    @property
    def is_beside(self) -> bool:
        """Whether it stands beside the note and puts no word into it."""
        return self.purpose in BESIDE

    @property
    def has_card(self) -> bool:
        """Whether there is a card to read; a server's model has none here."""
        return card(self.model) is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a draft's sentences and questions, what became of each; and of what was marked beside them.

    `marked` is how many words were marked, of which `marks_left` still stand in the note; None where that was not
    counted: no word was marked, or marking was switched off by then. `doubted` are the note's sentences that still
    say "Look twice".
    """

    kept: int = 0
    left: int = 0
    edited: int = 0
    struck: int = 0
    added: int = 0
    put_back: int = 0
    left_out: int = 0
    answered: int = 0
    set_aside: int = 0
    open: int = 0
    marked: int | None = None
    marks_left: int = 0
    doubted: int = 0

    @property
    def proposed(self) -> int:
        """Sentences the program proposed, with those put back from what it had left out."""
        return self.kept + self.left + self.edited + self.struck

    @property
    def as_drafted(self) -> int:
        """Sentences in the note exactly as proposed."""
        return self.kept + self.left

    @property
    def asked(self) -> int:
        """Questions it asked."""
        return self.answered + self.set_aside + self.open

    @property
    def marks_gone(self) -> int:
        """Marked words that stand in the note no more."""
        return (self.marked or 0) - self.marks_left


def marks_in(lines: Iterable[tuple[Counter[str], Counter[str], bool]]) -> tuple[int, int]:
    """How many words were marked in all, and how many of them are left.

    A line is its marked words as drafted, those as it reads now, and whether it is in the note (not struck). A word
    that is in both is one.
    """
    shown, left = 0, 0
    for drafted, now, is_in_note in lines:
        shown += (drafted | now).total()
        left += now.total() if is_in_note else 0
    return shown, left


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole of it. `counts` is None for a note signed before this was kept."""

    used: tuple[Used, ...]
    counts: Counts | None
    frozen_at: datetime | None

    @property
    def is_by_hand(self) -> bool:
        """Whether nothing of the program went into the note, whatever stood beside it."""
        return not self.made_with

    @property
    def made_with(self) -> tuple[Used, ...]:
        """What heard, read or proposed something of the note."""
        return tuple(use for use in self.used if not use.is_beside)

    @property
    def beside(self) -> tuple[Used, ...]:
        """What stood beside the note while she reviewed it."""
        return tuple(use for use in self.used if use.is_beside)

    @property
    def heard(self) -> bool:
        """Whether the session itself was turned into words, not only her dictation."""
        return any(use.purpose == HEARD and use.given != DICTATION for use in self.used)

    @property
    def dictated(self) -> bool:
        """Whether her dictation was."""
        return any(use.purpose == HEARD and use.given == DICTATION for use in self.used)

    @property
    def drafted(self) -> bool:
        """Whether a draft was proposed."""
        return any(use.purpose == "drafting" for use in self.used)

    @property
    def elsewhere(self) -> bool:
        """Whether sound or sentences went to a server."""
        return any(use.purpose in {HEARD, WORDING} and not use.sha256 for use in self.used)


def disclosure_line(ledger: Ledger) -> str:
    """What a printed note tells its readers of the program's part; nothing where it had none.

    TX SB 1188, UT HB 452, NV AB 406, APA 2025: said everywhere, not only where it must be.
    """
    if ledger.is_by_hand:
        return ""
    where = (
        "software of the practice, in part on a server it chose,"
        if ledger.elsewhere
        else "software on the practice’s own computer"
    )
    did = [
        words
        for words, is_so in (
            ("transcribed the session", ledger.heard),
            ("wrote down the clinician’s dictation", ledger.dictated),
            ("proposed a draft", ledger.drafted),
        )
        if is_so
    ] or ["read what was written"]
    told = " and ".join([", ".join(did[:-1]), did[-1]] if len(did) > 1 else did)
    return (
        f"AI assistance: {where} {told}. The clinician reviewed, corrected and signed this note and is responsible "
        "for all of it."
    )
