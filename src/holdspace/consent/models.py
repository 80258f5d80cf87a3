"""Consents: who answered what, when, to which text. Rows are added and closed, never changed or removed."""

from typing import Any

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.access.spoken_code import CODE_LENGTH
from holdspace.consent.rules import SELF, YES
from holdspace.errors import AlreadySigned
from holdspace.people.models import Client, Practice
from holdspace.vault.fields import Encrypted, Row


class Consent(Row):
    """One answer of one person about one document.

    `participant` is the person's key (consent.rules.Person). `session_id` is the session it was given in, 0 for none.
    `state` and `host` are what the text depended on. `is_pending`: a yes was taken back, and what was heard under it
    has still to be destroyed; the workflow that does it clears the mark. `given_by` and `revoked_by` are roles.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    participant = Encrypted(purpose="consent")
    capacity = models.CharField(max_length=10, default=SELF)
    answer = models.CharField(max_length=10, default=YES)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=2, blank=True)
    host = models.CharField(max_length=255, blank=True)
    session_id = models.BigIntegerField(default=0)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=20, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=20, blank=True)
    is_pending = models.BooleanField(default=False)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return Whereabouts("consent", self.pk, self.client.practice_id, self.client.clinician_id)


class SignedText(Row):
    """The words somebody signed, as they stood, and the name they typed. Written once."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="signed")
    name = Encrypted(purpose="consent")
    text = Encrypted(purpose="consent")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise AlreadySigned("A signed consent never changes.", then="Ask anew.")
        super().save(*args, **kwargs)


class Place(Row):
    """The state whose law counts: of one client where they sit, or of the practice (no client)."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="places")
    client = models.OneToOneField(Client, on_delete=models.PROTECT, null=True, related_name="place")
    state = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(client=None), name="one_place_of_a_practice"
            )
        ]


class Birth(Row):
    """When somebody who comes along was born, because a minor's guardian is asked. The client's own is in people."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="births")
    participant = Encrypted(purpose="consent")
    born = Encrypted(purpose="consent")


class OwnWords(Row):
    """What the practice adds to a document. The newest counts; `matters` asks everyone again."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="own_words")
    purpose = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    matters = models.BooleanField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "purpose", "number"], name="own_words_are_numbered")
        ]


class Invitation(Row):
    """A code by which those in one session answer on their own phone, for some hours."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invitations")
    session_id = models.BigIntegerField()
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return Whereabouts("invitation", self.pk, self.client.practice_id, self.client.clinician_id)
