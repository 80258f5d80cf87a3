"""What was said of the draft's words, kept while hers stand in their place.

The column is added where the table stands: made anew, as Django does on SQLite, it would lose the triggers that guard
what is signed. Nothing can be sealed here, so in rows that are there it is empty (vault.fields.EncryptedLater).
"""

from django.db import migrations

import holdspace.vault.fields

EMPTY = {"sqlite": "blob NOT NULL DEFAULT x''", "postgresql": "bytea NOT NULL DEFAULT ''"}


def add(apps, schema_editor):
    """Add the column in this database's kind."""
    kind = EMPTY[schema_editor.connection.vendor]
    schema_editor.execute(f"ALTER TABLE chart_notesentence ADD COLUMN drafted_doubt {kind}")


def take(apps, schema_editor):
    """Take it away again."""
    schema_editor.execute("ALTER TABLE chart_notesentence DROP COLUMN drafted_doubt")


class Migration(migrations.Migration):
    dependencies = [("chart", "0004_what_the_program_did")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, take)],
            state_operations=[
                migrations.AddField(
                    "notesentence",
                    "drafted_doubt",
                    holdspace.vault.fields.EncryptedLater(blank=True, default="", purpose="note"),
                ),
            ],
        ),
    ]
