"""Brings values of the first version under keys of their owners, a little at a time, in practices that have such.

Values of version 1 stood under one key of the whole practice. Each batch is a transaction: its values sealed anew, and
the place it came to. Stopped anywhere, it goes on from there; values not yet reached stay readable until it is done.
"""

from time import monotonic

from django.apps import apps
from django.db import models

from holdspace.vault import record_keys, session_keys
from holdspace.vault.envelope import VERSION as FIRST
from holdspace.vault.fields import Encrypted
from holdspace.vault.guards import lifted
from holdspace.vault.models import BringingOver
from holdspace.vault.tombstones import LIST_OWNER
from holdspace.vault.whose import whose

AT_ONCE = 200
FOREVER = float("inf")


def bring_over(*, within_s: float = FOREVER) -> bool:
    """Seal anew what is of the first version, for about so long. Whether all of it is done."""
    if BringingOver.objects.filter(pk=1, is_done=True).exists():
        return True
    until = monotonic() + within_s
    record_keys.key_for_saving(LIST_OWNER)
    session_keys.bring_over()
    while monotonic() < until:
        if _batch():
            return True
    return False


def sealed_models() -> list[type[models.Model]]:
    """Every model with encrypted fields, in a fixed order."""
    found = [model for model in apps.get_models() if fields_of(model)]
    return sorted(found, key=lambda model: model._meta.label)


def fields_of(model: type[models.Model]) -> list[Encrypted]:
    """The encrypted fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, Encrypted)]


def _batch() -> bool:
    """One batch, and the place it came to. Whether nothing is left."""
    at, _ = BringingOver.objects.get_or_create(pk=1)
    labels = [model._meta.label for model in sealed_models()]
    if not at.model:
        at.model = labels[0]
    model = apps.get_model(at.model)
    with lifted([model._meta.db_table]):
        rows = _rows(model, after=at.last_id)
        for row in rows:
            _seal_anew(row)
        at.last_id = rows[-1].pk if rows else 0
        if not rows:
            later = [label for label in labels if label > at.model]
            at.model, at.is_done = (later[0], False) if later else ("", True)
        at.save()
    return at.is_done


def _rows(model: type[models.Model], *, after: int) -> list[models.Model]:
    rows = model._base_manager.filter(pk__gt=after).order_by("pk")
    related = whose(model).related
    return list((rows.select_related(related) if related else rows)[:AT_ONCE])


def _seal_anew(row: models.Model) -> None:
    old = [field for field in fields_of(type(row)) if bytes(row.__dict__[field.attname])[:1] == FIRST]
    if old:
        sealed = {field.attname: field.pre_save(row, add=False) for field in old}
        type(row)._base_manager.filter(pk=row.pk).update(**sealed)
