"""A signed note refuses every change at the database too, whoever asks and however.

Guarded once signed: the note, its sentences and questions. Guarded always: signatures and addenda. Sealed evidence is
not guarded: its key is destroyed at signing, and the noise that is left may be cleared away with it.
"""

from django.db import migrations

REFUSAL = "a signed note never changes"

# (table, when a change of OLD is refused)
SIGNED_NOTE = "(SELECT state FROM chart_progressnote WHERE id = OLD.note_id) = 'signed'"
GUARDED = [
    ("chart_progressnote", "OLD.state = 'signed'"),
    ("chart_notesentence", SIGNED_NOTE),
    ("chart_notequestion", SIGNED_NOTE),
    ("chart_signature", "1 = 1"),
    ("chart_addendum", "1 = 1"),
]
LATE = [("chart_notesentence", "(SELECT state FROM chart_progressnote WHERE id = NEW.note_id) = 'signed'")]

ON_POSTGRES = """
CREATE FUNCTION holdspace_refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$ LANGUAGE plpgsql
"""


def guard(apps, schema_editor):
    """Make the triggers of this database's kind."""
    write = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgres
    if write is _postgres:
        schema_editor.execute(ON_POSTGRES.format(refusal=REFUSAL))
    for table, when in GUARDED:
        schema_editor.execute(write(table, "UPDATE", when))
        schema_editor.execute(write(table, "DELETE", when))
    for table, when in LATE:
        schema_editor.execute(write(table, "INSERT", when))


def unguard(apps, schema_editor):
    """Take the triggers away again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    names = [(t, e) for t, _ in GUARDED for e in ("UPDATE", "DELETE")] + [(t, "INSERT") for t, _ in LATE]
    for table, event in names:
        on = "" if is_sqlite else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {_name(table, event)}{on}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION holdspace_refuse()")


def _sqlite(table, event, when):
    return (
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _postgres(table, event, when):
    # A WHEN clause may not hold a query on PostgreSQL, so tables that ask about their note use a function of their own.
    if "SELECT" not in when:
        return (
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION holdspace_refuse()"
        )
    name, kept = _name(table, event), "OLD" if event == "DELETE" else "NEW"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {when} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        f"RETURN {kept}; END $$ LANGUAGE plpgsql; "
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _name(table, event):
    return f"{table}_signed_{event.lower()}"


class Migration(migrations.Migration):
    dependencies = [("chart", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
