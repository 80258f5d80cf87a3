"""Whisper through faster-whisper (MIT): int8 weights, greedy decoding, word times and probabilities.

Greedy because a beam of 5 gains nothing worth its cost here (measured: 0.10 against 0.17 CPU seconds a
second). Nothing is carried from one stretch to the next: a mistake, or an invented phrase, cannot spread.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment
from faster_whisper.transcribe import Word as PieceOfWord
from numpy.typing import NDArray

from holdspace.engines.speech.port import RATE, Heard, Samples
from holdspace.engines.transcript import Word
from holdspace.errors import EngineFailed, WeightsDamaged

PROMPT_WORDS = 60
"""Words to expect that fit in Whisper's prompt beside the text itself."""
MOST_TOKENS = 224
"""Half of Whisper's window, its own limit for text; a loop ends there."""
MOST_SQUEEZED = 2.4
"""Text that compresses better than this is a loop (OpenAI's own threshold)."""

FRAMES_PER_S = 100
WINDOW = 3000
"""Frames Whisper was trained to look at: 30 s, whatever is in them."""
NARROWEST_S, ROOM_S = 10.0, 3.0
"""A short stretch is looked at in a window of at least this, with this much room behind it: encoding 30 s for each
sentence takes twice the processor for the same words (measured on the sample session, 4.6 % wrong against 4 to 6)."""


class WhisperRecogniser:
    """The recogniser Holdspace ships. `folder` holds CTranslate2 weights; `threads` 0: it decides."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        try:
            self._model = _NarrowWhisper(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise WeightsDamaged(
                "The speech model could not be loaded.", then="Run `holdspace models pull whisper-base`."
            ) from error
        self._english_only = not self._model.model.is_multilingual

    def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
        """Hear one stretch of at most 30 s."""
        # A language is told by the whole window; a known one needs no more than the sound itself.
        self._model.frames = frames_for(len(samples)) if language else WINDOW
        try:
            segments, info = self._model.transcribe(
                samples,
                language="en" if self._english_only else language or None,
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                initial_prompt=prompt_of(vocabulary),
                word_timestamps=True,
                without_timestamps=True,
                max_new_tokens=MOST_TOKENS,
                vad_filter=False,
            )
            words = _words(segments)
        except RuntimeError as error:
            raise EngineFailed(
                "The speech engine stopped.", then="Try again; if it happens again, run `holdspace doctor`."
            ) from error
        return Heard(words, info.language, info.language_probability)


class _NarrowWhisper(WhisperModel):  # type: ignore[misc]  # faster-whisper has no types
    """Whisper that looks at as much of its window as it is told to."""

    frames = WINDOW

    def encode(self, features: NDArray[np.float32]) -> StorageView:
        """Encode the first `frames` of the window; what is cut off is padding."""
        return super().encode(features[..., : self.frames])


def frames_for(samples: int) -> int:
    """How much of Whisper's window a stretch of so many samples needs, in frames of 10 ms."""
    wanted_s = max(NARROWEST_S, samples / RATE + ROOM_S)
    return min(WINDOW, round(wanted_s * FRAMES_PER_S))


def prompt_of(vocabulary: Sequence[str]) -> str | None:
    """Words to expect, which Whisper takes for what was said just before. None without any.

    A bare list with commas and a full stop: of six forms tried on the sample session it had the fewest
    wrong words; a sentence around it glued words together, full stops between them began a loop.
    """
    words = list(dict.fromkeys(word.strip() for word in vocabulary if word.strip()))
    return f"{', '.join(words[:PROMPT_WORDS])}." if words else None


def _words(segments: Iterable[Segment]) -> tuple[Word, ...]:
    """Words of all segments but those that go round in circles."""
    words: list[Word] = []
    for segment in segments:
        if segment.compression_ratio > MOST_SQUEEZED:
            continue
        for piece in segment.words or ():
            if words and not piece.word.startswith(" "):
                words[-1] = _joined(words[-1], piece)  # "PHQ" and "-9" are one word
            elif piece.word.strip():
                # numpy's numbers, whatever the types say: plain ones go into JSON and the record
                times = float(piece.start), float(piece.end)
                words.append(Word(piece.word.strip(), *times, float(piece.probability)))
    return tuple(words)


def _joined(word: Word, piece: PieceOfWord) -> Word:
    """A word is no surer than its least sure piece."""
    probability = min(word.probability, float(piece.probability))
    return Word(word.text + piece.word, word.start_s, float(piece.end), probability)
