"""Every table's rows as plain JSON and back, on either database, for a backup and a restore.

Rows go out as the database has them: what is sealed stays sealed. The tables and columns are those of the migrations
that are applied, so a backup that an older Holdspace made can be read by a newer one, which first makes the tables as
they were then and migrates them afterwards.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from holdspace.vault.fields import Encrypted

AT_ONCE = 2000
Rows = list[list[Any]]

STAYS = {
    "admin.logentry": "not used",
    "auth.permission": "made by the migrations",
    "contenttypes.contenttype": "made by the migrations",
    "django_tasks_database.dbtaskresult": "what waits is picked up anew from the rooms' own rows",
    "sessions.session": "everyone signs in again",
    "vault.generation": "its key is a file that enters no backup",
    "vault.recordkey": "keys have a part of their own",
    "vault.sessionkey": "what was heard cannot be restored, and drafts' keys have a part of their own",
    "room.heardsession": "its key enters no backup",
    "room.heardpiece": "its key enters no backup",
    "people.namemark": "made anew",
    "people.nameindex": "made anew",
}
"""Tables that are not backed up, each with why."""


def applied() -> list[tuple[str, str]]:
    """The newest applied migration of each app."""
    loader = MigrationExecutor(connection).loader
    done = set(loader.applied_migrations)
    return sorted(
        key
        for key in done
        if key in loader.graph.node_map
        and not any(
            child.key in done and child.key[0] == key[0] for child in loader.graph.node_map[key].children
        )
    )


def models_at(migrations: Iterable[tuple[str, str]]) -> list[type[models.Model]]:
    """The models as these migrations made them, without those that stay behind. In a fixed order."""
    state = MigrationExecutor(connection).loader.project_state(list(migrations))
    found = [model for model in state.apps.get_models(include_auto_created=True) if model._meta.managed]
    backed_up = [model for model in found if model._meta.label_lower not in STAYS and not model._meta.proxy]
    return sorted(backed_up, key=lambda model: model._meta.label_lower)


def known(migrations: Iterable[tuple[str, str]]) -> bool:
    """Whether this Holdspace has these migrations; it has not when a newer one made the backup."""
    return all(tuple(key) in MigrationExecutor(connection).loader.graph.node_map for key in migrations)


def rows_of(model: type[models.Model]) -> Iterator[Rows]:
    """A table's rows in the order of their keys, some thousand at once, as JSON values."""
    fields = columns(model)
    writers = [_writer(field) for field in fields]
    found = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    batch: Rows = []
    for row in found.iterator(AT_ONCE):
        batch.append([write(value) for write, value in zip(writers, row, strict=True)])
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def insert(model: type[models.Model], names: list[str], rows: Rows) -> None:
    """Put rows into a table as they were."""
    fields = {field.column: field for field in columns(model)}
    readers = [_reader(fields[name]) for name in names]
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    table = connection.ops.quote_name(model._meta.db_table)
    values = [[read(value) for read, value in zip(readers, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        # Table and columns are our own models'.
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", values)  # noqa: S608  # nosec B608


def reset_sequences(kinds: Iterable[type[models.Model]]) -> None:
    """Numbers that the database hands out go on after those that were put in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kinds)):
            cursor.execute(statement)


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """A table's columns, in the order of its fields."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def is_empty() -> bool:
    """Whether no practice is in this database."""
    made = set(connection.introspection.table_names())
    model = apps.get_model("people", "Practice")
    return model._meta.db_table not in made or not model._base_manager.exists()


def _target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _writer(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, Encrypted | models.BinaryField):
        return lambda value: None if value is None else base64.b64encode(value).decode()
    return _text if not isinstance(field, models.JSONField) else _same


def _text(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _same(value: Any) -> Any:
    return value


def _reader(field: models.Field[Any, Any]) -> Any:
    target = _target(field)
    if isinstance(target, Encrypted | models.BinaryField):
        return lambda value: None if value is None else base64.b64decode(value)
    return lambda value: target.get_db_prep_save(target.to_python(value), connection)
