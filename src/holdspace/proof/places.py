"""Where is searched: the practice's whole folder, the temporary folders, the database raw and with its key."""

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.db import connection

from holdspace.proof.beside import read_beside
from holdspace.proof.needles import PACKED, Needles, longest
from holdspace.proof.packed import unpacked
from holdspace.proof.plain_pages import plain_log, plain_pages
from holdspace.vault.keys import ring

AT_ONCE = 16 * 1024 * 1024
ROWS_AT_ONCE = 2000
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  # where others leave things, and we must not  # nosec B108
ENCRYPTED = ("practice.db", "practice.db-wal")
"""Random to whoever has no key: nothing can be unpacked there."""


class Place(Protocol):
    """Bytes that are searched, a piece at a time."""

    @property
    def name(self) -> str:
        """Where it is, as a person is told."""
        ...

    def pieces(self) -> Iterator[bytes]:
        """Its content; each piece begins with the end of the one before."""
        ...


@dataclass(frozen=True, slots=True)
class InFile:
    """One file as it lies there."""

    path: Path
    overlap: int

    @property
    def name(self) -> str:
        """Where it is, by its folder: a file's own name might tell something."""
        return str(self.path.parent)

    def pieces(self) -> Iterator[bytes]:
        """Its content. What vanished meanwhile, or may not be read, has none."""
        tail = b""
        with suppress(OSError), _opened(self.path) as stream:
            while raw := stream.read(AT_ONCE):
                yield tail + raw
                tail = raw[-self.overlap :]


@dataclass(frozen=True, slots=True)
class Decrypted:
    """The database with its key in hand."""

    @property
    def name(self) -> str:
        """What it is."""
        return "the database, decrypted"

    def pieces(self) -> Iterator[bytes]:
        """Every page, free ones too; on PostgreSQL every row of every table."""
        if connection.vendor != "sqlite":
            yield from _rows()
            return
        path, key = Path(connection.settings_dict["NAME"]), ring.key_for("database")
        yield from plain_pages(path, key)
        yield from plain_log(path.with_name(path.name + "-wal"), key)


@dataclass(frozen=True, slots=True)
class Found:
    """Something of the trial that lies where it must not."""

    where: str
    encoding: str

    def __str__(self) -> str:
        return f"found in {self.where}, as {self.encoding}"


def files_of_the_practice() -> list[Path]:
    """Every file in the practice's folder, and the database's own where it lies elsewhere."""
    found = _files(settings.CONFIG.home)
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        found |= {path for path in database.parent.glob(f"{database.name}*") if path.is_file()}
    return sorted(found)


def temporary_files(since: float) -> list[Path]:
    """This account's files in the temporary folders that were written since then (seconds)."""
    folders = {Path(folder) for folder in (*TEMPORARY, os.environ.get("TMPDIR", "/tmp"))}  # noqa: S108  # nosec B108
    home = Path(settings.CONFIG.home)
    return sorted(
        path
        for folder in folders
        for path in _files(folder)
        if not path.is_relative_to(home) and _is_ours_since(path, since)
    )


def search(places: list[Place], needles: Needles, *, unpack: bool = True) -> list[Found]:
    """Where any of the needles lies. Packed content is unpacked where that may make sense."""
    return [
        Found(place.name, encoding)
        for place in places
        for encoding in dict.fromkeys(_in(place, needles, unpack=unpack and _may_be_packed(place)))
    ]


def in_files(paths: list[Path], needles: Needles) -> list[Place]:
    """The files as places to search for these."""
    return [InFile(path, longest(needles)) for path in paths]


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    """A file to read; the database's own are read beside this process."""
    return read_beside(path) if _is_the_databases(path) else path.open("rb")


def _is_the_databases(path: Path) -> bool:
    return connection.vendor == "sqlite" and path.name.startswith(Path(connection.settings_dict["NAME"]).name)


def _in(place: Place, needles: Needles, *, unpack: bool) -> Iterator[str]:
    for piece in place.pieces():
        for encoding, some in needles.items():
            if any(needle in piece for needle in some):
                yield encoding
        if unpack and any(
            needle in plain for plain in unpacked(piece) for some in needles.values() for needle in some
        ):
            yield PACKED


def _may_be_packed(place: Place) -> bool:
    return not (isinstance(place, InFile) and place.path.name.startswith(ENCRYPTED))


def _files(folder: Path) -> set[Path]:
    found = set()
    for place, _, names in os.walk(folder, onerror=lambda _: None):
        found |= {Path(place) / name for name in names}
    return {path for path in found if _is_plain(path)}


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _is_ours_since(path: Path, since: float) -> bool:
    try:
        told = path.stat()
    except OSError:
        return False
    return told.st_uid == os.getuid() and told.st_mtime >= since


def _rows() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # our own tables' names  # nosec B608
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield b"\0".join(_bytes(value) for row in rows for value in row)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
