"""Sounds made on the spot, and toy engines that hear them: what the tests of speech share."""

import io
import wave
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.port import RATE, Heard, Samples, Span, Voice
from holdspace.engines.transcript import Word

LOW_HZ, HIGH_HZ = 150.0, 600.0


def tone(seconds: float, hz: float = LOW_HZ, *, rate: int = RATE, level: float = 0.3) -> NDArray[np.float32]:
    """A steady tone: what a toy speaker says."""
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def silence(seconds: float, *, rate: int = RATE) -> NDArray[np.float32]:
    return np.zeros(round(seconds * rate), dtype=np.float32)


def pcm_of(*channels: NDArray[np.float32]) -> Pcm:
    """A decoded recording."""
    return Pcm((np.stack(channels, axis=1) * 32767).astype(np.int16))


def wav_of(*channels: NDArray[np.float32], rate: int = RATE) -> bytes:
    """A recording as the bytes of a WAV file."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack(channels, axis=1) * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def word(text: str, start_s: float, end_s: float | None = None, probability: float = 0.9) -> Word:
    return Word(text, start_s, start_s + 0.3 if end_s is None else end_s, probability)


class ToneActivity:
    """Takes every tenth of a second that is not silent for speech."""

    def find(self, blocks: Iterable[Samples]) -> tuple[Span, ...]:
        samples = np.concatenate([*blocks, np.zeros(RATE // 10, dtype=np.float32)])
        frames = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
        loud = [False, *(np.abs(frames).max(axis=1) > 0.01).tolist(), False]
        edges = [n for n, (a, b) in enumerate(pairwise(loud)) if a != b]
        return tuple(Span(a / 10, b / 10) for a, b in zip(edges[::2], edges[1::2], strict=True))


class ToneVoices:
    """A voice is how high it is."""

    def embed(self, windows: Sequence[Samples]) -> tuple[Voice, ...]:
        return tuple(self._voice(window) for window in windows)

    def _voice(self, window: Samples) -> Voice:
        crossings = np.count_nonzero(np.diff(np.signbit(window))) / (2 * len(window) / RATE)
        angle = 0.0 if crossings < (LOW_HZ + HIGH_HZ) / 2 else np.pi / 2
        return np.asarray([np.cos(angle), np.sin(angle)], dtype=np.float32)


class ToneRecogniser:
    """Hears a question in every low tone and an answer in every high one, each tone one word."""

    def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:  # noqa: ARG002
        voices = ToneVoices()
        words = []
        for span in ToneActivity().find([samples]):
            piece = samples[round(span.start_s * RATE) : round(span.end_s * RATE)]
            is_low = voices.embed([piece])[0][0] > 0.5
            words.append(Word("Why?" if is_low else "Because.", span.start_s, span.end_s, 0.9))
        return Heard(tuple(words), language or "en")
