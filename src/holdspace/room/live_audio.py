"""The sound of sessions going on now: seconds of samples, in this process's memory and nowhere else, until heard.

A second is taken once, in order, and only whole. What the browser is told is `heard`: up to which second everything is
understood and kept, sealed. Until then it keeps the seconds itself, so that a server killed in mid-word loses nothing:
its successor asks for them again.
"""

import zlib
from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from holdspace.errors import BadInput, Unavailable
from holdspace.room.rules import CHANNELS
from holdspace.room.waiting_audio import PLACE

RATE = 16_000
BYTES_PER_SAMPLE = 2
CHUNK_S = 1.0
MOST_WAITING = 600
"""Seconds that may wait to be heard: ten minutes behind, then the browser is asked to wait. Nothing is dropped."""


class DamagedChunk(BadInput):
    """A second of sound that did not arrive whole."""

    code = "damaged-chunk"


@dataclass(slots=True)
class _Line:
    """The sound of one capture: which second comes next, how often hearing had begun anew, and what waits."""

    received: int
    strikes: int
    waiting: deque[bytearray] = field(default_factory=deque)


_lines: dict[int, _Line] = {}
_lock = Lock()


def open_line(capture_id: int, *, heard: int, strikes: int = 0) -> None:
    """Begin, or begin anew after what is heard; sound that waits here is forgotten first."""
    with _lock:
        _wiped(_lines.pop(capture_id, None))
        _lines[capture_id] = _Line(received=heard, strikes=strikes)


def is_here(capture_id: int, place: str) -> bool:
    """Whether this process takes the capture's sound; `place` is the process the capture names."""
    return place == PLACE and capture_id in _lines


def is_any_open() -> bool:
    """Whether this process takes any sound."""
    return bool(_lines)


def received(capture_id: int) -> int:
    """The second that is expected next."""
    line = _lines.get(capture_id)
    return line.received if line else 0


def waiting(capture_id: int) -> int:
    """Seconds that wait to be taken."""
    line = _lines.get(capture_id)
    return len(line.waiting) if line else 0


def put(capture_id: int, number: int, sound: bytes, *, checksum: int, mode: str) -> int:
    """Take a second if it is the next one; give the number that is expected now.

    A second that came already is taken for said; one that comes too early must come again. Raises DamagedChunk,
    Unavailable when too much waits.
    """
    if (
        len(sound) != round(CHUNK_S * RATE) * BYTES_PER_SAMPLE * CHANNELS[mode]
        or zlib.crc32(sound) != checksum
    ):
        raise DamagedChunk("A second of sound did not arrive whole.", kept="It is sent again.")
    with _lock:
        line = _lines[capture_id]
        if number != line.received:
            return line.received
        if len(line.waiting) >= MOST_WAITING:
            raise Unavailable(
                "Hearing is far behind.", kept="Your browser keeps the sound and sends it again."
            )
        line.waiting.append(bytearray(sound))
        line.received += 1
        return line.received


def take(capture_id: int, *, strikes: int) -> bytearray | None:
    """The second that waits longest, or None; whoever takes it overwrites it.

    Only to an ear begun after as many `strikes` as the line: a struck second that still waits is not for the new ear.
    """
    with _lock:
        line = _lines.get(capture_id)
        return line.waiting.popleft() if line and line.waiting and line.strikes == strikes else None


def drop_waiting(capture_id: int) -> None:
    """Overwrite and forget what waits: it was said off the record."""
    with _lock:
        line = _lines.get(capture_id)
        if line is not None:
            _wiped(line)


def close_line(capture_id: int) -> None:
    """Overwrite and forget everything of a capture."""
    with _lock:
        _wiped(_lines.pop(capture_id, None))


def _wiped(line: _Line | None) -> None:
    for second in line.waiting if line else ():
        second[:] = bytes(len(second))
    if line:
        line.waiting.clear()
