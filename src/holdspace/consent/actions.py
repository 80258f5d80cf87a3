"""Verbs about consent. Each is one step, giving and taking back alike."""

from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.consent.models import Consent
from holdspace.consent.queries import standings
from holdspace.consent.rules import CLIENT, TRANSCRIPTION, WORDING, participants
from holdspace.errors import BadInput
from holdspace.people.models import Client


@action("consent.record")
def record_consent(
    actor: Actor, client: Client, *, participant: str = CLIENT, purpose: str = TRANSCRIPTION
) -> Consent | None:
    """Record that this participant agreed to the wording shown; None if that stands already."""
    if participant not in participants(client.others):
        raise BadInput("Nobody of that role comes to these sessions.")
    if any(s.participant == participant and s.is_given for s in standings(actor, client, purpose)):
        return None
    return Consent.objects.create(
        client=client, purpose=purpose, participant=participant, version=WORDING, given_at=timezone.now()
    )


@action("consent.revoke")
def revoke_consent(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    client: Client,
    *,
    participant: str = CLIENT,
    purpose: str = TRANSCRIPTION,
) -> int:
    """Take an agreement back, from now on. How many rows were closed."""
    rows = [
        row
        for row in Consent.objects.filter(client=client, purpose=purpose, revoked_at=None)
        if row.participant == participant
    ]
    return Consent.objects.filter(pk__in=[row.pk for row in rows]).update(revoked_at=timezone.now())
