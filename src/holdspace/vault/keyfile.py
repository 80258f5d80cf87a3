"""The key file: the practice's key, sealed once under the passphrase and once under whatever else she lets open it.

    passphrase       ──Argon2id──▶ opens ─┐
    recovery key     ──Argon2id──▶ opens ─┤
    system's keyring ──a secret──▶ opens ─┼─▶ practice key
    key service      ──a secret──▶ opens ─┘

The practice key is random, so the passphrase can change without re-encrypting the practice. The file is replaced whole
or not at all: whatever stops on the way, either the old words open it or the new ones. It names its key by an id that
tells nothing, so that a process that holds an older key notices.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from holdspace.errors import BadInput, NotReady, WrongPassphrase
from holdspace.vault.envelope import Tampered, new_key, seal, unseal
from holdspace.vault.home import KEYFILE, replace, write_once
from holdspace.vault.keys import key_id

MEMORY_KIB = 128 * 1024  # 0.7 s on the machine of FACTS.md
ROUNDS = 3
LANES = 4
MOST_MEMORY_KIB, MOST_ROUNDS = 16 * MEMORY_KIB, 64
SHORTEST = 12
PASSPHRASE: Final = "passphrase"  # noqa: S105  # the name of a lock
RECOVERY: Final = "recovery"
KEYRING: Final = "keyring"
KMS: Final = "kms"
HELD = (KEYRING, KMS)
"""Locks whose secret somebody else holds (vault/keepers.py)."""
_IDENTITIES = {PASSPHRASE: "practice-key"} | {name: f"practice-key/{name}" for name in (RECOVERY, *HELD)}
Locks = Mapping[str, Any]

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


def opens_it(home: Path) -> frozenset[str]:
    """What opens the practice: the names of the locks."""
    return frozenset(_read(home))


def has_recovery(home: Path) -> bool:
    """Whether a recovery key was made."""
    return RECOVERY in _read(home)


def make(home: Path, passphrase: str) -> bytes:
    """Make a new practice's key and seal it under the passphrase. Never replaces an existing one."""
    check(passphrase)
    made = new_key()
    write_once(home / KEYFILE, written(made, {PASSPHRASE: sealed(PASSPHRASE, passphrase, made)}))
    return made


def opened(home: Path, passphrase: str) -> bytes:
    """The practice's key. Raises WrongPassphrase; nothing is said about how wrong."""
    return _by_passphrase(_read(home), passphrase)


def opened_in(content: bytes, words: str) -> bytes:
    """The key that a copy of a key file gives for its passphrase or its recovery key. Raises WrongPassphrase."""
    locks = _locks(content)
    try:
        return _by_passphrase(locks, words)
    except WrongPassphrase:
        with suppress(MistypedKey, Tampered, KeyError):
            return _opened(locks[RECOVERY], RECOVERY, _letters(words))
        raise


def _by_passphrase(locks: Locks, passphrase: str) -> bytes:
    try:
        return _opened(locks[PASSPHRASE], PASSPHRASE, passphrase)
    except Tampered:
        raise WrongPassphrase("The passphrase does not open this practice.", then="Try again.") from None


def opened_by(home: Path, name: str, secret: Callable[[bytes], bytes]) -> bytes:
    """The practice's key, by a secret that somebody else holds; `secret` gives it for the token kept here.

    Raises NotReady where there is no such lock, WrongPassphrase where the secret is another practice's.
    """
    lock = _read(home).get(name)
    if lock is None:
        raise NotReady("The practice does not open that way.", then="Its passphrase opens it.")
    try:
        token, kept = base64.b64decode(lock["token"]), base64.b64decode(lock["sealed"])
    except (ValueError, TypeError, KeyError):
        raise _unreadable() from None
    try:
        return unseal(secret(token), kept, identity=_IDENTITIES[name])
    except Tampered:
        raise WrongPassphrase(
            "What is kept there does not open this practice.", then="Use the passphrase."
        ) from None


def let_open(home: Path, name: str, key: bytes, *, secret: bytes, token: bytes) -> None:
    """Let a secret that somebody else holds open the practice from now on; `token` is how they find it again."""
    _change(home, name, held(name, key, secret=secret, token=token))


def held(name: str, key: bytes, *, secret: bytes, token: bytes) -> Locks:
    """The lock that such a secret opens."""
    kept = seal(secret, key, identity=_IDENTITIES[name])
    return {"token": base64.b64encode(token).decode(), "sealed": base64.b64encode(kept).decode()}


def token_of(home: Path, name: str) -> bytes | None:
    """How the holder of a lock's secret finds it; None where there is no such lock."""
    lock = _read(home).get(name)
    return None if lock is None else base64.b64decode(lock["token"])


def no_longer(home: Path, name: str) -> None:
    """Take a lock away: it opens nothing from then on."""
    locks = _read(home)
    if locks.pop(name, None) is not None:
        replace(home / KEYFILE, _kept(home, locks))


