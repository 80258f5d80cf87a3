"""From words and leanings to turns: phrases first, because people rarely hand over in the middle of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from holdspace.engines.speech.port import Span
from holdspace.engines.speech.speakers import Lean
from holdspace.engines.transcript import Turn, Word

SENTENCE_ENDS = (".", "?", "!", "…")
PAUSE_S = 0.5
"""Silence that ends a phrase."""
UNDECIDED = 0.05
"""A phrase whose likeliest speaker leads by less than this belongs to whoever spoke before."""
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


def attribute(words: Sequence[Word], leanings: Sequence[Lean]) -> list[Phrase]:
    """Give each phrase to the voice its windows are most like; without windows to speaker 0."""
    attributed: list[Phrase] = []
    for phrase in phrases_of(words):
        speaker, lead, share = _likeliest(Span(phrase[0].start_s, phrase[-1].end_s), leanings)
        if lead < UNDECIDED and attributed:
            speaker = attributed[-1].speaker
        is_doubtful = bool(leanings) and (lead < DOUBTFUL or share < ITS_OWN)
        attributed.append(Phrase(phrase, speaker, is_doubtful))
    return attributed


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


def _likeliest(span: Span, leanings: Sequence[Lean]) -> tuple[int, float, float]:
    """The speaker whose voice is most like this span's, by how much (cosine) before the next, and the span's largest
    share of a window.

    A window counts by the square of its share in the span: the phrase's own count most.
    """
    total: list[float] = []
    weight = most = 0.0
    for lean in leanings:
        shared = min(span.end_s, lean.span.end_s) - max(span.start_s, lean.span.start_s)
        if shared > 0:
            most = max(most, shared / lean.span.length_s)
            share = (shared / lean.span.length_s) ** 2
            total = [
                share * score + before for score, before in zip_longest(lean.scores, total, fillvalue=0.0)
            ]
            weight += share
    if not total:
        return 0, 0.0, 0.0
    first, second = sorted(total, reverse=True)[:2]
    return total.index(first), (first - second) / weight, most
