"""What speech gives: words, turns and transcripts. One of the two vocabularies every floor may use.

Times are seconds from the start of the session. Speakers are plain labels: `therapist` and `client` when they are
known, other participants by their role (`partner`, `mother`), `speaker 1` and so on when they are not.
"""

from dataclasses import dataclass
from typing import Any, Self

THERAPIST = "therapist"
CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word with the recogniser's own probability (0 to 1)."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One person speaking until another does. `words` is empty when the transcript was typed, not heard.

    `is_doubtful` when the voice does not tell who it was.
    """

    index: int
    speaker: str
    text: str
    start_s: float = 0.0
    end_s: float = 0.0
    words: tuple[Word, ...] = ()
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Seconds of a session that could not be heard, because its sound was gone."""

    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class OffRecordSpan:
    """Turns, first to last inclusive, that the client asked to keep out and the clinician agreed to."""

    first_turn: int
    last_turn: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole session as heard. `language` is an ISO 639-1 code, or empty when nobody measured it."""

    turns: tuple[Turn, ...]
    language: str = ""
    duration_s: float = 0.0
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Self:
        """The transcript back from what `dataclasses.asdict` made of it."""
        return cls(
            turns=tuple(
                Turn(**{**turn, "words": tuple(Word(**word) for word in turn["words"])})
                for turn in values["turns"]
            ),
            language=values["language"],
            duration_s=values["duration_s"],
            gaps=tuple(Gap(**gap) for gap in values.get("gaps", ())),
        )
