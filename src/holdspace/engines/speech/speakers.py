"""Who speaks when, from one microphone: voices of short windows, split in two by how alike they are.

Windows of about a second inside each span of speech (one label per span instead: right on 6 of 10 turns of
a real conversation; per window: 8 of 10). Two voices are assumed; when the two halves sound alike it is
taken as one person. Labels carry no names: `roles` guesses who is who.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.speech.port import Samples, Span, VoiceReader

WINDOW_S = 1.2
SHORTEST_S = 0.3
ROUNDS = 20
SAME_PERSON = 0.75
"""Cosine of the two halves' mean voices above which they are one person's."""


@dataclass(frozen=True, slots=True)
class Lean:
    """How much a window sounds like the second voice (above 0) rather than the first (below 0)."""

    span: Span
    score: float


def leanings(
    spans: Sequence[Span],
    sound_of: Callable[[Span], Samples],
    reader: VoiceReader,
    done: Callable[[float], None],
) -> tuple[Lean, ...]:
    """A leaning per window, in order; none at all when only one person is heard."""
    windows = [window for span in spans for window in windows_of(span)]
    voices: list[NDArray[np.float32]] = []
    for start in range(0, len(windows), 64):
        part = windows[start : start + 64]
        voices += reader.embed([sound_of(window) for window in part])
        done(min(1.0, (start + 64) / len(windows)))
    if len(voices) < 2:
        return ()
    scores = split(np.stack(voices), np.asarray([window.length_s for window in windows]))
    return (
        tuple(Lean(w, float(s)) for w, s in zip(windows, scores, strict=True)) if scores is not None else ()
    )


def windows_of(span: Span) -> list[Span]:
    """The span in equal windows of about WINDOW_S; a span too short for a voice has none.

    They touch and do not overlap: voices are the dearest part of hearing (0.1 processor seconds a second of
    speech), and twice as many told the sample's speakers apart no better.
    """
    if span.length_s < SHORTEST_S:
        return []
    count = max(1, round(span.length_s / WINDOW_S))
    edges = np.linspace(span.start_s, span.end_s, count + 1).tolist()
    return [Span(start, end) for start, end in pairwise(edges)]


def split(voices: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32] | None:
    """Scores per voice, below 0 for the first of two people; None when there is one.

    Two means on the sphere, begun along the direction in which the voices differ most, so that the same
    recording always gives the same answer. Longer windows count more: their voices are surer.
    """
    spread = voices - np.average(voices, axis=0, weights=weights)
    direction = np.linalg.svd(spread * weights[:, None], full_matrices=False)[2][0]
    second = spread @ direction > 0
    for _ in range(ROUNDS):
        if second.all() or not second.any():
            return None
        means = [_mean(voices[side], weights[side]) for side in (~second, second)]
        scores = voices @ (means[1] - means[0])
        moved = scores > 0
        if (moved == second).all():
            break
        second = moved
    return None if float(means[0] @ means[1]) > SAME_PERSON else scores


def _mean(voices: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    mean = np.average(voices, axis=0, weights=weights)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
