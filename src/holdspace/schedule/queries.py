"""Reads of the schedule."""

from datetime import date

from django.db.models import QuerySet

from holdspace.access.actor import Actor
from holdspace.access.sight import one, within
from holdspace.people.models import Client
from holdspace.people.queries import practice
from holdspace.schedule.models import Appointment
from holdspace.schedule.rules import day_bounds


def appointments_on(actor: Actor, day: date) -> list[Appointment]:
    """A day's appointments in order, the day being the practice's own."""
    first, after = day_bounds(day, practice(actor).zone)
    return list(_appointments(actor).filter(start__gte=first, start__lt=after).order_by("start"))


def appointments_of(actor: Actor, client: Client) -> list[Appointment]:
    """A client's appointments, the latest first."""
    return list(_appointments(actor).filter(client=client).order_by("-start"))


def appointment(actor: Actor, appointment_id: int) -> Appointment:
    """One appointment."""
    return one(_appointments(actor), appointment_id)


def _appointments(actor: Actor) -> QuerySet[Appointment]:
    return within(
        actor,
        "appointment.read",
        Appointment.objects.select_related("client", "clinician").filter(is_cancelled=False),
        practice="clinician__practice_id",
        clinician="clinician_id",
        client="client_id",
    )
