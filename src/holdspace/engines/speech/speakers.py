"""Who speaks when, from one microphone: voices of short windows, gathered into as many people as there are.

Windows of about a second inside each span of speech (one label per span instead: right on 6 of 10 turns of
a real conversation; per window: 8 of 10). How many people come is known from the record; when two of the voices
sound alike they are taken for one person's. Who is who is told by the therapist's own voice where she gave it
(`whose`), and otherwise guessed from how they talk (`roles`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.speech.port import Samples, Span, Voice, VoiceReader
from holdspace.engines.transcript import Word

WINDOW_S = 1.2
SHORTEST_S = 0.3
ROUNDS = 20
TRIED = 40
"""Windows tried as the beginning of one person more."""
SAME_PERSON = 0.75
"""Cosine of two mean voices above which they are one person's."""
HERS = 0.35
"""Cosine to the voice she gave that the likeliest of the voices must reach to be hers. Thin, as 20 s of enrolment in
another room are (FACTS: 0.43 against 0.51 where 0.45 decides), so it only ever chooses among those who are there."""
LEAD = 0.05
"""By how much it must be likelier than the next."""


@dataclass(frozen=True, slots=True)
class Lean:
    """How alike a window's voice is to each person's, as cosines."""

    span: Span
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Windowed:
    """A second or so of speech in one room, and its voice."""

    span: Span
    voice: Voice


def voices_in(
    spans: Sequence[Span],
    sound_of: Callable[[Span], Samples],
    reader: VoiceReader,
    done: Callable[[float], None],
) -> tuple[Windowed, ...]:
    """A voice per window of the spans, in order."""
    windows = [window for span in spans for window in windows_of(span)]
    voices: list[Windowed] = []
    for start in range(0, len(windows), 64):
        part = windows[start : start + 64]
        embedded = reader.embed([sound_of(window) for window in part])
        voices += [Windowed(window, voice) for window, voice in zip(part, embedded, strict=True)]
        done(min(1.0, (start + 64) / len(windows)))
    return tuple(voices)


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


def parted(spans: Sequence[Span], seams: Sequence[float]) -> list[Span]:
    """The spans, cut where one phrase ends and the next begins: a window there would hear two people.

    No part is shorter than a voice needs.
    """
    parts: list[Span] = []
    for span in spans:
        edges = [span.start_s]
        for seam in seams:
            if edges[-1] + SHORTEST_S <= seam <= span.end_s - SHORTEST_S:
                edges.append(seam)
        parts += [Span(start, end) for start, end in pairwise([*edges, span.end_s])]
    return parts


def under_words(windows: Sequence[Windowed], words: Sequence[Word]) -> list[Windowed]:
    """The windows in which a word was said. A cough or a chair is nobody's voice."""
    if not words:
        return []
    starts = np.sort([word.start_s for word in words])
    ends = np.maximum.accumulate([word.end_s for word in sorted(words, key=lambda word: word.start_s)])
    before = np.searchsorted(starts, [window.span.end_s for window in windows])
    return [
        window
        for window, count in zip(windows, before.tolist(), strict=True)
        if count and ends[count - 1] > window.span.start_s
    ]


def people_in(windows: Sequence[Windowed], most: int) -> NDArray[np.float32] | None:
    """The mean voice of each of at most `most` people, shape (people, numbers); None when one person is heard."""
    if len(windows) < 2 or most < 2:
        return None
    voices = np.stack([window.voice for window in windows])
    weights = np.asarray([window.span.length_s for window in windows])
    means = _gathered(voices, weights, _first_two(voices, weights))
    if means is None:
        return None
    for _ in range(2, most):
        more = _with_another(voices, weights, means)
        if more is None:
            break
        means = more
    return means


def she_and_another(windows: Sequence[Windowed], hers: Voice) -> NDArray[np.float32] | None:
    """Two mean voices, one of them hers, although they are much alike; None when her voice does not tell them apart."""
    if len(windows) < 2:
        return None
    voices = np.stack([window.voice for window in windows])
    weights = np.asarray([window.span.length_s for window in windows])
    likeness = voices @ hers
    likely = likeness >= np.median(likeness)
    if likely.all():
        return None
    halves = np.stack([_mean(voices[side], weights[side]) for side in (likely, ~likely)])
    means = _gathered(voices, weights, halves, same=1.0)
    return means if means is not None and whose(means, hers) is not None else None


def leanings(windows: Sequence[Windowed], means: NDArray[np.float32]) -> tuple[Lean, ...]:
    """How much each window sounds like each person."""
    return tuple(
        Lean(window.span, tuple(float(score) for score in means @ window.voice)) for window in windows
    )


def whose(means: NDArray[np.float32], voice: Voice) -> int | None:
    """Which of the people has this voice; None when none clearly has."""
    likeness = means @ voice
    best = int(np.argmax(likeness))
    others = np.delete(likeness, best)
    is_clear = likeness[best] >= HERS and (not len(others) or likeness[best] - others.max() >= LEAD)
    return best if is_clear else None


def _first_two(voices: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Two means to begin with: the halves on either side of the direction in which the voices differ most.

    No chance in it, so that the same recording always gives the same answer.
    """
    spread = voices - np.average(voices, axis=0, weights=weights)
    direction = np.linalg.svd(spread * weights[:, None], full_matrices=False)[2][0]
    second = spread @ direction > 0
    if second.all() or not second.any():
        return np.stack([_mean(voices, weights)] * 2)
    return np.stack([_mean(voices[side], weights[side]) for side in (~second, second)])


def _with_another(
    voices: NDArray[np.float32], weights: NDArray[np.float64], means: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """One person more: of many windows that could begin them, the one after which all fit best; None when none fits.

    Global k-means (Likas et al. 2003): the window least like those found is a cough as often as it is a person.
    """
    begun = voices[:: max(1, len(voices) // TRIED)]
    gathered = (_gathered(voices, weights, np.vstack([means, voice])) for voice in begun)
    return max(
        (found for found in gathered if found is not None),
        key=lambda found: float(weights @ (voices @ found.T).max(axis=1)),
        default=None,
    )


def _gathered(
    voices: NDArray[np.float32],
    weights: NDArray[np.float64],
    means: NDArray[np.float32],
    same: float = SAME_PERSON,
) -> NDArray[np.float32] | None:
    """Means on the sphere, moved until nobody changes sides; None when two of them are one person's (above `same`).

    Longer windows count more: their voices are surer.
    """
    sides = np.full(len(voices), -1)
    for _ in range(ROUNDS):
        moved = np.argmax(voices @ means.T, axis=1)
        if (moved == sides).all():
            break
        sides = moved
        if len(set(sides.tolist())) < len(means):
            return None
        means = np.stack([_mean(voices[sides == n], weights[sides == n]) for n in range(len(means))])
    alike = means @ means.T
    return None if (alike[np.triu_indices(len(means), 1)] > same).any() else means


def _mean(voices: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    mean = np.average(voices, axis=0, weights=weights)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
