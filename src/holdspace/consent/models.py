"""Consents: who answered what, when, to which text. Rows are added and closed, never changed or removed."""

from dataclasses import replace
from typing import Any

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.access.spoken_code import CODE_LENGTH
from holdspace.consent.rules import SELF, YES
from holdspace.errors import AlreadySigned, Refused
from holdspace.people.models import Client, Practice
from holdspace.vault import whose
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
        return replace(self.client.whereabouts(), kind="consent", id=self.pk)


class SignedText(Row):
    """The words somebody signed, as they stood, and the name they typed. Written once."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="signed")
    belongs_to = whose.client("consent__client_id")
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
        return replace(self.client.whereabouts(), kind="invitation", id=self.pk)


class Part2(Row):
    """Whether a client's records hold care for substance use that 42 CFR Part 2 guards: each copy then says so."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="part2")
    is_guarded = models.BooleanField()
    set_at = models.DateTimeField(auto_now=True)


class DisclosureAuthorization(Row):
    """What a client allowed in writing to be disclosed, to whom, what for, until when (45 CFR 164.508(c)).

    It ends on a day or with an event, and when it is revoked; `revoked_by` and `made_by` are users.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="authorizations")
    recipient = Encrypted(purpose="disclosure")
    kinds = models.JSONField(default=list)
    purpose = Encrypted(purpose="disclosure")
    signed_by = Encrypted(purpose="disclosure")
    signed_on = models.DateField()
    expires_on = models.DateField(null=True)
    expires_when = Encrypted(purpose="disclosure", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return replace(self.client.whereabouts(), kind="authorization", id=self.pk)


class Disclosure(Row):
    """Something of a client's record that left, or was taken out as a file: to whom, what by kind, when, why.

    Rows are added, and completed where something was not said at first; never changed otherwise, never removed.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="disclosures")
    on = models.DateField()
    to = Encrypted(purpose="disclosure", blank=True)
    address = Encrypted(purpose="disclosure", blank=True)
    kind = models.CharField(max_length=20)
    about_day = models.DateField(null=True)
    details = Encrypted(purpose="disclosure", blank=True)
    basis = models.CharField(max_length=20)
    purpose = Encrypted(purpose="disclosure", blank=True)
    how = models.CharField(max_length=12)
    authorization = models.ForeignKey(DisclosureAuthorization, on_delete=models.PROTECT, null=True)
    is_part2 = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.BigIntegerField(null=True)
    recorded_as = models.CharField(max_length=20)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return replace(self.client.whereabouts(), kind="disclosure", id=self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002  # never
        """Never: a client may ask for six years of them."""
        raise Refused("A disclosure stays on record.", then="Record what was wrong as another.")
