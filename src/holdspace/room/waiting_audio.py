"""Recordings that wait to be heard, in this process's memory and nowhere else.

A recording never reaches a disk or a database. If this process ends first the recording is gone with it, and its run
says so.
"""

import secrets
from threading import Lock

from holdspace.errors import Unavailable

PLACE = secrets.token_hex(8)
"""This process, among all that serve the practice."""

MOST_BYTES = 1024 * 1024 * 1024
"""Everything waiting together: two of the largest uploads."""

_waiting: dict[int, bytes] = {}
_lock = Lock()


def put(run_id: int, data: bytes) -> None:
    """Keep a recording until it is heard. Raises Unavailable when memory for them is full."""
    with _lock:
        if sum(map(len, _waiting.values())) + len(data) > MOST_BYTES:
            raise Unavailable(
                "Too many recordings are waiting to be heard.", then="Give this one again in a few minutes."
            )
        _waiting[run_id] = data


def take(run_id: int) -> bytes | None:
    """The recording, which is forgotten here at once; None if it is not in this process."""
    with _lock:
        return _waiting.pop(run_id, None)


def ids() -> tuple[int, ...]:
    """The runs whose recordings wait here."""
    with _lock:
        return tuple(_waiting)


def drop(run_id: int) -> None:
    """Forget a recording."""
    take(run_id)
