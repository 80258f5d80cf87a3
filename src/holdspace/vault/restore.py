"""Brings a practice back from a backup, into an empty folder and an empty database, on either kind of database.

    read and compared first to last ──▶ tables as they were made then ──▶ rows ──▶ keys, without those of what was
    destroyed since ──▶ tables as they are made now ──▶ the key file, last

Until the key file is there the folder holds no practice; a restore that was stopped is begun anew. Nothing that is
there is ever written over.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from holdspace.errors import NotReady, Refused
from holdspace.vault import backup, generations, keyfile, record_keys, session_keys, tables, tombstones
from holdspace.vault.archive import Archive, reading
from holdspace.vault.backup import Checked
from holdspace.vault.envelope import derived
from holdspace.vault.guards import lifted
from holdspace.vault.home import KEYFILE, RECORDS, prepare, wipe_folder, write_once
from holdspace.vault.keys import BACKUP, ring
from holdspace.vault.models import Destruction
from holdspace.vault.tombstones import LIST_OWNER, Listed
from holdspace.vault.whose import CLIENT, DRAFT, LIST, Owner

BEGUN = "restoring"
UNFINISHED = "holdspace_restoring"
CHECKING, WRITING, KEYS = "Reading the backup", "Writing the records", "Putting the keys in place"
Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, how many records were left out because they were destroyed since, and by which list."""

    at: datetime
    rows: int
    clients: int
    left_out: int
    listed: Listed | None


def key_in(path: Path, words: str) -> bytes:
    """The practice's key out of a backup, for the passphrase or the recovery key of its day. Raises WrongPassphrase."""
    with reading(path) as archive:
        return keyfile.opened_in(archive.read_keyfile(), words)


def restore(
    path: Path,
    key: bytes,
    *,
    destroyed: Path | None,
    list_as_it_is: bool = False,
    told: Told = lambda *_: None,
) -> Restored:
    """Bring the practice back; afterwards the ring holds its key. `destroyed` is the list (tombstones.py), if any.

    Raises Refused where a practice is already, BackupDamaged, NotReady for a backup of a newer Holdspace, DiskFull;
    unless it is taken as it is, ListNotWhole and ListTooOld.
    """
    home: Path = settings.CONFIG.home
    _check_empty(home)
    checked = backup.check(path, key=derived(key, BACKUP), told=lambda _, part: told(CHECKING, part))
    listed = _listed(path, key, checked, destroyed) if destroyed is not None else None
    if listed is not None and not list_as_it_is:
        listed.check(checked.at)
    migrations = [(app, name) for app, name in checked.manifest["migrations"]]
    prepare(home)
    (home / BEGUN).touch(mode=0o600)
    ring.put(key)
    if not tables.known(migrations):
        _take_away(home)
        (home / BEGUN).unlink()
        raise NotReady("This backup was made by a newer Holdspace.", then="Install that one, then restore.")
    _mark("CREATE TABLE IF NOT EXISTS {} (id integer)")
    MigrationExecutor(connection).migrate(migrations)
    with reading(path) as archive:
        backup.opened(archive, derived(key, BACKUP))
        _write(archive, checked.manifest, migrations, told)
        call_command("migrate", verbosity=0, interactive=False)
        told(KEYS, 0.0)
        with transaction.atomic():
            left_out = _keys(backup.keys_in(archive, checked.manifest), listed)
        if listed is not None:
            tombstones.carry(listed, record_keys.key_for_saving(LIST_OWNER))
        told(KEYS, 1.0)
        for name in checked.manifest["files"]:
            (home / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_once(home / name, archive.read(f"files/{name}.age"))
        _mark("DROP TABLE {}")
        write_once(home / KEYFILE, archive.read_keyfile())
    (home / BEGUN).unlink()
    ring.put(key, keyfile=home / KEYFILE)
    return Restored(checked.at, checked.rows, checked.clients - left_out, left_out, listed)


def _listed(path: Path, key: bytes, checked: Checked, destroyed: Path) -> Listed:
    """The list as far as this practice wrote it, which the key for it in the backup tells."""
    with reading(path) as archive:
        backup.opened(archive, derived(key, BACKUP))
        keys = backup.keys_in(archive, checked.manifest)
    mark = next((bytes.fromhex(kept["key"]) for kept in keys if kept["kind"] == LIST), None)
    return Listed([], None) if mark is None else tombstones.read(destroyed, mark)


def _check_empty(home: Path) -> None:
    if (home / BEGUN).exists() and not keyfile.is_made(home):  # one was stopped here; it is no practice yet
        _take_away(home)
    if keyfile.is_made(home) or any((home / name).exists() for name in RECORDS):
        raise Refused(
            "There is a practice in this folder already.",
            kept="It was left as it is.",
            then="Restore into an empty folder: name another one in HOLDSPACE_HOME.",
        )
    if connection.vendor != "sqlite":
        _check_empty_server()


def _check_empty_server() -> None:
    if UNFINISHED in connection.introspection.table_names():  # a restore was stopped in this very database
        call_command("flush", verbosity=0, interactive=False)
    if not tables.is_empty():
        raise Refused("There is a practice in this database already.", then="Restore into an empty database.")


def _take_away(home: Path) -> None:
    connection.close()
    for name in (
        *RECORDS,
        *(str(path.relative_to(home)) for p in backup.FILES for path in home.glob(p)),
    ):
        (home / name).unlink(missing_ok=True)
    for series in generations.SERIES:
        wipe_folder(home / series.folder)


def _write(archive: Archive, manifest: dict[str, Any], migrations: list[tuple[str, str]], told: Told) -> None:
    """Every row, in one transaction."""
    kinds = {model._meta.db_table: model for model in tables.models_at(migrations)}
    with lifted(kinds):
        _clear(kinds.values())
        parts = [name for name in manifest["parts"] if name.startswith("rows/")]
        for number, name in enumerate(parts, 1):
            part = json.loads(archive.read(name))
            for first in range(0, len(part["rows"]), tables.AT_ONCE):
                rows = part["rows"][first : first + tables.AT_ONCE]
                tables.insert(kinds[part["table"]], part["columns"], rows)
            told(WRITING, number / len(parts))
        tables.reset_sequences(kinds.values())


def _mark(statement: str) -> None:
    """A table that is there while a restore is under way, so that one that was stopped is known for what it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(UNFINISHED))


def _clear(kinds: Iterable[type[models.Model]]) -> None:
    """What the migrations themselves put into new tables would be there twice."""
    for model in kinds:
        model._base_manager.all().delete()


def _keys(keys: list[dict[str, Any]], listed: Listed | None) -> int:
    gone = {line.key_id: line for line in listed.tombstones} if listed is not None else {}
    left_out = 0
    for kept in keys:
        owner = Owner(kept["kind"], kept["owner"], kept.get("client", 0))
        if line := gone.get(kept["id"]):
            Destruction.objects.update_or_create(
                key_id=kept["id"],
                defaults={"kind": owner.kind, "owner_id": owner.id, "at": line.at, "rule": line.rule},
            )
            left_out += owner.kind == CLIENT
    record_keys.keep_all(
        (Owner(kept["kind"], kept["owner"]), bytes.fromhex(kept["key"]), kept["id"])
        for kept in keys
        if kept["kind"] != DRAFT and kept["id"] not in gone
    )
    ended = {kept["owner"] for kept in keys if kept["kind"] == CLIENT and kept["id"] in gone}
    for kept in keys:
        if kept["kind"] == DRAFT and kept["id"] not in gone and kept["client"] not in ended:
            session_keys.keep(
                kept["owner"],
                kept["client"],
                DRAFT,
                bytes.fromhex(kept["key"]),
                key_id=kept["id"],
                made_at=datetime.fromisoformat(kept["made_at"]) if "made_at" in kept else None,
            )
    return left_out
