"""What an ear understood, as plain values that can travel between processes and be sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from holdspace.engines.speech.live import Piece, told
from holdspace.engines.speech.port import Span
from holdspace.engines.speech.speakers import Windowed
from holdspace.engines.speech.who import Company
from holdspace.engines.transcript import Transcript, Word

Values = dict[str, Any]
"""A piece as JSON values: channel, span, words, and voices as lists of numbers."""
DIGITS = 5
"""Decimals of a voice's numbers that are kept; its likeness to another changes by less than 0.0001."""


def as_values(pieces: Iterable[Piece]) -> list[Values]:
    """Pieces as JSON values."""
    return [
        {
            "channel": piece.channel,
            "span": [piece.span.start_s, piece.span.end_s],
            "words": [asdict(word) for word in piece.words],
            "again": piece.again,
            "voices": [[one.span.start_s, one.span.end_s, rounded(one.voice)] for one in piece.voices],
        }
        for piece in pieces
    ]


def rounded(voice: Iterable[float]) -> list[float]:
    """A voice's numbers, as many decimals as matter."""
    return [round(float(value), DIGITS) for value in voice]


def company_of(people: int, therapist: Sequence[float] | None) -> Company:
    """Who is in the room, from plain values."""
    return Company(people, np.asarray(therapist, dtype=np.float32) if therapist else None)


def transcript_of(
    pieces: Sequence[Values],
    *,
    language: str,
    duration_s: float,
    is_call: bool,
    people: int,
    therapist: Sequence[float] | None,
) -> Transcript:
    """The turns of a whole session from its pieces."""
    return told(
        [_piece(values) for values in pieces],
        language=language,
        duration_s=duration_s,
        is_call=is_call,
        company=company_of(people, therapist),
    )


def _piece(values: Values) -> Piece:
    return Piece(
        values["channel"],
        Span(*values["span"]),
        tuple(Word(**word) for word in values["words"]),
        tuple(
            Windowed(Span(start, end), np.asarray(voice, dtype=np.float32))
            for start, end, voice in values["voices"]
        ),
        values.get("again", False),
    )
