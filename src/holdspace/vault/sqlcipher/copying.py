"""A copy of the encrypted database under another key, checked before it takes the place of the old file.

The copy is made by SQLCipher's own export, row by row: what was deleted and only waits to be overwritten is not carried
along. The old file is not written to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as Database  # noqa: N812  # as in base.py

from holdspace.errors import DiskFull
from holdspace.vault.home import through_to_disk
from holdspace.vault.in_use import InUse
from holdspace.vault.sqlcipher.base import DatabaseDamaged, damage_said

BESIDE = ("-wal", "-shm", "-journal")


def next_to(database: Path) -> Path:
    """Where the copy is made."""
    return database.with_name(database.name + ".next")


def opens(database: Path, key: bytes) -> bool:
    """Whether the file opens under this key."""
    connection = _connected(database, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Database.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def copy(database: Path, key: bytes, new: bytes, *, told: Callable[[float], None] = lambda _: None) -> None:
    """Make the copy under another key, through to the disk, and check it. Nobody else may have the database open.

    Raises DiskFull, DatabaseDamaged; what is beside the database then is no copy.
    """
    made = next_to(database)
    source = _connected(database, key)
    try:
        with damage_said(), _somebody_else_said():
            # The log of the database joins its file first, so that the file alone is all of it.
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            source.execute("PRAGMA journal_mode = DELETE").fetchone()
            told(0.1)
            source.execute("ATTACH DATABASE ? AS made KEY ?", (str(made), f"x'{new.hex()}'"))
            source.execute("PRAGMA made.journal_mode = OFF").fetchone()
            _export(source)
            told(0.6)
            was = _content(source)
            source.execute("DETACH DATABASE made")
    finally:
        source.close()
    made.chmod(0o600)
    through_to_disk(made)
    told(0.8)
    _check(made, new, was)
    told(1.0)


def put_in_place(database: Path) -> None:
    """Put the copy where the database is, in one step."""
    for ending in BESIDE:  # of the old file; read into the new one they would be noise
        database.with_name(database.name + ending).unlink(missing_ok=True)
    next_to(database).rename(database)
    through_to_disk(database.parent)


@contextmanager
def _somebody_else_said() -> Iterator[None]:
    """Another program has the file open: the practice's own processes were asked to leave before."""
    try:
        yield
    except Database.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise InUse(
            "Another program has the practice\u2019s database open.",
            kept="It is as it was.",
            then="Close that program, then try again.",
        ) from None


def _export(source: Any) -> None:
    try:
        source.execute("SELECT sqlcipher_export('made')").fetchone()
    except Database.OperationalError as error:
        if "full" in str(error) or "disk I/O" in str(
            error
        ):  # a limit other than the disk's size reads as the latter
            raise DiskFull("The copy could not be written: the disk is full, or does not take it.") from None
        raise


def _check(made: Path, key: bytes, was: list[tuple[Any, ...]]) -> None:
    connection = _connected(made, key)
    try:
        with damage_said():
            torn = connection.execute("PRAGMA cipher_integrity_check").fetchmany(1)
            is_same = _content(connection) == was
    finally:
        connection.close()
    if torn or not is_same:
        raise DatabaseDamaged(
            "The copy of the records under their new key is not as it should be.",
            kept="The records are as they were, under the key they had.",
            then="Look at the disk, then try again.",
        )


def _content(connection: Any) -> list[tuple[Any, ...]]:
    """Every table, index and trigger as it is made, and how many rows each table has."""
    made = connection.execute("SELECT type, name, sql FROM main.sqlite_master ORDER BY type, name").fetchall()
    tables = [name for kind, name, _ in made if kind == "table"]
    # The names are the database's own.
    counts = [connection.execute(f'SELECT count(*) FROM main."{name}"').fetchone() for name in tables]  # noqa: S608  # nosec B608
    return [*made, *counts]


def _connected(database: Path, key: bytes) -> Any:
    connection = Database.connect(str(database), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection
