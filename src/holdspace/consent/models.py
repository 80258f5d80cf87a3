"""Consents: who agreed to what, and when it was taken back. Rows are added and closed, never changed or removed."""

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.people.models import Client
from holdspace.vault.fields import Encrypted, Row


class Consent(Row):
    """One participant's agreement to one purpose. `participant` is `client` or the role of another in the room."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    participant = Encrypted(purpose="consent")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return Whereabouts("consent", self.pk, self.client.practice_id, self.client.clinician_id)
