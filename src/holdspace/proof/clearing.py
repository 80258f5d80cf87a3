"""Takes the trial away again, to the last row and the last key; entries of the log stay, because it never forgets.

Rows are found by following every foreign key from the trial's practice, so a room that comes later is found too. They
are deleted past the models' own guards, children first: a row that is left behind by a killed run is whatever it is.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session as SignedIn
from django.db import connection, transaction
from django.db.models import ForeignKey, Model, Q, QuerySet
from django_tasks_db.models import DBTaskResult

from holdspace.people.models import Client, Clinician, Practice
from holdspace.people.rules import TRIAL
from holdspace.proof.backed_up import is_left, take_away
from holdspace.room import live_audio
from holdspace.room.models import Capture, Session
from holdspace.vault import record_keys
from holdspace.vault.models import Destruction
from holdspace.vault.reasons import ASKED
from holdspace.vault.session_keys import destroy_keys
from holdspace.vault.whose import CLIENT, DRAFT, HEARD, PRACTICE, VOICE, Owner

Rows: TypeAlias = dict[type[Model], set[Any]]
"""Primary keys, by model."""


def rows_of_the_trial() -> Rows:
    """Every row that belongs to the trial's practice, however far down."""
    found: Rows = {Practice: set(Practice.objects.filter(pk=TRIAL).values_list("pk", flat=True))}
    grew = True
    while grew:
        grew = False
        for model, name, parent in _links():
            above = found.get(parent)
            if above:
                known = found.setdefault(model, set())
                below = model._base_manager.filter(**{f"{name}__in": above}).values_list("pk", flat=True)
                more = set(below) - known
                known |= more
                grew = grew or bool(more)
    return {model: pks for model, pks in found.items() if pks}


def clear() -> int:
    """Destroy the trial's keys and delete its rows. How many rows there were."""
    for capture in Capture.objects.filter(session__clinician__practice_id=TRIAL):
        live_audio.close_line(capture.pk)
    take_away()
    with transaction.atomic():
        rows = rows_of_the_trial()
        of_sessions, owners = _keys(rows)
        destroy_keys(of_sessions, rule=ASKED, kinds=(HEARD, DRAFT))
        record_keys.destroy(owners, rule=ASKED)
        _certificates(of_sessions, owners).delete()
        for model in _children_first(rows):
            model._base_manager.filter(pk__in=rows[model])._raw_delete(connection.alias)
        signed_in, tasks = _sign_ins(), _tasks()
        SignedIn.objects.filter(pk__in=signed_in).delete()
        DBTaskResult.objects.filter(pk__in=tasks).delete()
    return sum(map(len, rows.values())) + len(signed_in) + len(tasks)


def left_behind() -> list[str]:
    """Tables in which something of the trial still is, besides the log."""
    rows = rows_of_the_trial()
    of_sessions, owners = _keys(rows)
    left = [model._meta.db_table for model in rows]
    left += ["keys"] * any(record_keys.has_key(owner) for owner in owners)
    left += ["certificates"] * _certificates(of_sessions, owners).exists() + ["backups"] * is_left()
    return left + ["sign-ins"] * bool(_sign_ins()) + ["tasks"] * bool(_tasks())


def _keys(rows: Rows) -> tuple[list[int], list[Owner]]:
    """Whose keys are the trial's: its sessions, and everybody who has a key of the record."""
    owners = [Owner(CLIENT, pk) for pk in rows.get(Client, ())]
    owners += [Owner(VOICE, pk) for pk in rows.get(Clinician, ())]
    return sorted(rows.get(Session, ())), [*owners, Owner(PRACTICE, TRIAL)]


def _certificates(sessions: list[int], owners: list[Owner]) -> QuerySet[Destruction]:
    """What the trial destroyed is no certificate of the practice's; the list outside the database keeps its lines."""
    found = Q(kind__in=(HEARD, DRAFT), owner_id__in=sessions)
    for owner in owners:
        found |= Q(kind=owner.kind, owner_id=owner.id)
    return Destruction.objects.filter(found)


def _links() -> Iterator[tuple[type[Model], str, type[Model]]]:
    """Every foreign key: the model that has it, its name, and the model it leads to."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                yield model, field.name, field.related_model


def _children_first(rows: Rows) -> Iterator[type[Model]]:
    left = set(rows)
    while left:
        links = [(model, parent) for model, _, parent in _links() if model in left and model is not parent]
        free = left - {parent for _, parent in links}
        yield from sorted(free, key=lambda model: model._meta.label)
        left -= free


def _sign_ins() -> list[str]:
    """Cookies of the trial's people. Their numbers are below zero."""
    return [
        row.pk
        for row in SignedIn.objects.all()
        if str(row.get_decoded().get(SESSION_KEY, "")).startswith("-")
    ]


def _tasks() -> list[Any]:
    """Tasks of the trial's practice: their first argument is its number."""
    return list(DBTaskResult.objects.filter(args_kwargs__args__0=TRIAL).values_list("pk", flat=True))
