"""From words and leanings to turns: phrases first, because people rarely hand over in the middle of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from holdspace.engines.speech.port import Span
from holdspace.engines.speech.speakers import Lean
from holdspace.engines.transcript import Turn, Word

SENTENCE_ENDS = (".", "?", "!", "…")
PAUSE_S = 0.5
"""Silence that ends a phrase."""
UNDECIDED = 0.05
"""A phrase that leans less than this either way belongs to whoever spoke before."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words said in one go by speaker 0 or 1."""

    words: tuple[Word, ...]
    speaker: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def phrases_of(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Cut at sentence ends and pauses."""
    if not words:
        return []
    cuts = [
        number
        for number, (before, after) in enumerate(pairwise(words), start=1)
        if before.text.endswith(SENTENCE_ENDS) or after.start_s - before.end_s > PAUSE_S
    ]
    return [tuple(words[a:b]) for a, b in pairwise([0, *cuts, len(words)])]


def attribute(words: Sequence[Word], leanings: Sequence[Lean]) -> list[Phrase]:
    """Give each phrase to the voice its windows lean to."""
    attributed: list[Phrase] = []
    for phrase in phrases_of(words):
        lean = _lean_of(Span(phrase[0].start_s, phrase[-1].end_s), leanings)
        before = attributed[-1].speaker if attributed else 0
        attributed.append(Phrase(phrase, before if abs(lean) < UNDECIDED else int(lean > 0)))
    return attributed


def in_turns(phrases: Sequence[Phrase], names: Sequence[str]) -> tuple[Turn, ...]:
    """Join each speaker's consecutive phrases; `names` are the labels of speakers 0 and 1."""
    runs: list[list[Phrase]] = []
    for phrase in phrases:
        if runs and runs[-1][0].speaker == phrase.speaker:
            runs[-1].append(phrase)
        else:
            runs.append([phrase])
    return tuple(_turn(index, run, names) for index, run in enumerate(runs))


def _turn(index: int, run: list[Phrase], names: Sequence[str]) -> Turn:
    words = tuple(word for phrase in run for word in phrase.words)
    text = " ".join(phrase.text for phrase in run)
    return Turn(index, names[run[0].speaker], text, words[0].start_s, words[-1].end_s, words)


def _lean_of(span: Span, leanings: Sequence[Lean]) -> float:
    """Mean of the windows over this span, weighted by the square of their share in it: its own count most."""
    total = weight = 0.0
    for lean in leanings:
        shared = min(span.end_s, lean.span.end_s) - max(span.start_s, lean.span.start_s)
        if shared > 0:
            share = (shared / lean.span.length_s) ** 2
            total += share * lean.score
            weight += share
    return total / weight if weight else 0.0
