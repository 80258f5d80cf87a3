"""Slows down who guesses: so many failures in so much time, counted in this process, and then a wait."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from holdspace.errors import Unavailable


class TooMany(Unavailable):
    """Too many tries in a short time."""

    code = "too-many"


class Throttle:
    """At most `most` failures every `every_s` seconds. Any thread may use it."""

    def __init__(self, *, most: int, every_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._failures: deque[float] = deque(maxlen=most)
        self._every_s = every_s
        self._now = now
        self._lock = Lock()

    def check(self) -> None:
        """Raise TooMany while the last failures came too fast."""
        with self._lock:
            is_full = len(self._failures) == self._failures.maxlen
            if is_full and self._now() - self._failures[0] < self._every_s:
                raise TooMany("Too many tries in a short time.", then="Wait a minute, then try again.")

    def count(self) -> None:
        """One more failure."""
        with self._lock:
            self._failures.append(self._now())
