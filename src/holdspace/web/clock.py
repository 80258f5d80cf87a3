"""Times on pages are the practice's own clock, whatever the server's."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from holdspace.people.queries import practice


class PracticeClock:
    """Middleware, after the actor is known: templates show the practice's zone.

    Who comes by a code has no actor yet; the view that knows the code sets the zone (room.views.client_view), for this
    request only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the practice's zone active."""
        actor = getattr(request, "actor", None)
        with timezone.override(ZoneInfo(practice(actor).zone) if actor else None):
            return self._get_response(request)
