"""A client's page: the plan, the notes, the appointments, the consent."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from holdspace.chart import queries
from holdspace.consent.queries import standings
from holdspace.people.queries import client as client_by_id
from holdspace.room.queries import sessions_of
from holdspace.schedule.forms import BookingForm
from holdspace.schedule.queries import appointments_of
from holdspace.ui.http import Request, page

RECENT = 8


@require_GET
def client(request: Request, client_id: int) -> HttpResponse:
    """Everything about one client on one page."""
    found = client_by_id(request.actor, client_id)
    begun = {session.appointment_id: session.pk for session in sessions_of(request.actor, found)}
    booked = appointments_of(request.actor, found)[:RECENT]
    return page(
        request,
        "chart/client.html",
        client=found,
        notes=queries.notes_of(request.actor, found),
        goals=queries.goals_of(request.actor, found),
        diagnoses=queries.diagnoses_of(request.actor, found),
        appointments=[(appointment, begun.get(appointment.pk)) for appointment in booked],
        standings=standings(request.actor, found),
        booking=BookingForm(),
        place="clients",
    )
