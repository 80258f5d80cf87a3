"""The three things speech needs from outside, each a port of one method. Anything that has the method will
do.

A recogniser hears words, an activity reader finds where somebody speaks, a voice reader turns a second or
so of speech into numbers that are alike for one voice. All take samples at 16 kHz, one channel, float32
from -1 to 1. None retries, repairs or keeps anything; `hear` decides what to do with what they give.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.transcript import Word

RATE = 16_000
"""Samples per second everywhere under this folder."""

Samples = NDArray[np.float32]
Voice = NDArray[np.float32]
"""A voice as a vector of length 1: the closer two of them point, the likelier they are one person."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of one stretch, timed from its beginning, and the language (ISO 639-1) they were heard in."""

    words: tuple[Word, ...]
    language: str
    confidence: float = 1.0


class Recogniser(Protocol):
    """Hears the words of a stretch of at most 30 s."""

    def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
        """Words with probabilities. `vocabulary` are words to expect; no `language` means: find out."""
        ...


class ActivityReader(Protocol):
    """Finds where somebody speaks."""

    def find(self, blocks: Iterable[Samples]) -> tuple[Span, ...]:
        """Spans of speech, in order and apart, in a recording given as consecutive blocks of any length."""
        ...


class StreamedActivity(Protocol):
    """Says of each window of sound, in order, how likely somebody speaks in it."""

    @property
    def window(self) -> int:
        """Samples of a window."""
        ...

    def probability(self, samples: Samples) -> float:
        """How likely somebody speaks in the next window."""
        ...


class VoiceReader(Protocol):
    """Turns speech into a voice."""

    def embed(self, windows: Sequence[Samples]) -> tuple[Voice, ...]:
        """One voice per window; a window is 0.3 to 3 s of speech of, as far as one can tell, one person."""
        ...
