"""What the lock says about a session being heard behind it: only that it is, with Pause and End."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.room import queries
from holdspace.room.actions import captures
from holdspace.room.rules import ENDING, PAUSED
from holdspace.ui.http import Request, page


@require_GET
def hearing(request: Request) -> HttpResponse:
    """Whether a session of hers is being heard."""
    return _shown(request)


@require_POST
def set_hearing(request: Request) -> HttpResponse:
    """Pause or end it. Going on takes coming back."""
    state = request.POST.get("state", "")
    if state in (PAUSED, ENDING):
        for going in queries.heard_now(request.actor):
            captures.set_capture(request.actor, going, state=state)
    return _shown(request)


def _shown(request: Request) -> HttpResponse:
    states = {capture.state for capture in queries.heard_now(request.actor)}
    return page(request, "room/hearing_now.html" if request.htmx else "room/hearing.html", states=states)
