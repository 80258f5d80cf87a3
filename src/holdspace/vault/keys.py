"""The ring that holds the practice's key while it is open, and derives from it one key for each purpose.

    practice key ──HKDF──▶ database · generations of record keys · generations of a day · the log's signature · backups

The practice key comes from the key file (vault/keyfile.py). Nothing here is ever in the database it opens. What is kept
of clients is not sealed under these keys: each client has one of their own (vault/record_keys.py). A purpose that is
not in the list is refused, because a rotation must know what it has to seal anew (vault/rotation.py).
"""

import json
import os
from pathlib import Path
from threading import Lock

from holdspace.errors import NotReady
from holdspace.vault.envelope import derived

DATABASE = "database"
DAY = "generation"
RECORDS = "record generation"
LOG_HEADS = "log-heads"
BACKUP = "backup"
ROTATION = "rotation"
DOORS = "doors"
"""Names the doors at which somebody fails (people/tries.py). A rotation forgets who failed, and has nothing to seal."""
PURPOSES = frozenset({DATABASE, DAY, RECORDS, LOG_HEADS, BACKUP, ROTATION, DOORS})
BEFORE_OWN_KEYS = "field/"
"""Values of the first version were sealed under a key of the practice, by purpose; vault/bring_over.py ends them."""


class Locked(NotReady):
    """The practice's key is not in memory."""

    code = "locked"


class KeyChanged(Locked):
    """Another process gave the practice a new key; the one in memory here opens nothing any more."""

    code = "key-changed"


def key_id(practice_key: bytes) -> str:
    """A name for a practice key that tells nothing about it."""
    return derived(practice_key, "key id")[:8].hex()


class KeyRing:
    """The open practice's keys, in memory only. One per process; empty until `put`.

    `turn` counts up whenever the keys change, so that whoever keeps something opened by them knows when to forget it.
    """

    def __init__(self) -> None:
        self._practice_key: bytes | None = None
        self._derived: dict[str, bytes] = {}
        self._keyfile: Path | None = None
        self._stamp: object = None
        self._lock = Lock()
        self.turn = 0

    @property
    def is_open(self) -> bool:
        """Whether the practice's key is in memory, and still its key."""
        with self._lock:
            if self._practice_key is None:
                return False
            try:
                self._current()
            except KeyChanged:
                return False
            return True

    def put(self, practice_key: bytes, *, keyfile: Path | None = None) -> None:
        """Hold the practice's key until the process ends, `clear`, or until `keyfile` holds another."""
        with self._lock:
            self._practice_key, self._keyfile = practice_key, keyfile
            self._stamp = _stamp(keyfile)
            self._derived = {}
            self.turn += 1

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._forget()

    def key_for(self, purpose: str) -> bytes:
        """The key for one purpose. Raises Locked while the practice is not open, KeyChanged when it was rotated."""
        if purpose not in PURPOSES and not purpose.startswith(BEFORE_OWN_KEYS):
            raise ValueError(f"no key has the purpose {purpose}")
        with self._lock:
            key = self._current()
            if purpose not in self._derived:
                self._derived[purpose] = derived(key, purpose)
            return self._derived[purpose]

    def practice_key(self) -> bytes:
        """The practice's key itself: to seal it in the key file or under the next one, and for nothing else."""
        with self._lock:
            return self._current()

    def _current(self) -> bytes:
        if self._practice_key is None:
            raise Locked("The practice is locked.", then="Unlock it with its passphrase.")
        stamp = _stamp(self._keyfile)
        if stamp is not None and stamp != self._stamp:
            if _id_in(self._keyfile) not in {"", key_id(self._practice_key)}:
                self._forget()
                raise KeyChanged(
                    "The practice has a new key since this was opened.",
                    then="Open it again with the passphrase.",
                )
            self._stamp = stamp
        return self._practice_key

    def _forget(self) -> None:
        self._practice_key, self._keyfile, self._stamp = None, None, None
        self._derived = {}
        self.turn += 1


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """What changes when the file does; None where there is none, which never makes a key in memory wrong."""
    if path is None:
        return None
    try:
        seen = os.stat(path)  # noqa: PTH116  # this is asked often, and a Path's own stat is slower
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def _id_in(path: Path | None) -> str:
    try:
        return str(json.loads(path.read_bytes())["key_id"]) if path else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


ring = KeyRing()
