"""Slows down who guesses: so many failures in so much time, counted in this process, and then a wait."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from holdspace.errors import Unavailable

MOST_KNOWN = 10_000
"""Of those who failed, and of those let in, so many are remembered; who came longest ago is forgotten first."""


class TooMany(Unavailable):
    """Too many tries in a short time."""

    code = "too-many"


class LetIn:
    """Who came in with what, so that they need not wait for the slips of others. Any thread may use it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], None] = {}
        self._lock = Lock()

    def knows(self, who: str, what: str) -> bool:
        """Whether they came in with it before."""
        return (who, what) in self._known

    def remember(self, who: str, what: str) -> None:
        """They came in with it."""
        with self._lock:
            self._known.pop((who, what), None)
            self._known[who, what] = None
            while len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]

    def forget(self, who: str, what: str) -> None:
        """It lets nobody in any more."""
        with self._lock:
            self._known.pop((who, what), None)


class Throttle:
    """At most `most` failures every `every_s` seconds, counted for each of those who try. Any thread may use it."""

    def __init__(self, *, most: int, every_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._failures: dict[str, deque[float]] = {}
        self._most = most
        self._every_s = every_s
        self._now = now
        self._lock = Lock()

    def check(self, who: str = "") -> None:
        """Raise TooMany while the last failures came too fast."""
        with self._lock:
            failures = self._failures.get(who)
            if failures and len(failures) == self._most and self._now() - failures[0] < self._every_s:
                raise TooMany("Too many tries in a short time.", then="Wait a minute, then try again.")

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._failures.clear()

    def count(self, who: str = "") -> None:
        """One more failure."""
        with self._lock:
            failures = self._failures.pop(who, None) or deque(maxlen=self._most)
            failures.append(self._now())
            self._failures[who] = failures
            while len(self._failures) > MOST_KNOWN:
                del self._failures[next(iter(self._failures))]
