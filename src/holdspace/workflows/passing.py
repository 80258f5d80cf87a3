"""What a loop in the background waits out: a full disk, a restarting database, records that get a new key just now."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections

from holdspace.errors import HoldspaceError, Unavailable
from holdspace.vault.keys import Locked, ring

PASSING = (DatabaseError, OSError, Locked, Unavailable)
"""What waits goes on waiting, and the next round tries again."""


def one_round(
    do: Callable[[], Any],
    log: Callable[..., None],
    *,
    survives: tuple[type[Exception], ...] = (*PASSING, HoldspaceError),
) -> None:
    """A loop's round, on connections that are not stale; none while the practice is locked.

    What it survives is told to the log by name, never in its words: the next round tries again.
    """
    if not ring.is_open:
        return
    close_old_connections()
    try:
        do()
    except survives as error:
        log("round.failed", code=type(error).__name__)
    finally:
        close_old_connections()
