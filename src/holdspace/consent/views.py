"""Giving consent and taking it back, on the client's page."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from holdspace.consent import actions, queries
from holdspace.people.queries import client as client_of
from holdspace.ui.http import Request, page, see


@require_POST
def record(request: Request, client_id: int) -> HttpResponse:
    """Record or revoke one participant's consent; both are one step."""
    client = client_of(request.actor, client_id)
    participant = request.POST.get("participant", "")
    if request.POST.get("act") == "revoke":
        actions.revoke_consent(request.actor, client, participant=participant)
    else:
        actions.record_consent(request.actor, client, participant=participant)
    if not request.htmx:
        return see("chart:client", client_id, anchor="consent")
    standings = queries.standings(request.actor, client)
    return page(request, "consent/consent.html", client=client, standings=standings)
