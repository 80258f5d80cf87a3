"""Her psychotherapy note on a session: one quiet page, saved as she types, and hers alone."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from holdspace.chart import actions, queries
from holdspace.errors import BadInput
from holdspace.ui.http import Request, page, see

LONGEST = 100_000


@require_http_methods(["GET", "POST"])
def private(request: Request, session_id: int) -> HttpResponse:
    """Read and write it."""
    held = queries.session_of_private_note(request.actor, session_id)
    if request.method == "GET":
        note = queries.private_note(request.actor, held)
        return page(request, "chart/private.html", session=held, note=note, place="today")
    text = request.POST.get("text", "")
    if len(text) > LONGEST:
        raise BadInput("This is too long for one note.", kept="What you typed is still on this page.")
    kept = actions.write_private_note(request.actor, held, text=text, seen_at=_seen_at(request))
    if request.htmx:
        return page(request, "chart/private_saved.html", note=kept)
    return see("chart:private", session_id)


def _seen_at(request: Request) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None
