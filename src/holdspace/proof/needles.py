"""What is searched for: pieces of the trial's sound in eight encodings, and its words in four.

Sound that was written down somewhere would be there as samples (16 bits either way round, floating point, 8 bits,
mu-law), as text (base64, hexadecimal), or packed (zlib, FLAC and other containers, which are unpacked and searched:
proof/packed.py). Pieces come from the made-up noise and from the speech alike, so that half a session is found too.
"""

import base64
from collections.abc import Iterable, Mapping

import numpy as np

Needles = Mapping[str, tuple[bytes, ...]]
"""Byte strings to look for, by the encoding they are in."""

WINDOW = 24
"""Samples in a piece: 1.5 ms, and no other data has them in this order."""
LEAST_DIFFERENT = 16
"""Different samples a piece has at least; silence is everywhere."""
EVERY = 1600
MOST = 6
ALIGNMENTS = 3
FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")
PACKED = "packed (zlib, gzip, FLAC, WAV and others, unpacked)"


def of_sound(pieces: Iterable[bytes]) -> Needles:
    """Needles from pieces of 16-bit samples, in each encoding."""
    windows = [window for piece in pieces for window in _windows(np.frombuffer(piece, dtype="<i2"))]
    return {
        "16-bit": tuple(window.tobytes() for window in windows),
        "16-bit, the other way round": tuple(window.astype(">i2").tobytes() for window in windows),
        "floating point": tuple((window / np.float32(32768)).astype("<f4").tobytes() for window in windows),
        "8-bit": tuple(((window >> 8) + 128).astype(np.uint8).tobytes() for window in windows),
        "mu-law": tuple(_mu_law(window) for window in windows),
        "base64": tuple(part for window in windows for part in _in_base64(window.tobytes())),
        "hexadecimal": tuple(
            text for window in windows for text in (_hex(window.tobytes()), _hex(window.tobytes()).upper())
        ),
    }


def of_words(phrases: Iterable[str]) -> Needles:
    """Needles from phrases, in each encoding words are kept in."""
    told = [phrase.encode() for phrase in phrases]
    return {
        "plain text": tuple(told),
        "UTF-16": tuple(phrase.decode().encode("utf-16-le") for phrase in told),
        "base64": tuple(part for phrase in told for part in _in_base64(phrase)),
        "hexadecimal": tuple(text for phrase in told for text in (_hex(phrase), _hex(phrase).upper())),
    }


def of_keys(keys: Iterable[bytes]) -> Needles:
    """Needles from keys, in each encoding somebody might keep one."""
    every = list(keys)
    return {
        "bytes": tuple(every),
        "hexadecimal": tuple(text for key in every for text in (_hex(key), _hex(key).upper())),
        "base64": tuple(part for key in every for part in _in_base64(key)),
        "base64 for addresses": tuple(
            part.translate(FOR_ADDRESSES) for key in every for part in _in_base64(key)
        ),
    }


def longest(needles: Needles) -> int:
    """The length of the longest of them."""
    return max(len(needle) for some in needles.values() for needle in some)


def _windows(
    samples: "np.ndarray[tuple[int], np.dtype[np.int16]]",
) -> list["np.ndarray[tuple[int], np.dtype[np.int16]]"]:
    cut = [samples[at : at + WINDOW] for at in range(0, len(samples) - WINDOW, EVERY)]
    loud = [window for window in cut if len(set(window.tolist())) >= LEAST_DIFFERENT]
    return sorted(loud, key=lambda window: -int(np.abs(window.astype(np.int32)).sum()))[:MOST]


def _mu_law(window: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> bytes:
    """G.711, as telephones have it."""
    sign = np.where(window < 0, 0x80, 0)
    size = np.minimum(np.abs(window.astype(np.int32)), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def _in_base64(plain: bytes) -> list[bytes]:
    """The middle of it as base64, wherever it begins among others."""
    cut = [plain[skip : skip + (len(plain) - skip) // ALIGNMENTS * ALIGNMENTS] for skip in range(ALIGNMENTS)]
    return [base64.b64encode(part) for part in cut]


def _hex(plain: bytes) -> bytes:
    return plain.hex().encode()
