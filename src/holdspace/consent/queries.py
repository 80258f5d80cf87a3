"""Reads of consents."""

from dataclasses import dataclass
from datetime import datetime

from holdspace.access.actor import Actor
from holdspace.access.sight import within
from holdspace.consent.models import Consent
from holdspace.consent.rules import TRANSCRIPTION, missing, participants
from holdspace.people.models import Client


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one participant stands: `given_at` and not `revoked_at` means yes."""

    participant: str
    given_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_given(self) -> bool:
        """Whether the agreement holds now."""
        return self.given_at is not None and self.revoked_at is None


def standings(actor: Actor, client: Client, purpose: str = TRANSCRIPTION) -> tuple[Standing, ...]:
    """Where everyone in the room stands, the client first."""
    rows = within(
        actor,
        "consent.read",
        Consent.objects.filter(client=client, purpose=purpose).order_by("given_at"),
        practice="client__practice_id",
        clinician="client__clinician_id",
    )
    latest = {row.participant: row for row in rows}
    return tuple(
        Standing(who, latest[who].given_at, latest[who].revoked_at)
        if who in latest
        else Standing(who, None, None)
        for who in participants(client.others)
    )


def who_is_missing(actor: Actor, client: Client, purpose: str = TRANSCRIPTION) -> tuple[str, ...]:
    """Who in the room has not agreed; empty when everyone has."""
    given = frozenset(s.participant for s in standings(actor, client, purpose) if s.is_given)
    return missing(participants(client.others), given)
