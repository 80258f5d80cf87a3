"""Makes a backup of the practice: every row as it stands, small files beside the database, and the keys, in one file.

    snapshot ──▶ rows, part by part ──▶ manifest ──▶ keys ──▶ read back and compared ──▶ named as finished

The database is read in one transaction that sees one moment and keeps nobody from writing. Generation keys never enter
a backup; the keys of clients, voices and drafts do, in the one part that can be written anew (vault/archive.py).
"""

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from holdspace.errors import BadInput, Destroyed, DiskFull, Refused
from holdspace.vault import record_keys, session_keys, tables, tombstones
from holdspace.vault.archive import KEYS, MANIFEST, Archive, changing, damaged, reading, writing
from holdspace.vault.bring_over import bring_over
from holdspace.vault.envelope import Tampered
from holdspace.vault.generations import KeyFileMissing
from holdspace.vault.home import KEYFILE, full_disk_said, locked, through_to_disk
from holdspace.vault.keys import BACKUP, ring
from holdspace.vault.models import Destruction
from holdspace.vault.tombstones import LIST_OWNER
from holdspace.vault.whose import DRAFT, INDEX

Told = Callable[[str, float], None]
ENDING, BEGUN, LOCK = ".backup", "unfinished.backup.part", ".backing-up"
LARGEST_PART = 4 * 1024 * 1024
FILES = ("log-heads.txt", "formats/*.yaml")
"""What is kept beside the database and cannot be made anew."""
READING, CHECKING = "Copying the records", "Reading the backup back"
VERSION = 1


class AlreadyBackingUp(Refused):
    """A backup is being made already."""

    code = "already-backing-up"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its file, when it is of, and what is in it."""

    path: Path
    at: datetime
    rows: int
    size: int
    clients: int


def make(*, told: Told = lambda *_: None, folder: Path | None = None) -> Made:
    """Back the practice up. Raises AlreadyBackingUp, DiskFull, DatabaseDamaged; what was written then goes on later.

    It goes to the folder for backups, or to another one that is there, where it counts as none of the practice's.
    """
    folder = folder or _folder()
    bring_over()
    record_keys.key_for_saving(LIST_OWNER)
    with _only_one(folder):
        at = timezone.now().replace(microsecond=0)
        with full_disk_told(), writing(folder / BEGUN) as archive:
            archive.begin(ring.key_for(BACKUP), (settings.CONFIG.home / KEYFILE).read_bytes())
            with _moment_with_its_keys() as keys:
                _write(archive, at, keys, told)
            archive.finish()
        checked = check(folder / BEGUN, told=told)
        tombstones.catch_up(record_keys.key_of(LIST_OWNER))  # no finished backup is younger than its list
        path = _put_in_place(folder, at)
        scrub()  # what was destroyed while it was made
        return Made(path, at, checked.rows, path.stat().st_size, checked.clients)


def listed(folder: Path | None = None) -> list[Path]:
    """The finished backups, the newest first; last those whose date lies ahead: the clock was wrong then."""
    found, of_now = (folder or settings.CONFIG.backups).glob(f"*{ENDING}"), _name(timezone.now())
    return sorted(found, key=lambda path: (path.name <= of_now, path.name), reverse=True)


def keep_newest(count: int, *, made: Path) -> int:
    """Remove all but the newest backups, and never the one just made. How many went."""
    old = sorted(listed(), key=lambda path: path != made)[count:]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read from its first part to its last."""

    at: datetime
    rows: int
    clients: int
    keys: int
    manifest: dict[str, Any]


def check(path: Path, *, key: bytes | None = None, told: Told = lambda *_: None) -> Checked:
    """Read every part and compare it with the manifest. Raises BackupDamaged, NotABackup, OtherKey."""
    with reading(path) as archive:
        opened(archive, key or ring.key_for(BACKUP))
        manifest = json.loads(archive.read(MANIFEST))
        parts: dict[str, str] = manifest["parts"]
        counted = dict.fromkeys(manifest["tables"], 0)
        for number, (name, digest) in enumerate(parts.items(), 1):
            plain = archive.read(name)
            if hashlib.sha256(plain).hexdigest() != digest:
                raise damaged(f"Its part {name} is not what was written.")
            if name.startswith("rows/"):
                told_rows = json.loads(plain)
                counted[told_rows["table"]] += len(told_rows["rows"])
            told(CHECKING, number / len(parts))
        if counted != {name: table["rows"] for name, table in manifest["tables"].items()}:
            raise damaged("It does not hold as many rows as it should.")
        keys = keys_in(archive, manifest)
    clients = sum(kept["kind"] == "client" for kept in keys)
    return Checked(
        datetime.fromisoformat(manifest["at"]), sum(counted.values()), clients, len(keys), manifest
    )


