"""Mass assignment: a form takes the fields it shows; whatever else is sent along changes nothing."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import BinaryField, CharField, DateTimeField, Field, TextField

from holdspace.audit.models import Entry
from holdspace.vault.fields import Encrypted
from holdspace.web.limits import counter
from tests.everything import RUTHS, VERAS, Everything, browser
from tests.security.walking import sending
from tests.walls.test_matrix import SENT, path_to

OURS = {
    "id",
    "pk",
    "place",
    "code",
    "task_id",
    "sealed",
    "wrapped",
    "sha256",
    "previous",
    "signature",
    "token",
}
MEANT = {
    "text",
    "state",
    "answer",
    "format",
    "role",
    "name",
    "participant",
    "born",
    "purpose",
    "mode",
    "section",
    "credential",
    "token",
    "setting",
    "modality",
    "value",
    "jottings",
    "to",
    "about_day",
    "last",
    "address",
    "details",
    "password",
    "code",
    "username",
    "reason",
}
"""Columns that some form shows."""


def everything_kept() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours as it would be kept, without what differs each time by itself."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("holdspace.") and config.label not in ("audit", "vault"):
            for model in config.get_models():
                fields = [field for field in model._meta.concrete_fields if _is_compared(field)]
                kept[model.__name__] = sorted(
                    (
                        tuple(str(getattr(row, field.attname)) for field in fields)
                        for row in model._default_manager.all()
                    ),
                )
    return kept


def _is_compared(field: Field[Any, Any]) -> bool:
    if isinstance(field, BinaryField) and not isinstance(field, Encrypted):
        return False
    return field.name not in OURS and not isinstance(field, DateTimeField)


def extra(house: Everything) -> dict[str, str]:
    """Every column there is, as if it were a field, with what somebody would like it to be."""
    foreign = {name: str(value) for name, value in house.records[VERAS].ids.items()}
    wanted = {
        "role": "owner",
        "is_active": "false",
        "is_closed": "true",
        "state": "signed",
        "practice": "1",
        "clinician": "1",
    }
    columns = {
        field.attname: "1" if not isinstance(field, CharField | TextField) else "owner"
        for config in apps.get_app_configs()
        if config.name.startswith("holdspace.")
        for model in config.get_models()
        for field in model._meta.concrete_fields
    }
    return {**columns, **foreign, **wanted}


def test_no_form_takes_a_field_it_does_not_show(house: Everything) -> None:
    maya, record, more = browser(house.cast.maya), house.records[RUTHS], extra(house)
    compared = 0
    for address in sending():
        sent = {name: value for name, value in SENT.get(address.name, {}).items() if isinstance(value, str)}
        path = path_to(address, record.ids, record.code)
        outcomes = []
        for form in (sent, {**{name: value for name, value in more.items() if name not in MEANT}, **sent}):
            counter.forget()
            with transaction.atomic():
                newest = Entry.objects.latest("number").number
                status = maya.post(path, form).status_code
                verbs = list(
                    Entry.objects.filter(number__gt=newest, outcome="done")
                    .exclude(verb__endswith=".read")
                    .values_list("verb")
                )
                outcomes.append((status, verbs, everything_kept()))
                transaction.set_rollback(True)
        assert outcomes[0] == outcomes[1], address.name
        compared += outcomes[0][0] in (200, 302)
    assert compared > 15


def test_the_comparison_sees_a_field_that_was_taken(house: Everything) -> None:
    before = everything_kept()
    house.cast.ruth.pronouns = "they/them"
    house.cast.ruth.save()
    assert everything_kept() != before
