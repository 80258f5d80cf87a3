"""Hearing switched off while a session is being heard: it stops within a second, however busy the engine is.

The listener stops at its next round and knows the language by then; while it waits for an engine that is busy with a
long stretch, the keeper (workflows.consent_taken_back) ends the capture in its place. What was understood until then is
kept; what the engine answers afterwards is not.
"""

from time import monotonic

from holdspace.access.actor import Actor
from holdspace.assist.doorway import forget_ahead
from holdspace.assist.queries import hearing_off_at
from holdspace.audit.log import event_log
from holdspace.people.models import Practice
from holdspace.room import live_audio
from holdspace.room.actions.captures import finish_capture
from holdspace.room.queries import captures
from holdspace.room.rules import SWITCHED_OFF

log = event_log("switches")

PATIENCE_S = 0.4
"""How long the listener has to stop by itself."""


class Watch:
    """Looks for captures whose switch is off and ends those the listener has not ended yet."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}

    def round(self) -> int:
        """Look once. How many were ended here."""
        actors = map(Actor.worker, Practice.objects.values_list("pk", flat=True))
        off = {
            capture.pk: (actor, capture)
            for actor in actors
            for capture in captures(actor)
            if hearing_off_at(actor, capture.session.around())
        }
        now = monotonic()
        self._seen = {pk: self._seen.get(pk, now) for pk in off}
        late = [off[pk] for pk, since in self._seen.items() if now - since >= PATIENCE_S]
        for actor, capture in late:
            live_audio.drop_waiting(capture.pk)
            finish_capture(actor, capture, language="", why=SWITCHED_OFF)
            forget_ahead(capture.session.around())
            log("capture.ended", capture=capture.pk, why=SWITCHED_OFF)
        return len(late)
