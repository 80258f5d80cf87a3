"""What the program did for a note, frozen at signing; the database refuses to change it, as it does a signature."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import holdspace.vault.fields

TABLE = "chart_draftledger"
SIGNED = "(SELECT state FROM chart_progressnote WHERE id = NEW.note_id) = 'signed'"
GUARDS = [("UPDATE", "1 = 1"), ("DELETE", "1 = 1"), ("INSERT", SIGNED)]
signed = import_module("holdspace.chart.migrations.0002_signed_never_changes")


def guard(apps, schema_editor):
    """Make the triggers of this database's kind."""
    write = signed._sqlite if schema_editor.connection.vendor == "sqlite" else signed._postgres
    for event, when in GUARDS:
        schema_editor.execute(write(TABLE, event, when))


def unguard(apps, schema_editor):
    """Take the triggers away again."""
    on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    for event, _ in GUARDS:
        schema_editor.execute(f"DROP TRIGGER {signed._name(TABLE, event)}{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("chart", "0003_psychotherapy_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftLedger",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=holdspace.vault.fields.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("uses", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict)),
                ("frozen_at", models.DateTimeField()),
                (
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger",
                        to="chart.progressnote",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