def change_passphrase(home: Path, *, old: str, new: str) -> None:
    """Seal the practice's key under new words; the old ones open nothing from then on. Raises WrongPassphrase."""
    check(new)
    key = opened(home, old)
    _change(home, PASSPHRASE, sealed(PASSPHRASE, new, key))


def make_recovery_key(home: Path, *, passphrase: str) -> str:
    """A new recovery key, in groups of four for paper; an older one opens nothing from then on.

    It is nowhere but in what this gives back.
    """
    key = opened(home, passphrase)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(KEY_LETTERS))
    _change(home, RECOVERY, sealed(RECOVERY, letters, key))
    return _grouped(letters + _check_letters(letters))


def recover(home: Path, *, recovery_key: str, new: str) -> bytes:
    """Set a new passphrase with the recovery key. Raises MistypedKey, WrongPassphrase, NotReady without one."""
    check(new)
    key = opened_by_recovery(home, recovery_key)
    _change(home, PASSPHRASE, sealed(PASSPHRASE, new, key))
    return key


def opened_by_recovery(home: Path, recovery_key: str) -> bytes:
    """The practice's key, by the recovery key. Raises MistypedKey, WrongPassphrase, NotReady without one."""
    letters = _letters(recovery_key)
    locks = _read(home)
    if RECOVERY not in locks:
        raise NotReady("No recovery key was made for this practice.", then="Only its passphrase opens it.")
    try:
        return _opened(locks[RECOVERY], RECOVERY, letters)
    except Tampered:
        raise WrongPassphrase(
            "The recovery key does not open this practice.", then="A newer one may have replaced it."
        ) from None


def check(passphrase: str) -> None:
    """Raise WeakPassphrase for words that are too short."""
    if len(passphrase) < SHORTEST:
        raise WeakPassphrase(
            f"The passphrase is shorter than {SHORTEST} characters.",
            then="A few random words make a good one.",
        )


def name_it(home: Path, key: bytes) -> None:
    """A file of an earlier version learns its key's id."""
    read = json.loads((home / KEYFILE).read_bytes())
    if not read.get("key_id"):
        replace(home / KEYFILE, written(key, _read(home)))


def written(key: bytes, locks: Locks) -> bytes:
    """The whole file, for a practice key and its locks."""
    return _as_file(key_id(key), locks)


def sealed(name: str, words: str, key: bytes) -> Locks:
    """The lock that these words open."""
    salt = os.urandom(16)
    sealed = seal(_stretched(words, salt, MEMORY_KIB, ROUNDS), key, identity=_IDENTITIES[name])
    return {
        "derivation": {"name": "argon2id", "memory_kib": MEMORY_KIB, "rounds": ROUNDS, "lanes": LANES},
        "salt": base64.b64encode(salt).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _read(home: Path) -> dict[str, Any]:
    """Each lock by its name."""
    try:
        return _locks((home / KEYFILE).read_bytes())
    except FileNotFoundError:
        raise NotReady("There is no practice here yet.", then="`holdspace serve` sets one up.") from None


def _locks(content: bytes) -> dict[str, Any]:
    """The locks of a key file. One of version 1 has the passphrase's alone, at its top."""
    try:
        read = json.loads(content)
        locks = {PASSPHRASE: read} if read["version"] == 1 else read["locks"]
        for name in (PASSPHRASE, RECOVERY):
            if lock := locks.get(name):
                _ = (
                    lock["derivation"]["memory_kib"],
                    lock["derivation"]["rounds"],
                    lock["salt"],
                    lock["sealed"],
                )
        return {name: locks[name] for name in _IDENTITIES if name in locks}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _unreadable() from None


def _change(home: Path, name: str, lock: Locks) -> None:
    replace(home / KEYFILE, _kept(home, _read(home) | {name: lock}))


def _kept(home: Path, locks: Locks) -> bytes:
    """The file with these locks; the key and its id stay."""
    return _as_file(str(json.loads((home / KEYFILE).read_bytes()).get("key_id", "")), locks)


def _as_file(named: str, locks: Locks) -> bytes:
    return json.dumps({"version": 3, "key_id": named, "locks": dict(locks)}, indent=1).encode()


def _opened(lock: Locks, name: str, words: str) -> bytes:
    try:
        salt, sealed = base64.b64decode(lock["salt"]), base64.b64decode(lock["sealed"])
        derivation = lock["derivation"]
        memory_kib, rounds = int(derivation["memory_kib"]), int(derivation["rounds"])
        if not (0 < memory_kib <= MOST_MEMORY_KIB and 0 < rounds <= MOST_ROUNDS):
            raise _unreadable()  # a damaged file must not ask for all the memory there is
        stretched = _stretched(words, salt, memory_kib, rounds)
    except (ValueError, TypeError, HashingError):
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
