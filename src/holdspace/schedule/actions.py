"""Verbs of the schedule."""

from datetime import datetime

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.errors import BadInput
from holdspace.people.models import Client
from holdspace.schedule.models import Appointment


@action("appointment.book")
def book_appointment(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    client: Client,
    *,
    start: datetime,
    end: datetime,
    setting: str = "office",
    modality: str = "individual",
    cpt: str = "",
) -> Appointment:
    """Book a client's time with the clinician responsible for them."""
    if end <= start:
        raise BadInput("An appointment ends after it begins.")
    return Appointment.objects.create(
        client=client,
        clinician=client.clinician,
        start=start,
        end=end,
        setting=setting,
        modality=modality,
        cpt=cpt,
    )
