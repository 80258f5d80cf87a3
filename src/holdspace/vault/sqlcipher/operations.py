"""Operations that differ from SQLite's: emptying a whole database must pass the triggers that guard single rows."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.sqlite3.operations import DatabaseOperations as SQLiteOperations


class DatabaseOperations(SQLiteOperations):
    """As SQLite's, where not said otherwise."""

    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """Take the triggers away, empty the tables, put the triggers back: what TRUNCATE does on PostgreSQL."""
        emptied: list[str] = super().sql_flush(
            style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
        )
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        taken = [f"DROP TRIGGER {self.quote_name(name)};" for name, _ in triggers]
        return taken + emptied + [sql for _, sql in triggers]
