"""Booking a time, from the client's page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from holdspace.errors import BadInput
from holdspace.people.queries import client as client_of
from holdspace.people.queries import practice
from holdspace.schedule import actions
from holdspace.schedule.forms import BookingForm
from holdspace.ui.http import Request, see


@require_POST
def book(request: Request, client_id: int) -> HttpResponse:
    """Book one appointment on the practice's clock."""
    client = client_of(request.actor, client_id)
    form = BookingForm(request.POST)
    if not form.is_valid():
        slips = ", ".join(str(form[name].label) for name in form.errors)
        raise BadInput("This is not a time to book.", then=f"Look again at: {slips}.")
    asked = form.cleaned_data
    start = datetime.combine(asked["day"], asked["start"], ZoneInfo(practice(request.actor).zone))
    actions.book_appointment(
        request.actor,
        client,
        start=start,
        end=start + timedelta(minutes=asked["minutes"]),
        setting=asked["setting"],
        modality=asked["modality"],
    )
    return see("chart:client", client_id, anchor="appointments-title")
