"""Appointments: booked time."""

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.people.models import Client, Clinician
from holdspace.vault.fields import Row


class Appointment(Row):
    """A client's booked time with a clinician."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="appointments")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="appointments")
    start = models.DateTimeField(db_index=True)
    end = models.DateTimeField()
    setting = models.CharField(max_length=40, default="office")
    modality = models.CharField(max_length=20, default="individual")
    cpt = models.CharField(max_length=5, blank=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="appointment_has_length"
            )
        ]

    def whereabouts(self) -> Whereabouts:
        """With the clinician who holds it."""
        return Whereabouts(
            "appointment", self.pk, self.clinician.practice_id, self.clinician_id, client_id=self.client_id
        )
