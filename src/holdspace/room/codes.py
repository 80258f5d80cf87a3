"""From a code to the capture that shows it: the one way in without an account, and only to that it is heard."""

from holdspace.access.actor import Actor
from holdspace.room.models import Capture
from holdspace.room.rules import CAPTURING


def by_code(code: str) -> tuple[Actor, Capture] | None:
    """Whoever has the code as an actor, and the capture that shows it now; None when no capture does."""
    if not code:
        return None
    going = Capture.objects.select_related("session__clinician").filter(code=code, state__in=CAPTURING)
    found = going.first()
    return (Actor.in_the_room(found.session.clinician.practice_id), found) if found else None
