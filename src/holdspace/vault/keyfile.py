"""The key file: the practice's key, sealed once under the passphrase and, if she made one, once under a recovery key.

    passphrase   ──Argon2id──▶ opens ─┐
                                      ├─▶ practice key
    recovery key ──Argon2id──▶ opens ─┘

The practice key is random, so the passphrase can change without re-encrypting the practice. The file is replaced whole
or not at all: whatever stops on the way, either the old words open it or the new ones.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw

from holdspace.errors import BadInput, NotReady, WrongPassphrase
from holdspace.vault.envelope import Tampered, new_key, seal, unseal
from holdspace.vault.home import KEYFILE, replace, write_once

MEMORY_KIB = 128 * 1024  # 0.7 s on the machine of FACTS.md
ROUNDS = 3
LANES = 4
SHORTEST = 12
PASSPHRASE: Final = "passphrase"  # noqa: S105  # the name of a lock
RECOVERY: Final = "recovery"
_IDENTITIES = {PASSPHRASE: "practice-key", RECOVERY: "practice-key/recovery"}

# Crockford's base 32: no I, L, O or U, so that a printed key is read back as it was meant.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
KEY_LETTERS = 32  # 160 bits
CHECK_LETTERS = 4
GROUP = 4


class WeakPassphrase(NotReady):
    """A passphrase shorter than we accept."""

    code = "weak-passphrase"


class MistypedKey(BadInput):
    """A recovery key whose last letters do not fit the rest."""

    code = "mistyped-key"


def is_made(home: Path) -> bool:
    """Whether a practice was set up in this folder."""
    return (home / KEYFILE).exists()


def has_recovery(home: Path) -> bool:
    """Whether a recovery key was made."""
    return RECOVERY in _read(home)


def make(home: Path, passphrase: str) -> bytes:
    """Make a new practice's key and seal it under the passphrase. Never replaces an existing one."""
    _check(passphrase)
    made = new_key()
    write_once(home / KEYFILE, _written({PASSPHRASE: _sealed(PASSPHRASE, passphrase, made)}))
    return made


def opened(home: Path, passphrase: str) -> bytes:
    """The practice's key. Raises WrongPassphrase; nothing is said about how wrong."""
    try:
        return _opened(_read(home)[PASSPHRASE], PASSPHRASE, passphrase)
    except Tampered:
        raise WrongPassphrase("The passphrase does not open this practice.", then="Try again.") from None


def change_passphrase(home: Path, *, old: str, new: str) -> None:
    """Seal the practice's key under new words; the old ones open nothing from then on. Raises WrongPassphrase."""
    _check(new)
    key = opened(home, old)
    _change(home, PASSPHRASE, _sealed(PASSPHRASE, new, key))


def make_recovery_key(home: Path, *, passphrase: str) -> str:
    """A new recovery key, in groups of four for paper; an older one opens nothing from then on.

    It is nowhere but in what this gives back.
    """
    key = opened(home, passphrase)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(KEY_LETTERS))
    _change(home, RECOVERY, _sealed(RECOVERY, letters, key))
    return _grouped(letters + _check_letters(letters))


def recover(home: Path, *, recovery_key: str, new: str) -> bytes:
    """Set a new passphrase with the recovery key. Raises MistypedKey, WrongPassphrase, NotReady without one."""
    _check(new)
    letters = _letters(recovery_key)
    locks = _read(home)
    if RECOVERY not in locks:
        raise NotReady("No recovery key was made for this practice.", then="Only its passphrase opens it.")
    try:
        key = _opened(locks[RECOVERY], RECOVERY, letters)
    except Tampered:
        raise WrongPassphrase(
            "The recovery key does not open this practice.", then="A newer one may have replaced it."
        ) from None
    _change(home, PASSPHRASE, _sealed(PASSPHRASE, new, key))
    return key


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise WeakPassphrase(
            f"The passphrase is shorter than {SHORTEST} characters.",
            then="A few random words make a good one.",
        )


def _read(home: Path) -> dict[str, Any]:
    """Each lock by its name. A file of version 1 has one, the passphrase's, at its top."""
    try:
        read = json.loads((home / KEYFILE).read_bytes())
        locks = {PASSPHRASE: read} if read["version"] == 1 else read["locks"]
        for lock in locks.values():
            _ = lock["derivation"]["memory_kib"], lock["derivation"]["rounds"], lock["salt"], lock["sealed"]
        return {name: locks[name] for name in _IDENTITIES if name in locks}
    except FileNotFoundError:
        raise NotReady("There is no practice here yet.", then="`holdspace serve` sets one up.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable() from None


def _written(locks: Mapping[str, Any]) -> bytes:
    return json.dumps({"version": 2, "locks": locks}, indent=1).encode()


def _change(home: Path, name: str, lock: Mapping[str, Any]) -> None:
    replace(home / KEYFILE, _written(_read(home) | {name: lock}))


def _sealed(name: str, words: str, key: bytes) -> dict[str, Any]:
    salt = os.urandom(16)
    sealed = seal(_stretched(words, salt, MEMORY_KIB, ROUNDS), key, identity=_IDENTITIES[name])
    return {
        "derivation": {"name": "argon2id", "memory_kib": MEMORY_KIB, "rounds": ROUNDS, "lanes": LANES},
        "salt": base64.b64encode(salt).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _opened(lock: Mapping[str, Any], name: str, words: str) -> bytes:
    try:
        salt, sealed = base64.b64decode(lock["salt"]), base64.b64decode(lock["sealed"])
        derivation = lock["derivation"]
        stretched = _stretched(words, salt, int(derivation["memory_kib"]), int(derivation["rounds"]))
    except (ValueError, TypeError):
        raise _unreadable() from None
    return unseal(stretched, sealed, identity=_IDENTITIES[name])


def _unreadable() -> NotReady:
    return NotReady("The practice's key file cannot be read.", then=f"Restore {KEYFILE} from a backup.")


def _letters(typed: str) -> str:
    """The key's letters as they were printed. Raises MistypedKey."""
    plain = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
    letters, check = plain[:KEY_LETTERS], plain[KEY_LETTERS:]
    if len(plain) != KEY_LETTERS + CHECK_LETTERS or check != _check_letters(letters):
        raise MistypedKey(
            "A letter of the recovery key is wrong or missing.",
            then=f"It has {(KEY_LETTERS + CHECK_LETTERS) // GROUP} groups of {GROUP}; blanks and dashes do not matter.",
        )
    return letters


def _check_letters(letters: str) -> str:
    digest = hashlib.sha256(letters.encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:CHECK_LETTERS])


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _stretched(words: str, salt: bytes, memory_kib: int, rounds: int) -> bytes:
    return hash_secret_raw(
        secret=words.encode(),
        salt=salt,
        time_cost=rounds,
        memory_cost=memory_kib,
        parallelism=LANES,
        hash_len=32,
        type=Type.ID,
    )
