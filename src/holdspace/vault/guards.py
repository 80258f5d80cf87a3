"""Lifts the triggers that refuse changes (a signed note never changes), inside one transaction, and puts them back.

Only where rows are written as they stand, by nobody's decision: sealing values anew, and restoring a backup. Whatever
stops on the way undoes the whole transaction, the lifting included.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def lifted(tables: Iterable[str]) -> Iterator[None]:
    """Write to these tables without their guards, in one transaction."""
    names = sorted(set(tables))
    with transaction.atomic():
        if connection.vendor == "sqlite":
            with _taken_away(names):
                yield
        else:
            _switch("DISABLE", names)
            yield
            _switch("ENABLE", names)


@contextmanager
def _taken_away(tables: list[str]) -> Iterator[None]:
    marks = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        # The marks are ours; the names are parameters.
        select = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})"  # noqa: S608  # nosec B608
        cursor.execute(select, tables)
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for _, statement in triggers:
            cursor.execute(statement)


def _switch(how: str, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait cannot be altered
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} {how} TRIGGER USER")
