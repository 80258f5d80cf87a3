"""Verbs over AI: switching it."""

from holdspace.access.action import action
from holdspace.access.actor import Actor, Subject
from holdspace.assist.models import Switch
from holdspace.assist.rules import LEVELS, SWITCHES
from holdspace.errors import BadInput
from holdspace.people.models import Practice


@action("switch.set")
def set_switch(actor: Actor, about: Subject, *, name: str, is_on: bool) -> Switch:
    """Switch something off or on for a clinician, a client or a session (the narrowest off wins)."""
    return _set(actor, about, name, is_on=is_on)


@action("practice.switch")
def set_practice_switch(actor: Actor, practice: Practice, *, name: str, is_on: bool) -> Switch:
    """Switch something off or on for the whole practice."""
    return _set(actor, practice, name, is_on=is_on)


def _set(actor: Actor, about: Subject, name: str, *, is_on: bool) -> Switch:
    where = about.whereabouts()
    if name not in SWITCHES or where.kind not in LEVELS:
        raise BadInput("There is no such switch.")
    switch, _ = Switch.objects.update_or_create(
        level=where.kind,
        about_id=where.id,
        name=name,
        defaults={"practice_id": actor.practice_id, "is_on": is_on},
    )
    return switch
