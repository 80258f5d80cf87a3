"""Wrong passphrases, counted where no key is needed: a file beside the database, a line for each.

Whoever opens the practice next moves them into the log. Nothing here ever keeps anybody out: slowness does that
(Argon2id, and a minute's rest after ten in this process).
"""

import os
from datetime import UTC, datetime
from pathlib import Path

FILE = "wrong-tries.txt"
MOST_KEPT = 1000


def note(home: Path) -> None:
    """One more."""
    path = home / FILE
    if not home.is_dir() or (path.exists() and path.stat().st_size > MOST_KEPT * 32):
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stream:
        stream.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")


def counted(home: Path) -> int:
    """How many since the practice was opened last."""
    try:
        return len((home / FILE).read_text(encoding="ascii", errors="replace").splitlines())
    except FileNotFoundError:
        return 0


def forget(home: Path) -> None:
    """They are in the log now."""
    (home / FILE).unlink(missing_ok=True)
