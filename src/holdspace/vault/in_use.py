"""Who has the practice's records open: every connection holds a share, and a rotation waits until it has them alone.

Two locks of the system (flock), both freed when a process dies. `.in-use` is shared by everyone at work; `.closing`
is held by who wants to be alone, so that nobody new comes in while the last ones finish.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from holdspace.errors import Unavailable

IN_USE, CLOSING = ".in-use", ".closing"
FILES = (IN_USE, CLOSING)
COME_IN_S, ALONE_S = 20.0, 60.0
"""How long somebody who comes in waits for a rotation's last step, and how long a rotation waits to be alone."""
AGAIN_S = 0.02


class KeyBeingChanged(Unavailable):
    """The records are closed for a moment, while they get a new key."""

    code = "key-being-changed"


class InUse(Unavailable):
    """Somebody works with the records just now."""

    code = "in-use"


class Share:
    """A share in the records, until it is given back."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def give_back(self) -> None:
        """Let others be alone. Giving back twice does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def share(home: Path) -> Share:
    """A share in the records of this folder. Raises KeyBeingChanged when a rotation takes its time."""
    if not home.is_dir():
        return Share(None)
    until = monotonic() + COME_IN_S
    door = _locked(home / CLOSING, fcntl.LOCK_SH, until)
    try:
        held = _locked(home / IN_USE, fcntl.LOCK_SH, until) if door is not None else None
    finally:
        if door is not None:
            os.close(door)
    if held is None:
        raise being_changed()
    return Share(held)


def being_changed() -> KeyBeingChanged:
    """What is said to who comes in meanwhile."""
    return KeyBeingChanged(
        "The practice gets a new key just now.",
        kept="Nothing is lost. What you typed is still on your page.",
        then="Wait a minute, then try again.",
    )


def is_closing(home: Path) -> bool:
    """Whether somebody wants to be alone, or is: who comes now would wait."""
    if not home.is_dir():
        return False
    door = _locked(home / CLOSING, fcntl.LOCK_SH, monotonic())
    if door is None:
        return True
    os.close(door)
    return False


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only one with these records, in any process. Raises InUse."""
    with _held(home / CLOSING), _held(home / IN_USE):
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    descriptor = _locked(path, fcntl.LOCK_EX, monotonic() + ALONE_S)
    if descriptor is None:
        raise InUse(
            "Somebody works with the records just now.",
            kept="They are as they were.",
            then="Let sessions and drafts come to their end, stop other Holdspace processes, and try again.",
        )
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(path: Path, how: int, until: float) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            return descriptor
        if monotonic() >= until:
            os.close(descriptor)
            return None
        sleep(AGAIN_S)