class OtherKey(Refused):
    """A backup that the practice's key of now does not open."""

    code = "other-key"


def opened(archive: Archive, key: bytes) -> None:
    """Open a backup. Raises OtherKey for one made under another practice key."""
    try:
        archive.open_with(key)
    except Tampered:
        raise OtherKey(
            "This backup was made before the practice\u2019s key was changed, or is another practice\u2019s.",
            kept="Nothing was changed.",
            then="It opens with the passphrase of its day: `holdspace restore`.",
        ) from None


def keys_in(archive: Archive, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The keys in a backup. Raises BackupDamaged where they belong to another."""
    kept = json.loads(archive.read(KEYS))
    if kept["backup"] != manifest["id"]:
        raise damaged("Its keys are another backup's.")
    return list(kept["keys"])


def scrub() -> int:
    """Take the keys of what was destroyed out of every backup within reach. How many keys went.

    A backup on a disk that is away keeps them until it is there again; a restore applies the list all the same.
    """
    gone = set(Destruction.objects.values_list("key_id", flat=True))
    gone |= {line.key_id for line in tombstones.within_reach(record_keys.key_for_saving(LIST_OWNER))}
    return _within_reach(ring.key_for(BACKUP), partial(_scrubbed, gone)) if gone else 0


def scrub_since(newest: int) -> int:
    """Scrub where anything was destroyed after this certificate. The number of the newest one now."""
    now: int = Destruction.objects.aggregate(newest=models.Max("pk"))["newest"] or 0
    if now != newest:
        scrub()
    return now


def renew_locks(old: bytes | None = None) -> int:
    """Let every backup within reach open to what opens the practice now, and to nothing older. How many.

    `old` is the practice's key for backups before a rotation.
    """
    keyfile, key = (settings.CONFIG.home / KEYFILE).read_bytes(), ring.key_for(BACKUP)

    def renewed(archive: Archive) -> int:
        if old is None and archive.read_keyfile() == keyfile:
            return 0
        archive.replace_locks(keyfile=keyfile, key=key)
        return 1

    return _within_reach(old or key, renewed)


def _within_reach(key: bytes, change: Callable[[Archive], int]) -> int:
    """Change every finished backup that this key opens and that can be written to; the sum of what that gives."""
    total = 0
    for path in listed():
        with suppress(OSError, BadInput, Tampered), changing(path) as archive:
            archive.open_with(key)
            total += change(archive)
    return total


def _scrubbed(gone: set[str], archive: Archive) -> int:
    manifest = json.loads(archive.read(MANIFEST))
    keys = keys_in(archive, manifest)
    left = [kept for kept in keys if kept["id"] not in gone]
    if len(left) < len(keys):
        archive.replace_keys(_keys_part(manifest["id"], left))
    return len(keys) - len(left)


def _write(archive: Archive, at: datetime, keys: list[dict[str, Any]], told: Told) -> None:
    migrations = tables.applied()
    kinds = tables.models_at(migrations)
    counts = {model._meta.db_table: model._base_manager.count() for model in kinds}
    total, done = max(sum(counts.values()), 1), 0
    parts, described = dict[str, str](), dict[str, dict[str, Any]]()
    for model in kinds:
        table = model._meta.db_table
        described[table] = {"rows": 0, "model": model._meta.label_lower}
        for plain, count in _parts_of(model):
            _put(archive, parts, f"rows/{len(parts) + 1:05}.age", plain)
            described[table]["rows"] += count
            done += count
            told(READING, min(done / total, 1.0))
    files = _files()
    for name, content in files:
        _put(archive, parts, f"files/{name}.age", content)
    manifest = {
        "version": VERSION,
        "id": hashlib.sha256(json.dumps(parts).encode() + at.isoformat().encode()).hexdigest()[:16],
        "at": at.isoformat(),
        "migrations": [list(key) for key in migrations],
        "tables": described,
        "parts": parts,
        "files": [name for name, _ in files],
    }
    archive.put(MANIFEST, json.dumps(manifest).encode())
    archive.put(KEYS, _keys_part(str(manifest["id"]), keys))


def _parts_of(model: type[models.Model]) -> Iterator[tuple[bytes, int]]:
    names = [field.column for field in tables.columns(model)]
    head = {"table": model._meta.db_table, "columns": names}
    waiting: tables.Rows = []
    size = 0
    for rows in tables.rows_of(model):
        waiting += rows
        size += sum(len(value) for row in rows for value in row if isinstance(value, str))
        if size >= LARGEST_PART:
            yield _part(head, waiting), len(waiting)
            waiting, size = [], 0
    if waiting:
        yield _part(head, waiting), len(waiting)


def _part(head: dict[str, Any], rows: tables.Rows) -> bytes:
    return json.dumps({**head, "rows": rows}, ensure_ascii=False).encode()


def _put(archive: Archive, parts: dict[str, str], name: str, plain: bytes) -> None:
    archive.put(name, plain)
    parts[name] = hashlib.sha256(plain).hexdigest()


def _files() -> list[tuple[str, bytes]]:
    home: Path = settings.CONFIG.home
    found = sorted(path for pattern in FILES for path in home.glob(pattern))
    return [(str(path.relative_to(home)), path.read_bytes()) for path in found]


@contextmanager
def _moment_with_its_keys() -> Iterator[list[dict[str, Any]]]:
    """One moment of the database, and the keys as they stand in it.

    Read first, and once more where one does not open: whoever destroys a key meanwhile moves its neighbours, and the
    files of their old generation are gone. What does not open even then is lost, and the rest is backed up without it.
    """
    for last in (False, False, True):
        with one_moment():
            try:
                keys = list(_keys(whatever_opens=last))
            except (Destroyed, KeyFileMissing):
                if last:
                    raise
                continue
            yield keys
            return


def _keys(*, whatever_opens: bool) -> Iterator[dict[str, Any]]:
    for kept, key in record_keys.every_key():
        if kept.kind != INDEX:
            yield {"id": kept.key_id, "kind": kept.kind, "owner": kept.owner_id, "key": key.hex()}
    for row, draft_key in session_keys.every_draft_key():
        if draft_key is not None:
            yield {
                "id": row.key_id,
                "kind": DRAFT,
                "owner": row.session_id,
                "client": row.client_id,
                "key": draft_key.hex(),
                "made_at": row.made_at.isoformat(),
            }
        elif not whatever_opens:
            raise Destroyed("The key of that day is destroyed.")


def _keys_part(named: str, keys: list[dict[str, Any]]) -> bytes:
    return json.dumps({"backup": named, "keys": keys}).encode()


@contextmanager
def one_moment() -> Iterator[None]:
    """Read the database as it is at one moment, while others go on writing."""
    began = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(began)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


@contextmanager
def full_disk_told() -> Iterator[None]:
    """A full disk, and what is kept of the backup."""
    try:
        with full_disk_said():
            yield
    except DiskFull:
        raise DiskFull(
            "The disk is full: the backup could not be finished.",
            kept="The practice and the older backups are as they were. What was written is kept.",
            then="Free some space, or name another folder in HOLDSPACE_BACKUPS; the next backup goes on from there.",
        ) from None


def _folder() -> Path:
    folder: Path = settings.CONFIG.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _name(at: datetime) -> str:
    return f"holdspace-{at:%Y-%m-%d-%H%M%S}{ENDING}"


def _put_in_place(folder: Path, at: datetime) -> Path:
    path = folder / _name(at)
    (folder / BEGUN).rename(path)
    through_to_disk(folder)
    return path


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    try:
        with locked(folder / LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError:
        raise AlreadyBackingUp("A backup is being made just now.", then="Wait for it to end.") from None
