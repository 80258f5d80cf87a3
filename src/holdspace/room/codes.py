"""From a code to the session it belongs to: the one way in without an account, and only to what its people may do."""

from dataclasses import dataclass

from holdspace.access.actor import Actor
from holdspace.consent import codes
from holdspace.people.models import Client
from holdspace.room.models import Capture, Session
from holdspace.room.rules import CAPTURING, DICTATION
from holdspace.schedule.rules import REMOTE


@dataclass(frozen=True, slots=True)
class InTheRoom:
    """Whoever has a session's code, whose session it is, and its capture while it is being heard."""

    actor: Actor
    client: Client
    session_id: int
    capture: Capture | None
    is_remote: bool = False


def by_code(code: str) -> InTheRoom | None:
    """What the code opens now; None when it opens nothing. What she dictates for herself is not shown."""
    found = codes.by_code(code)
    if found is None:
        return None
    actor, invited = found
    going = Capture.objects.select_related("session__clinician").filter(
        session_id=invited.session_id, state__in=CAPTURING
    )
    held = Session.objects.filter(pk=invited.session_id, appointment__setting__in=REMOTE)
    return InTheRoom(
        actor, invited.client, invited.session_id, going.exclude(mode=DICTATION).first(), held.exists()
    )
