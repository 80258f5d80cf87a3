"""From words and leanings to turns: phrases first, because people rarely hand over in the middle of one.

phrases_of   cut where a sentence ends or somebody pauses
attribute    the likeliest speakers of all phrases together, by their voices and by how people take turns
in_turns     consecutive phrases of one speaker
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.speech.port import Span
from holdspace.engines.speech.speakers import Lean
from holdspace.engines.transcript import Turn, Word

SENTENCE_ENDS = (".", "?", "!", "…")
PAUSE_S = 0.5
"""Silence that ends a phrase."""
SURENESS = 12.0
"""How much a second of voice counts (nats per cosine) beside who is likely to speak next. Where voices differ as
people's do, it decides alone; where they are alike, or a word is short, the talk helps."""
WORTH_S = (0.3, 1.5)
"""A shorter phrase counts as this much, a longer one as no more."""
ANSWERED, PAUSED, GONE_ON = 1.2, -0.1, -0.4
"""Log-odds that somebody else speaks next: after a question, after a pause, straight after the end of a sentence."""
DOUBTFUL = 0.12
"""A lead below which it is marked, so that she looks at it."""
ITS_OWN = 0.5
"""So is a phrase that fills less than this of any window: the voice measured there is mostly its neighbour's."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words said in one go by one speaker, counted from 0; `is_doubtful` when another may have said them."""

    words: tuple[Word, ...]
    speaker: int
    is_doubtful: bool = False

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


def seams(words: Sequence[Word]) -> list[float]:
    """When one phrase ends and the next begins, in the middle of what lies between."""
    return [(a[-1].end_s + b[0].start_s) / 2 for a, b in pairwise(phrases_of(words))]


def attribute(words: Sequence[Word], leanings: Sequence[Lean]) -> list[Phrase]:
    """Give each phrase to the voice its windows are like, as a talk is likely to go; without windows to speaker 0."""
    phrases = phrases_of(words)
    if not phrases or not leanings:
        return [Phrase(phrase, 0) for phrase in phrases]
    voiced = [_voiced(phrase, leanings) for phrase in phrases]
    path = _likeliest_path(phrases, voiced)
    return [
        Phrase(phrase, speaker, one.is_doubtful or speaker != one.likeliest)
        for phrase, one, speaker in zip(phrases, voiced, path, strict=True)
    ]


def in_turns(phrases: Sequence[Phrase], names: Sequence[str]) -> tuple[Turn, ...]:
    """Join each speaker's consecutive phrases; `names` are the speakers' labels."""
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
    doubtful = sum(len(phrase.words) for phrase in run if phrase.is_doubtful)
    return Turn(
        index,
        names[run[0].speaker],
        text,
        words[0].start_s,
        words[-1].end_s,
        words,
        is_doubtful=2 * doubtful >= len(words),
    )


@dataclass(frozen=True, slots=True)
class _Voiced:
    """How like each speaker a phrase sounds (cosines), and the largest share it has of a window."""

    scores: NDArray[np.float64]
    share: float

    @property
    def likeliest(self) -> int:
        return int(np.argmax(self.scores))

    @property
    def is_doubtful(self) -> bool:
        second, first = np.sort(self.scores)[-2:]
        return bool(first - second < DOUBTFUL or self.share < ITS_OWN)


def _voiced(phrase: Sequence[Word], leanings: Sequence[Lean]) -> _Voiced:
    """A window counts by the square of its share in the phrase: the phrase's own count most."""
    span = Span(phrase[0].start_s, phrase[-1].end_s)
    total = np.zeros(len(leanings[0].scores))
    weight = most = 0.0
    for lean in leanings:
        shared = min(span.end_s, lean.span.end_s) - max(span.start_s, lean.span.start_s)
        if shared > 0:
            share = shared / lean.span.length_s
            total += share**2 * np.asarray(lean.scores)
            weight, most = weight + share**2, max(most, share)
    return _Voiced(total / weight if weight else total, most)


def _likeliest_path(phrases: Sequence[Sequence[Word]], voiced: Sequence[_Voiced]) -> list[int]:
    """The likeliest speakers of all phrases together (Viterbi): by their voices, and by who speaks after whom."""
    heard = [SURENESS * one.scores * _worth_s(phrase) for one, phrase in zip(voiced, phrases, strict=True)]
    best, came_from = heard[0], list[NDArray[np.int64]]()
    for (before, after), here in zip(pairwise(phrases), heard[1:], strict=True):
        change = _change(before[-1], after[0]) / 2
        reached = best[:, None] + np.where(np.eye(len(best), dtype=bool), -change, change)
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + here
    path = [int(best.argmax())]
    for before_it in reversed(came_from):
        path.append(int(before_it[path[-1]]))
    return path[::-1]


def _worth_s(phrase: Sequence[Word]) -> float:
    least, most = WORTH_S
    return min(most, max(least, phrase[-1].end_s - phrase[0].start_s))


def _change(last: Word, first: Word) -> float:
    """Log-odds that somebody else speaks the next phrase."""
    if last.text.endswith("?"):
        return ANSWERED
    return PAUSED if first.start_s - last.end_s > PAUSE_S else GONE_ON
