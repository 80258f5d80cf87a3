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

from holdspace.errors import DiskFull, WrongPassphrase
from holdspace.vault.keys import ring
from holdspace.vault.sqlcipher.operations import DatabaseOperations

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """A connection to an encrypted file."""

    display_name = "SQLCipher"
    Database = Database
    ops_class = DatabaseOperations

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect and give the key. Raises Locked while the practice is not open."""
        key = ring.key_for("database").hex()
        connection = Database.connect(**conn_params)
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except Database.DatabaseError as error:
            connection.close()
            if "not a database" in str(error):
                raise WrongPassphrase("The practice's database does not open under this key.") from None
            raise
        register_functions(connection)
        return connection

    def create_cursor(self, name: object = None) -> Any:  # noqa: ARG002  # Django's signature
        """A cursor that takes Django's `%s` parameters."""
        return self.connection.cursor(factory=Cursor)

    def _commit(self) -> None:
        with _disk_full_said():
            super()._commit()  # type: ignore[misc]  # private to Django, missing from its stubs


@contextmanager
def _disk_full_said() -> Iterator[None]:
    try:
        yield
    except Database.OperationalError as error:
        if "is full" not in str(error):
            raise
        raise DiskFull(
            "The disk is full.",
            kept="Nothing of this step was saved; everything before it was.",
            then="Free some space and try again.",
        ) from None


class Cursor(Database.Cursor):  # type: ignore[misc]  # sqlcipher3 ships no types
    """Django's SQLite cursor, restated: its methods call a zero-argument super() of the other module."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        with _disk_full_said():
            if params is None:
                return Database.Cursor.execute(self, query)
            return Database.Cursor.execute(self, _converted(query, params), params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement many times."""
        rows = list(param_list)
        with _disk_full_said():
            return Database.Cursor.executemany(self, _converted(query, rows[0] if rows else ()), rows)


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
