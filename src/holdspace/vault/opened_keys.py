"""Keys opened in this process: each is good for as long as the generation it came from has its file.

Only what is committed is kept. A key made in a transaction that is then undone must not go on sealing: what it sealed
could never be read again.
"""

import os
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from holdspace.vault.envelope import derived
from holdspace.vault.keys import ring

SEEN_S = 0.001
"""A file that was there so short a time ago is there: a page that lists asks for hundreds of values in a row."""


class OpenedKeys:
    """Keys by whose they are, with the file each depends on. Any thread may use it."""

    def __init__(self) -> None:
        self._turn = -1
        self._keys: dict[Hashable, tuple[bytes, str]] = {}
        self._ciphers: dict[tuple[Hashable, str], tuple[AESGCM, str]] = {}
        self._seen: dict[str, float] = {}
        self._read: dict[Hashable, Any] = {}
        self._unsure: set[Hashable] = set()
        self._lock = Lock()

    def get(self, whose: Hashable) -> bytes | None:
        """The key, if it is open here and still good."""
        with self._lock:
            self._check_turn()
            found = self._keys.get(whose)
            if found is None:
                return None
            if self._is_there(found[1]):
                return found[0]
            self._forget()
            return None

    def put(self, whose: Hashable, key: bytes, file: str) -> None:
        """Keep a key open, unless it was made in a transaction that is not over."""
        with self._lock:
            self._check_turn()
            if whose not in self._unsure:
                self._keys[whose] = key, file

    def ready(self, whose: Hashable, purpose: str) -> AESGCM | None:
        """The cipher for one purpose, if its key is open here and still good: in two look-ups, for every value."""
        if self._turn != ring.turn:
            return None
        made = self._ciphers.get((whose, purpose))
        return made[0] if made is not None and self._is_there(made[1]) else None

    def cipher(self, whose: Hashable, purpose: str, key: bytes) -> AESGCM:
        """The cipher for one purpose under a key; it is ready from then on, while the key is kept open."""
        made = AESGCM(derived(key, purpose))
        with self._lock:
            kept, file = self._keys.get(whose, (b"", ""))
            if kept == key:
                self._ciphers[whose, purpose] = made, file
        return made

    def read(self, name: Hashable, how: Callable[[], Any]) -> Any:
        """Something read once from the database or a file, until the keys are forgotten."""
        with self._lock:
            self._check_turn()
            if name in self._read:
                return self._read[name]
        found = how()
        with self._lock:
            self._read[name] = found
        return found

    def not_sure(self, whose: Hashable) -> None:
        """This key is made in a transaction that is not over."""
        with self._lock:
            self._unsure.add(whose)

    def sure(self, whose: Hashable) -> None:
        """That transaction is committed."""
        with self._lock:
            self._unsure.discard(whose)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._forget()

    def _check_turn(self) -> None:
        if self._turn != ring.turn:
            self._forget()
            self._turn = ring.turn

    def _forget(self) -> None:
        self._keys, self._ciphers, self._read, self._seen = {}, {}, {}, {}

    def _is_there(self, path: str) -> bool:
        now = monotonic()
        if now - self._seen.get(path, 0.0) < SEEN_S:
            return True
        is_there = os.access(path, os.F_OK)
        if is_there:
            self._seen[path] = now
        return is_there
