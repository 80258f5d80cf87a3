"""Reads of switches and the ledger."""

from django.db.models import Q

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.assist.models import AiUse, Switch
from holdspace.assist.rules import Around, Level, deciding


def switched_off_at(actor: Actor, name: str, around: Around) -> Level | None:
    """The level whose switch turns `name` off here, or None when it is on."""
    about = (
        Q(level="practice", about_id=around.practice_id)
        | Q(level="clinician", about_id=around.clinician_id)
        | Q(level="client", about_id=around.client_id)
        | Q(level="session", about_id=around.session_id)
    )
    rows = Switch.objects.filter(about, practice_id=actor.practice_id, name=name)
    return deciding(name, [(row.level, row.is_on) for row in rows])  # type: ignore[misc]  # levels are the model's


def uses(actor: Actor, session_id: int) -> list[AiUse]:
    """What AI was used in one session, in order."""
    if scope_of(actor, "switch.read") == "-":
        return []
    return list(AiUse.objects.filter(practice_id=actor.practice_id, session_id=session_id).order_by("at"))
