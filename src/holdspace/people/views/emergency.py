"""Opening a record in an emergency (break-glass): whose, why, and closing it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from holdspace.errors import HoldspaceError, NotAllowed
from holdspace.people import actions, queries
from holdspace.people.forms import EmergencyForm
from holdspace.people.fresh import fresh
from holdspace.people.rules import TREATING
from holdspace.ui.http import Request, page, see


@require_http_methods(["GET", "POST"])
@fresh
def emergency(request: Request) -> HttpResponse:
    """Whose record, and why it cannot wait."""
    if request.actor.role not in TREATING:
        raise NotAllowed("There is no such page.")
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        try:
            client = queries.client_in_emergency(
                request.actor, form.cleaned_data["name"], form.cleaned_data["born"]
            )
            actions.open_in_emergency(request.actor, client, reason=form.cleaned_data["reason"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return see("chart:client", client.pk)
    return page(request, "people/emergency.html", form=form, place="clients")


@require_POST
def end_emergency(request: Request, emergency_id: int) -> HttpResponse:
    """Close the record again."""
    actions.end_emergency(request.actor, queries.emergency(request.actor, emergency_id))
    messages.success(request, "The record is closed to you again.")
    return see("people:clients")
