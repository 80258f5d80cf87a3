"""Speech that nobody wrote down: found, and heard once more on its own.

Greedy Whisper sometimes leaves a sentence out where one stretch ends, and squeezes a word into it. A note
that misses a sentence is as wrong as one that invents one, so a span of speech with hardly a word on it is
heard again.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from holdspace.engines.speech.port import Span
from holdspace.engines.transcript import Word

SHORTEST_S = 0.8
"""Shorter spans without a word are a sigh or "mm"."""
COVERED = 0.5
"""Share of a span that words must cover; people pause, but not for half of what Silero calls speech."""
REACH_S = 0.3
"""What a word covers on both sides, because its times are not exact."""


def fill_holes(
    words: Sequence[Word], spans: Sequence[Span], hear_again: Callable[[Span], Sequence[Word]]
) -> list[Word]:
    """All words, those of each hole replaced by what a second hearing gives (if it gives more)."""
    filled = list(words)
    for hole in holes(words, spans):
        inside = [word for word in filled if _middle(word, hole)]
        again = [word for word in hear_again(hole) if _middle(word, hole)]
        if len(again) > len(inside):
            kept = [word for word in filled if word not in inside]
            filled = sorted([*kept, *again], key=lambda word: word.start_s)
    return filled


def holes(words: Sequence[Word], spans: Sequence[Span]) -> list[Span]:
    """Runs of spans with hardly a word, reaching from the last word before to the first word after."""
    found: list[Span] = []
    for is_bare, run in groupby(spans, key=lambda span: _is_bare(span, words)):
        bare = list(run)
        if is_bare:
            found.append(_widened(Span(bare[0].start_s, bare[-1].end_s), words, spans))
    return found


def _is_bare(span: Span, words: Sequence[Word]) -> bool:
    if span.length_s < SHORTEST_S:
        return False
    near = [Span(w.start_s - REACH_S, w.end_s + REACH_S) for w in words]
    return _shared(span, near) < COVERED * span.length_s


def _shared(span: Span, others: Sequence[Span]) -> float:
    """Seconds of the span that lie under any of the others (which are in order)."""
    covered, reached = 0.0, span.start_s
    for other in others:
        start, end = max(other.start_s, reached), min(other.end_s, span.end_s)
        if end > start:
            covered += end - start
            reached = end
    return covered


def _widened(hole: Span, words: Sequence[Word], spans: Sequence[Span]) -> Span:
    """To the neighbouring words, but not into silence."""
    before = [word.end_s for word in words if word.end_s <= hole.start_s]
    after = [word.start_s for word in words if word.start_s >= hole.end_s]
    start = max([*before[-1:], *(s.end_s for s in spans if s.end_s < hole.start_s)], default=hole.start_s)
    later = [*after[:1], *(s.start_s + s.length_s for s in spans if s.start_s > hole.end_s)]
    return Span(min(start, hole.start_s), max(hole.end_s, min(later, default=hole.end_s)))


def _middle(word: Word, hole: Span) -> bool:
    return hole.start_s <= (word.start_s + word.end_s) / 2 <= hole.end_s
