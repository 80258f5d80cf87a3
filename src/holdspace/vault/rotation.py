"""Gives the practice a new key: everything its key opens is sealed anew, and the old key opens none of it.

    begin       the new key goes into a journal (rotation.json), sealed under the old one, with its locks
    key files   each generation's file opens under both keys
    alone       nobody else has the records open (vault/in_use.py)
    database    a copy under the new key, checked page by page, beside the old file     (embedded database only)
    switch      the copy takes the old file's place, the new key file the old one's
    afterwards  record keys move to a new generation, key files open under the new key alone, the journal goes

Until the switch the practice opens as before and the rotation can be given up. A process that dies between the two
halves of the switch is put right by the next that opens the practice (`settled`). After the switch nothing but small
files is left to do. The database is copied rather than re-keyed in place: its only copy is never written to until the
new one is known to be whole (docs/decisions/0010-keys-and-backups.md has what was measured).
"""

import base64
import fcntl
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections

from holdspace.errors import DiskFull, NotReady, Refused
from holdspace.vault import generations, keyfile
from holdspace.vault.envelope import Tampered, derived, new_key, seal, unseal
from holdspace.vault.home import KEYFILE, full_disk_said, locked, replace, write_once
from holdspace.vault.in_use import alone
from holdspace.vault.keys import BACKUP, DATABASE, ROTATION, key_id, ring
from holdspace.vault.sqlcipher import copying

JOURNAL = "rotation.json"
ONLY_ONE = ".rotating"
_FOR_BACKUPS = "rotation/backups"
Told = Callable[[str, float], None]
"""Told the step in plain words, and how much of it is done (0 to 1)."""
STEPS = ("Sealing the key files", "Waiting until nobody works", "Copying the records", "Changing the key")


class AlreadyRotating(Refused):
    """The key is being changed already."""

    code = "already-rotating"


