"""What a signed note's paper says, as plain values. Whoever prints fills it in;

nothing here looks anything up.
"""

from dataclasses import dataclass
from datetime import date, datetime

AI_ASSISTED = (
    "AI assistance: software on the practice’s own computer transcribed the session and proposed a draft. "
    "The clinician reviewed, corrected and signed this note and is responsible for all of it."
)
"""What the practice tells readers (TX SB 1188, UT HB 452, APA 2025);

pass other words, or none, where it must.
"""


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A section's name and its paragraphs, as signed."""

    name: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedSignature:
    """Who signed, with which credential, when (aware, in the practice's zone), and the hash of what was
    signed.
    """

    who: str
    credential: str
    when: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class PrintedAddendum:
    """Words added after signing; the note above them stays as it was."""

    who: str
    credential: str
    when: datetime
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedNoteDocument:
    """One signed progress note. Times are aware and in the practice's own zone;

    an empty value is not printed.
    """

    practice: str
    client: str
    started_at: datetime
    ended_at: datetime
    service: str
    """Code and our own short wording: `90834 · Psychotherapy, 38–52 minutes`."""
    attendees: tuple[str, ...]
    format: str
    sections: tuple[PrintedSection, ...]
    signature: PrintedSignature
    practice_address: tuple[str, ...] = ()
    client_born: date | None = None
    setting: str = ""
    diagnoses: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    addenda: tuple[PrintedAddendum, ...] = ()
    disclosure: str = AI_ASSISTED
    notice: tuple[str, ...] = ()
    """What goes with the copy: the notice of 42 CFR 2.32, its title first, where Part 2 guards the record."""

    @property
    def minutes(self) -> int:
        """Whole minutes from start to stop, which is what a payer counts."""
        return int((self.ended_at - self.started_at).total_seconds() // 60)
