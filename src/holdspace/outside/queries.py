"""Reads of hosts and of what was sent."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.access.sight import one, within
from holdspace.outbound.door import Door, host_named
from holdspace.outside.models import AllowedHost, Sent
from holdspace.outside.rules import MODEL_SERVER
from holdspace.people.models import Practice
from holdspace.people.queries import practice_for

NEVER = "-"


@dataclass(frozen=True, slots=True)
class LanguageServer:
    """The language model's server that may be asked now. `is_ours`: nothing has to be taken out before."""

    url: str
    model: str
    host: str
    party: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class SentTo:
    """What one host was sent, in all."""

    host: str
    times: int
    words: int
    replaced: int
    latest: object


def practice_to_open(actor: Actor) -> Practice:
    """The practice, for who decides what may leave it."""
    return practice_for(actor, "outside.read")


def hosts(actor: Actor, *, is_ended: bool = False) -> list[AllowedHost]:
    """The hosts allowed now, or those that were."""
    rows = (
        _hosts(actor)
        .filter(ended_at__isnull=not is_ended)
        .select_related("allowed_by", "ended_by", "agreement")
    )
    return list(rows.order_by("host", "purpose"))


def host(actor: Actor, host_id: int) -> AllowedHost:
    """One host that is allowed."""
    return one(_hosts(actor).filter(ended_at=None), host_id)


def door(actor: Actor) -> Door:
    """Every host this practice may reach now: by configuration, and by rows."""
    allowed = list(_hosts(actor).filter(ended_at=None).values_list("host", "is_ours"))
    named = Door.to(settings.CONFIG.named()).hosts
    ours = frozenset(host for host, is_ours in allowed if is_ours)
    return Door(named | {host for host, _ in allowed}, ours - named)


def language_server(actor: Actor) -> LanguageServer | None:
    """The server of LANGUAGE_URL, where somebody allowed it under an agreement or as the practice's own.

    Everyone in the practice may know: clients are told of it too.
    """
    url = settings.CONFIG.language_url
    if not url:
        return None
    rows = AllowedHost.objects.filter(practice_id=actor.practice_id, ended_at=None, purpose=MODEL_SERVER)
    row = rows.filter(host=host_named(url)).select_related("agreement").first()
    agreement = getattr(row, "agreement", None) if row else None
    if row is None or not (row.is_ours or agreement):
        return None
    party = agreement.party if agreement else ""
    return LanguageServer(url, settings.CONFIG.language_model, row.host, party, row.is_ours)


def sent_to(actor: Actor) -> list[SentTo]:
    """What every host was sent, in all, the busiest first."""
    rows = (
        _sent(actor)
        .values("host")
        .annotate(times=Count("pk"), words=Sum("words"), replaced=Sum("replaced"), latest=Max("at"))
    )
    return [SentTo(**row) for row in rows.order_by("-times")]


def sent_in(actor: Actor, session_id: int) -> list[Sent]:
    """What left in one session, for the ledger of what the AI did."""
    if scope_of(actor, "switch.read") == NEVER:
        return []
    rows = Sent.objects.filter(practice_id=actor.practice_id, session_id=session_id)
    return list(rows.order_by("at"))


def _hosts(actor: Actor) -> QuerySet[AllowedHost]:
    return within(
        actor, "outside.read", AllowedHost.objects.all(), practice="practice_id", clinician="practice_id"
    )


def _sent(actor: Actor) -> QuerySet[Sent]:
    return within(actor, "outside.read", Sent.objects.all(), practice="practice_id", clinician="practice_id")
