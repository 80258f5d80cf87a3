"""What speech gives: words, turns and transcripts. One of the two vocabularies every floor may use.

Times are seconds from the start of the session. Speakers are plain labels: `therapist` and `client` when they are
known, other participants by their role (`partner`, `mother`), `speaker 1` and so on when they are not.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Self

THERAPIST = "therapist"
CLIENT = "client"
_UNNAMED = re.compile(r"speaker (\d+)")


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

    def followed_by(self, later: Self) -> Self:
        """This and what was heard after it, as one: turns keep their numbers here and go on counting there.

        Voices of two hearings are not compared: whoever has no name in the later one is taken for nobody of this one.
        """
        unnamed = [int(found[1]) for turn in self.turns if (found := _UNNAMED.fullmatch(turn.speaker))]

        def speaker(name: str) -> str:
            found = _UNNAMED.fullmatch(name)
            return f"speaker {max(unnamed, default=0) + int(found[1])}" if found else name

        turns = tuple(
            replace(
                turn,
                index=len(self.turns) + number,
                speaker=speaker(turn.speaker),
                start_s=turn.start_s + self.duration_s,
                end_s=turn.end_s + self.duration_s,
                words=tuple(
                    replace(word, start_s=word.start_s + self.duration_s, end_s=word.end_s + self.duration_s)
                    for word in turn.words
                ),
            )
            for number, turn in enumerate(later.turns)
        )
        gaps = tuple(replace(gap, start_s=gap.start_s + self.duration_s) for gap in later.gaps)
        return replace(
            self,
            turns=self.turns + turns,
            language=self.language or later.language,
            duration_s=self.duration_s + later.duration_s,
            gaps=self.gaps + gaps,
        )

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
