"""A live ear as the rooms use it: seconds of sound in, understood pieces out as plain values. Made by the doorway."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from holdspace.engines.speech.live import LiveEar, Piece, Windowed, told
from holdspace.engines.speech.port import Span
from holdspace.engines.transcript import Transcript, Word

Values = dict[str, Any]
"""A piece as JSON values: channel, span, words, and voices as lists of numbers."""
DIGITS = 5
"""Decimals of a voice's numbers that are kept; its likeness to another changes by less than 0.0001."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The ear of one session."""

    ear: LiveEar
    channels: int

    @property
    def heard(self) -> int:
        """Whole seconds up to which everything is understood."""
        return int(self.ear.heard_until_s)

    @property
    def language(self) -> str:
        """The language heard most so far."""
        return self.ear.language

    def feed(self, second: bytearray) -> list[Values]:
        """Take a second of samples (16-bit, channels beside each other), which is overwritten."""
        sound = np.frombuffer(second, dtype=np.int16).reshape(-1, self.channels)
        return _as_values(self.ear.feed(sound))

    def finish(self) -> list[Values]:
        """What was still open; afterwards no sample is left."""
        return _as_values(self.ear.finish())


def transcript_of(pieces: Sequence[Values], *, language: str, duration_s: float, is_call: bool) -> Transcript:
    """The turns of a whole session from its pieces."""
    return told(
        [_piece(values) for values in pieces], language=language, duration_s=duration_s, is_call=is_call
    )


def _as_values(pieces: Iterable[Piece]) -> list[Values]:
    return [
        {
            "channel": piece.channel,
            "span": [piece.span.start_s, piece.span.end_s],
            "words": [asdict(word) for word in piece.words],
            "voices": [
                [one.span.start_s, one.span.end_s, [round(float(v), DIGITS) for v in one.voice]]
                for one in piece.voices
            ],
        }
        for piece in pieces
    ]


def _piece(values: Values) -> Piece:
    return Piece(
        values["channel"],
        Span(*values["span"]),
        tuple(Word(**word) for word in values["words"]),
        tuple(
            Windowed(Span(start, end), np.asarray(voice, dtype=np.float32))
            for start, end, voice in values["voices"]
        ),
    )