@dataclass(frozen=True, slots=True)
class Journal:
    """A rotation that was begun. `carried` is what the old key alone could tell and is needed afterwards."""

    was: str
    becomes: str
    sealed: bytes
    locks: keyfile.Locks
    carried: Mapping[str, str]

    @classmethod
    def read(cls, home: Path) -> "Journal | None":
        """The journal in this folder, or None. Raises NotReady for one that cannot be read."""
        try:
            kept = json.loads((home / JOURNAL).read_bytes())
            return cls(
                kept["was"], kept["becomes"], base64.b64decode(kept["sealed"]), kept["locks"], kept["carried"]
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotReady(
                "The journal of a rotation cannot be read.", then=f"Move {JOURNAL} away and begin again."
            ) from None

    def next_key(self, key: bytes) -> bytes:
        """The new key, for who has the old one."""
        return unseal(derived(key, ROTATION), self.sealed, identity=f"rotation/{self.becomes}")


def is_begun(home: Path) -> bool:
    """Whether a rotation was begun and is not over."""
    return (home / JOURNAL).exists()


def ask(home: Path, *, asked: bool, said: str = "") -> None:
    """Let a worker go on with what was begun, or no longer; `said` is what stood in the way."""
    kept = json.loads((home / JOURNAL).read_bytes())
    replace(home / JOURNAL, json.dumps({**kept, "asked": asked, "said": said}, indent=1).encode())


def asked(home: Path) -> tuple[bool, str]:
    """Whether a worker is to go on with what was begun, and what stood in the way last."""
    try:
        kept = json.loads((home / JOURNAL).read_bytes())
        return bool(kept.get("asked")), str(kept.get("said", ""))
    except (OSError, ValueError):
        return False, ""


def begin(
    home: Path, *, passphrase: str, held: Mapping[str, tuple[bytes, bytes]], carried: Mapping[str, str]
) -> None:
    """Write the journal. `held` are secrets and tokens of locks that others hold (vault/keepers.py).

    The recovery key is not among the new locks: its words are on paper only. Raises WrongPassphrase, AlreadyRotating.
    """
    key = keyfile.opened(home, passphrase)
    with _only_one(home):
        if is_begun(home):
            raise AlreadyRotating(
                "A rotation was begun and is not over.", then="Go on with it, or give it up."
            )
        new = new_key()
        locks = {keyfile.PASSPHRASE: keyfile.sealed(keyfile.PASSPHRASE, passphrase, new)} | {
            name: keyfile.held(name, new, secret=secret, token=token)
            for name, (secret, token) in held.items()
        }
        sealed = seal(derived(key, ROTATION), new, identity=f"rotation/{key_id(new)}")
        journal = {
            "was": key_id(key),
            "becomes": key_id(new),
            "sealed": base64.b64encode(sealed).decode(),
            "locks": locks,
            "carried": {**carried, BACKUP: _for_backups(key, new).hex()},
        }
        write_once(home / JOURNAL, json.dumps(journal, indent=1).encode())


def carry_out(home: Path, database: Path | None, *, told: Told = lambda *_: None) -> None:
    """Everything up to and with the switch; afterwards the ring has the new key. `database` is None on PostgreSQL.

    Raises AlreadyRotating, InUse, DiskFull; then the practice opens as before, and this may be called again.
    """
    with _only_one(home):
        journal = Journal.read(home)
        if journal is None:
            raise NotReady("No rotation was begun.", then="Begin one.")
        old = ring.practice_key()
        if key_id(old) == journal.becomes:
            return
        new = _new_key(journal, old)
        connections.close_all()
        told(STEPS[0], 0.0)
        _under_both(home, old, new, told)
        told(STEPS[1], 0.0)
        with alone(home):
            told(STEPS[1], 1.0)
            _under_both(home, old, new, told)
            if database is not None:
                _copy(database, old, new, told)
            told(STEPS[3], 0.0)
            _switch(home, database, journal, new, told)
        told(STEPS[3], 1.0)


def settled(home: Path, database: Path | None, key: bytes) -> bytes:
    """The key that opens the records now, for one that the key file gave: a switch that was cut in half is finished."""
    journal = Journal.read(home)
    if journal is None or key_id(key) != journal.was or database is None:
        return key
    new = _new_key(journal, key)
    with (
        suppress(AlreadyRotating),
        _only_one(home),
    ):  # a copy that is being made now is nobody else's to take away
        copying.next_to(database).unlink(missing_ok=True)
    if not copying.opens(database, derived(new, DATABASE)):
        return key
    replace(home / KEYFILE, keyfile.written(new, journal.locks))
    return new


def is_switched(home: Path) -> bool:
    """Whether the open practice has its new key and only what comes afterwards is left to do."""
    journal = Journal.read(home)
    return journal is not None and key_id(ring.practice_key()) == journal.becomes


def old_key_for_backups(home: Path) -> bytes | None:
    """The key that opens backups made before, once the new key is the practice's; None where no rotation goes on."""
    kept = carried(home).get(BACKUP)
    if kept is None:
        return None
    return unseal(derived(ring.practice_key(), ROTATION), bytes.fromhex(kept), identity=_FOR_BACKUPS)


def _for_backups(old: bytes, new: bytes) -> bytes:
    return seal(derived(new, ROTATION), derived(old, BACKUP), identity=_FOR_BACKUPS)


def carried(home: Path) -> Mapping[str, str]:
    """What the journal carried over from the old key."""
    journal = Journal.read(home)
    return journal.carried if journal else {}


def end(home: Path) -> None:
    """After the switch: key files open under the new key alone, and the journal goes."""
    for series, path in generations.files(home):
        above = ring.key_for(series.purpose)
        generations.sealed_for(path, generations.opened_from(path.read_bytes(), above, path.stem), [above])
    (home / JOURNAL).unlink(missing_ok=True)


def give_up(home: Path, database: Path | None) -> None:
    """Before the switch: everything opens under the old key alone again. Raises Refused after it."""
    with _only_one(home):
        if not is_begun(home):
            raise NotReady("No rotation was begun.")
        if is_switched(home):
            raise Refused(
                "The key is changed already.", kept="The records have their new key.", then="Go on."
            )
        if database is not None:
            copying.next_to(database).unlink(missing_ok=True)
        end(home)


def _new_key(journal: Journal, old: bytes) -> bytes:
    try:
        return journal.next_key(old)
    except Tampered:
        raise NotReady(
            "The rotation that was begun is not one of this key.",
            then=f"Move {JOURNAL} away; it opens nothing.",
        ) from None


def _under_both(home: Path, old: bytes, new: bytes, told: Told) -> None:
    files = generations.files(home)
    for number, (series, path) in enumerate(files, 1):
        above, next_above = derived(old, series.purpose), derived(new, series.purpose)
        try:
            content = generations.opened_from(path.read_bytes(), above, path.stem)
        except FileNotFoundError:  # destroyed meanwhile
            continue
        generations.sealed_for(path, content, [above, next_above])
        told(STEPS[0], number / len(files))


def _copy(database: Path, old: bytes, new: bytes, told: Told) -> None:
    told(STEPS[2], 0.0)
    copying.next_to(database).unlink(missing_ok=True)
    try:
        with full_disk_said():
            keys = derived(old, DATABASE), derived(new, DATABASE)
            copying.copy(database, *keys, told=lambda part: told(STEPS[2], part))
    except DiskFull:
        copying.next_to(database).unlink(missing_ok=True)
        raise DiskFull(
            "The disk is full: the records could not be copied under their new key.",
            kept="Everything opens as before. The rotation is begun and goes on from here.",
            then=f"Free about {database.stat().st_size * 2 // 1_000_000 + 1} MB, then go on with it, or give it up.",
        ) from None


def _switch(home: Path, database: Path | None, journal: Journal, new: bytes, told: Told) -> None:
    if database is not None:
        copying.put_in_place(database)
        told(STEPS[3], 0.4)
    replace(home / KEYFILE, keyfile.written(new, journal.locks))
    told(STEPS[3], 0.8)
    ring.put(new, keyfile=home / KEYFILE)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    try:
        with locked(home / ONLY_ONE, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError:
        raise AlreadyRotating(
            "The key is being changed just now.", kept="That goes on.", then="Wait for it to end."
        ) from None


def database_file() -> Path | None:
    """The embedded database's file; None on PostgreSQL, whose files are its server's."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
