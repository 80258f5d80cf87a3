"""From a code to those who may answer with it. Whoever has it was told it in the session."""

from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.consent.models import Invitation
from holdspace.consent.rules import is_invited


def by_code(code: str) -> tuple[Actor, Invitation] | None:
    """Whoever has the code as an actor, and what they are invited to; None when the code opens nothing."""
    found = (
        Invitation.objects.select_related("client__practice", "client__clinician").filter(code=code).first()
    )
    if not code or found is None or not is_invited(found.made_at, timezone.now()):
        return None
    return Actor.in_the_room(found.client.practice_id), found
