"""Generation keys: each a small file outside the database, under which keys inside it are wrapped.

    day      generations/   wraps the keys of that day's sessions; enters no backup
    records  record-keys/   wraps the keys of clients, of the practice, of voices

Deleting a key's row destroys nothing: the database's free pages, its log and every copy still hold it wrapped. So what
must stay moves under the next generation, and the old one's file is wiped: what any copy still holds is noise. A file
holds its key sealed under the practice's; during a rotation twice, under the old key and the new.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from holdspace.errors import Destroyed, HoldspaceError, NotReady
from holdspace.vault.envelope import Tampered, new_key, seal, unseal
from holdspace.vault.home import replace, wipe, write_once
from holdspace.vault.keys import DAY, RECORDS, ring
from holdspace.vault.models import Generation, RecordKey, SessionKey

K = TypeVar("K", RecordKey, SessionKey)
SEALED_BYTES = 1 + 12 + 32 + 16
TRIES = 3


class KeyFileMissing(NotReady):
    """A key file that the records need is not there."""

    code = "key-file-missing"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of generations: its folder, what its keys are for, and what it means when a file is gone."""

    kind: str
    folder: str
    purpose: str
    missing: Callable[[], HoldspaceError]

    def path(self, name: str) -> Path:
        """The file of one generation."""
        home: Path = settings.CONFIG.home
        return home / self.folder / f"{name}.key"


DAYS = Series(
    "day",
    "generations",
    DAY,
    lambda: Destroyed("The key of that day is destroyed.", kept="Signed notes are kept."),
)
OF_RECORDS = Series(
    "records",
    "record-keys",
    RECORDS,
    lambda: KeyFileMissing(
        "The file that opens the clients\u2019 records is missing from record-keys.",
        kept="The records were left as they are.",
        then="Put that file back, or restore the newest backup.",
    ),
)
SERIES = (DAYS, OF_RECORDS)


def opened(series: Series, name: str) -> bytes:
    """The key of one generation. Raises what its absence means, and Tampered."""
    try:
        content = series.path(name).read_bytes()
    except FileNotFoundError:
        raise series.missing() from None
    return opened_from(content, ring.key_for(series.purpose), name)


def opened_from(content: bytes, key: bytes, name: str) -> bytes:
    """The generation's key out of its file, whichever of the two seals opens."""
    parts = [content[at : at + SEALED_BYTES] for at in range(0, len(content), SEALED_BYTES)] or [b""]
    for part in parts[:-1]:
        try:
            return unseal(key, part, identity=name)
        except Tampered:
            continue
    return unseal(key, parts[-1], identity=name)


def current(series: Series) -> Generation:
    """The generation that takes new keys, made if there is none; locked until the transaction ends."""
    for _ in range(TRIES):  # whoever had it locked before us may have closed it
        kept = Generation.objects.select_for_update().filter(kind=series.kind, is_open=True).first()
        if kept is not None and _is_of_now(series, kept):
            return kept
        if kept is None and not Generation.objects.filter(kind=series.kind, is_open=True).exists():
            break
        if kept is not None:
            close(kept)  # an older day's stays readable, but takes no more keys
    return _made(series)


def locked(series: Series, names: Iterable[str]) -> list[Generation]:
    """These generations, locked until the transaction ends."""
    return list(Generation.objects.select_for_update().filter(kind=series.kind, name__in=set(names)))


def held(series: Series, rows: QuerySet[K]) -> tuple[list[K], list[Generation]]:
    """These keys' rows and their generations, locked until the transaction ends.

    Read again under the lock: whoever had it before may have moved some of them to the next generation.
    """
    found = list(rows.all())
    while True:
        names = {row.generation.name for row in found}
        generations = locked(series, names)
        found = list(rows.all())
        if {row.generation.name for row in found} <= names:
            return found, generations


def close(generation: Generation) -> None:
    """It takes no more keys."""
    generation.is_open = False
    generation.save(update_fields=["is_open"])


def finish(series: Series, names: Iterable[str]) -> None:
    """The transaction that emptied these generations is over: wipe their files, and the database's own log."""
    for name in names:
        wipe(series.path(name))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def sweep() -> int:
    """Wipe the files of generations that are closed and empty (a process may have died before it could). How many.

    A file the database does not know is left alone: it may belong to a newer copy of it, or to a transaction under way.
    """
    emptied = Generation.objects.filter(is_open=False, session_keys=None, record_keys=None)
    swept = 0
    for series in SERIES:
        names = set(emptied.filter(kind=series.kind).values_list("name", flat=True))
        stale = [path for path in series.path("x").parent.glob("*.key") if path.stem in names]
        for path in stale:
            wipe(path)
        swept += len(stale)
    return swept


def files(home: Path) -> list[tuple[Series, Path]]:
    """Every generation's file in a practice's folder."""
    return [(series, path) for series in SERIES for path in sorted((home / series.folder).glob("*.key"))]


def sealed_for(path: Path, content: bytes, keys: Iterable[bytes]) -> None:
    """Write a generation's key sealed under each of these keys, in the place of what was there."""
    replace(path, b"".join(seal(key, content, identity=path.stem) for key in keys))


def _is_of_now(series: Series, generation: Generation) -> bool:
    return series is not DAYS or generation.name.startswith(_today())


def _made(series: Series) -> Generation:
    number = Generation.objects.filter(kind=series.kind).count()
    name = f"{_today() if series is DAYS else series.kind}.{number}.{secrets.token_hex(3)}"
    write_once(series.path(name), seal(ring.key_for(series.purpose), new_key(), identity=name))
    return Generation.objects.create(name=name, kind=series.kind)


def _today() -> str:
    return f"{timezone.now():%Y-%m-%d}"
