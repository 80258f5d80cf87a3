"""The connection. Differs from Django's own only where the module `sqlite3` is named, and in the key.

The key is given raw (`x'…'`): the slow derivation from the passphrase happened once, in vault.keys. `secure_delete`
overwrites what is deleted (it is off as shipped), and the write-ahead log lets pages be read while a draft is saved.
"""

import datetime
import decimal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base as sqlite
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]  # untyped in django-stubs
    register as register_functions,
)
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database  # noqa: N812  # the name Django looks for

from holdspace.errors import DiskFull, Unavailable
from holdspace.vault.keys import DATABASE, ring
from holdspace.vault.shared_records import SharedRecords
from holdspace.vault.sqlcipher.operations import DatabaseOperations

DAMAGED = ("not a database", "malformed", "disk I/O error")
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)


def opened(key: bytes, **conn_params: Any) -> Any:
    """A connection to the file under this key. Raises DatabaseDamaged where the file does not open under it."""
    connection = Database.connect(**conn_params)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except Database.DatabaseError as error:
        connection.close()
        with damage_said():
            raise error from None
    return connection


class DatabaseWrapper(SharedRecords, sqlite.DatabaseWrapper):
    """A connection to an encrypted file."""

    display_name = "SQLCipher"
    Database = Database
    ops_class = DatabaseOperations

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect and give the key. Raises Locked while the practice is not open, DatabaseDamaged."""
        connection = opened(ring.key_for(DATABASE), **conn_params)
        register_functions(connection)
        return connection

    def create_cursor(self, name: object = None) -> Any:  # noqa: ARG002  # Django's signature
        """A cursor that takes Django's `%s` parameters."""
        return self.connection.cursor(factory=Cursor)

    def _commit(self) -> None:
        with damage_said():
            super()._commit()  # type: ignore[misc]  # private to Django, missing from its stubs


@contextmanager
def damage_said() -> Iterator[None]:
    """A full disk and a damaged page as errors of ours."""
    try:
        yield
    except Database.DatabaseError as error:
        if "is full" in str(error):
            raise DiskFull(
                "The disk is full.",
                kept="Nothing of this step was saved; everything before it was.",
                then="Free some space and try again.",
            ) from None
        if any(words in str(error) for words in DAMAGED):
            raise DatabaseDamaged(
                "A page of the practice's database cannot be read: it is damaged.",
                kept="Nothing was changed. Your backups are as they were.",
                then="Stop Holdspace, copy the practice's folder, and restore the newest backup.",
            ) from None
        raise


class DatabaseDamaged(Unavailable):
    """The database's file, or a page of it, does not open under its key."""

    code = "database-damaged"


class Cursor(Database.Cursor):  # type: ignore[misc]  # sqlcipher3 ships no types
    """Django's SQLite cursor, restated: its methods call a zero-argument super() of the other module."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        with damage_said():
            if params is None:
                return Database.Cursor.execute(self, query)
            return Database.Cursor.execute(self, _converted(query, params), params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement many times."""
        rows = list(param_list)
        with damage_said():
            return Database.Cursor.executemany(self, _converted(query, rows[0] if rows else ()), rows)

    def fetchone(self) -> Any:
        """The next row."""
        with damage_said():
            return Database.Cursor.fetchone(self)

    def fetchmany(self, size: int = 1) -> Any:
        """The next rows."""
        with damage_said():
            return Database.Cursor.fetchmany(self, size)

    def fetchall(self) -> Any:
        """All rows that are left."""
        with damage_said():
            return Database.Cursor.fetchall(self)


def _converted(query: str, params: Any) -> str:
    if hasattr(params, "keys"):
        return query % {name: f":{name}" for name in params}
    return sqlite.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _text(convert: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda raw: convert(raw.decode())


# The converters Django registers with Python's own module, once more for this one.
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", _text(parse_date))
Database.register_converter("time", _text(parse_time))
Database.register_converter("datetime", _text(parse_datetime))
Database.register_converter("timestamp", _text(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, datetime.date.isoformat)
Database.register_adapter(datetime.datetime, lambda moment: moment.isoformat(" "))
