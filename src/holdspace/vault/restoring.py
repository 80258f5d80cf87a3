"""After a restore, or when an old copy of the database was put back by hand: what was destroyed stays destroyed."""

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from holdspace.vault import record_keys, session_keys, tombstones
from holdspace.vault.models import Destruction, RecordKey, SessionKey
from holdspace.vault.tombstones import LIST_OWNER, Tombstone
from holdspace.vault.whose import CLIENT, Owner


def apply_tombstones() -> int:
    """Destroy every key here that a list outside the record says was destroyed. How many.

    A line this practice did not write is passed over: it could only be there to destroy something. So is a list that is
    out of reach, which the next opening asks again: the practice opens though the disk of its backups is away.
    """
    lines = {line.key_id: line for path in tombstones.paths() for line in _listed(path)}
    if not lines:
        return 0
    key = record_keys.key_for_saving(LIST_OWNER)
    with transaction.atomic():
        return _of_records(lines, key) + _of_sessions(lines, key)


def _listed(path: Path) -> list[Tombstone]:
    try:
        return tombstones.listed(path)
    except OSError:  # the night, which writes to it, says so
        return []


def _of_records(lines: Mapping[str, Tombstone], key: bytes) -> int:
    found = 0
    for key_id, kind, owner_id in RecordKey.objects.values_list("key_id", "kind", "owner_id"):
        line = lines.get(key_id)
        if line is not None and line.is_genuine(key):
            if kind == CLIENT:
                session_keys.destroy_of_client(owner_id, rule=line.rule)
            record_keys.destroy([Owner(kind, owner_id)], rule=line.rule)
            _dated(line)
            found += 1
    return found


def _of_sessions(lines: Mapping[str, Tombstone], key: bytes) -> int:
    found = 0
    for key_id, session_id, kind in SessionKey.objects.values_list("key_id", "session_id", "kind"):
        line = lines.get(key_id)
        if line is not None and line.is_genuine(key):
            session_keys.destroy_keys([session_id], rule=line.rule, kinds=(kind,))
            _dated(line)
            found += 1
    return found


def _dated(line: Tombstone) -> None:
    Destruction.objects.filter(key_id=line.key_id).update(at=line.at)
