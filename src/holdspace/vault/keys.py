"""The ring that holds the practice's keys while it is open.

    practice key ──HKDF──▶ database · fields (one a purpose) · generations · the log's signature

The practice key comes from the key file (vault/keyfile.py). Nothing here is ever in the database it opens.
"""

from threading import Lock

from holdspace.errors import NotReady
from holdspace.vault.envelope import derived


class Locked(NotReady):
    """The practice's key is not in memory."""

    code = "locked"


class KeyRing:
    """The open practice's keys, in memory only. One per process; empty until `put`."""

    def __init__(self) -> None:
        self._practice_key: bytes | None = None
        self._derived: dict[str, bytes] = {}
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Whether the practice's key is in memory."""
        return self._practice_key is not None

    def put(self, practice_key: bytes) -> None:
        """Hold the practice's key until the process ends or `clear`."""
        with self._lock:
            self._practice_key = practice_key
            self._derived = {}

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._practice_key = None
            self._derived = {}

    def key_for(self, purpose: str) -> bytes:
        """The key for one purpose. Raises Locked while the practice is not open."""
        with self._lock:
            if self._practice_key is None:
                raise Locked("The practice is locked.", then="Unlock it with its passphrase.")
            if purpose not in self._derived:
                self._derived[purpose] = derived(self._practice_key, purpose)
            return self._derived[purpose]


ring = KeyRing()
