"""A client's page: the plan, the notes, the appointments, the consent."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from holdspace.access.policy import allows, scope_of
from holdspace.chart import history, queries
from holdspace.consent.asking import section
from holdspace.consent.disclosed import how_many
from holdspace.consent.queries import reads_consent
from holdspace.people.queries import client as client_by_id
from holdspace.room.queries import sessions_of
from holdspace.room.switchboard import row_of
from holdspace.schedule.forms import BookingForm
from holdspace.schedule.queries import appointments_of
from holdspace.schedule.rules import REMOTE
from holdspace.ui.http import Request, page

RECENT = 8


@require_GET
def client(request: Request, client_id: int) -> HttpResponse:
    """Everything about one client on one page."""
    found = client_by_id(request.actor, client_id)
    sessions = sessions_of(request.actor, found)
    begun = {session.appointment_id: session.pk for session in sessions}
    unsigned = next((session.pk for session in sessions if not session.is_closed), 0)
    booked = appointments_of(request.actor, found)[:RECENT]
    is_remote = any(one.setting in REMOTE for one in booked)
    consent = {"client": found}
    if reads_consent(request.actor, found):
        consent = section(request.actor, found, unsigned, is_remote=is_remote)
    return page(
        request,
        "chart/client.html",
        notes=queries.notes_of(request.actor, found),
        goals=queries.goals_of(request.actor, found),
        diagnoses=queries.diagnoses_of(request.actor, found),
        appointments=[(appointment, begun.get(appointment.pk)) for appointment in booked],
        **consent,
        disclosed=how_many(request.actor, found),
        booking=BookingForm(),
        may_book=allows(request.actor, "appointment.book", found.whereabouts()),
        sees_notes=scope_of(request.actor, "note.read") != "-",
        row=row_of(request.actor, found) if scope_of(request.actor, "switch.read") != "-" else None,
        sees_log=history.sees_log_of(request.actor, found),
        place="clients",
    )
