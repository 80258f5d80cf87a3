"""From the passphrase to every key, and the ring that holds them while the practice is open.

    passphrase ──Argon2id──▶ opens ──▶ practice key ──HKDF──▶ database · fields (one a purpose) · generations

The practice key is random and lives in `keyfile.json` sealed under the passphrase, so the passphrase can change
without re-encrypting the practice. Nothing here is ever in the database it opens.
"""

import base64
import json
import os
from pathlib import Path
from threading import Lock

from argon2.low_level import Type, hash_secret_raw

from holdspace.errors import NotReady, WrongPassphrase
from holdspace.vault.envelope import Tampered, derived, new_key, seal, unseal
from holdspace.vault.home import KEYFILE, write_once

IDENTITY = "practice-key"
MEMORY_KIB = 128 * 1024  # 0.7 s on the machine of FACTS.md
ROUNDS = 3
LANES = 4
SHORTEST = 12


class Locked(NotReady):
    """The practice's key is not in memory."""

    code = "locked"


class WeakPassphrase(NotReady):
    """A passphrase shorter than we accept."""

    code = "weak-passphrase"


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


def is_made(home: Path) -> bool:
    """Whether a practice was set up in this folder."""
    return (home / KEYFILE).exists()


def make_practice_key(home: Path, passphrase: str) -> bytes:
    """Make a new practice's key and seal it under the passphrase. Never replaces an existing one."""
    if len(passphrase) < SHORTEST:
        raise WeakPassphrase(
            f"The passphrase is shorter than {SHORTEST} characters.",
            then="A few random words make a good one.",
        )
    made, salt = new_key(), os.urandom(16)
    sealed = seal(_stretched(passphrase, salt, MEMORY_KIB, ROUNDS), made, identity=IDENTITY)
    keyfile = {
        "version": 1,
        "derivation": {"name": "argon2id", "memory_kib": MEMORY_KIB, "rounds": ROUNDS, "lanes": LANES},
        "salt": base64.b64encode(salt).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }
    write_once(home / KEYFILE, json.dumps(keyfile, indent=1).encode())
    return made


def practice_key(home: Path, passphrase: str) -> bytes:
    """The practice's key. Raises WrongPassphrase; nothing is said about how wrong."""
    try:
        keyfile = json.loads((home / KEYFILE).read_bytes())
        derivation = keyfile["derivation"]
        salt, sealed = base64.b64decode(keyfile["salt"]), base64.b64decode(keyfile["sealed"])
        stretched = _stretched(passphrase, salt, int(derivation["memory_kib"]), int(derivation["rounds"]))
    except FileNotFoundError:
        raise NotReady("There is no practice here yet.", then="`holdspace serve` sets one up.") from None
    except (ValueError, KeyError, TypeError):
        raise NotReady(
            "The practice's key file cannot be read.", then=f"Restore {KEYFILE} from a backup."
        ) from None
    try:
        return unseal(stretched, sealed, identity=IDENTITY)
    except Tampered:
        raise WrongPassphrase("The passphrase does not open this practice.", then="Try again.") from None


def _stretched(passphrase: str, salt: bytes, memory_kib: int, rounds: int) -> bytes:
    return hash_secret_raw(
        secret=passphrase.encode(),
        salt=salt,
        time_cost=rounds,
        memory_cost=memory_kib,
        parallelism=LANES,
        hash_len=32,
        type=Type.ID,
    )
