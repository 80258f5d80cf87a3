"""The log in words: who did what to whose record, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import clinicians_within, scope_of
from holdspace.access.sight import within
from holdspace.access.verb_words import VERB_WORDS
from holdspace.audit.models import Entry
from holdspace.chart.models import Diagnosis, ProgressNote, TreatmentPlan
from holdspace.consent.models import Consent, Invitation
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, User
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.schedule.models import Appointment

AT_ONCE = 50
ROLES = {
    "worker": "Holdspace",
    "client": "The client\u2019s own screen",
    "command line": "The command line",
}
OF_A_CLIENT = {
    "note": (ProgressNote, "client_id"),
    "session": (Session, "client_id"),
    "appointment": (Appointment, "client_id"),
    "consent": (Consent, "client_id"),
    "invitation": (Invitation, "client_id"),
    "diagnosis": (Diagnosis, "client_id"),
    "plan": (TreatmentPlan, "client_id"),
    "run": (DraftRun, "session__client_id"),
    "capture": (Capture, "session__client_id"),
}
"""Each kind of record that belongs to a client, and the way from it to them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: who did what, to whose record (no client where it was nobody's)."""

    number: int
    at: datetime
    who: str
    did: str
    client_id: int | None
    client_name: str
    is_refused: bool


def whole_log(actor: Actor, *, before: int | None = None) -> list[Line]:
    """The newest entries of the practice, or those before an entry. Raises NotAllowed for who may not see all of it."""
    if clinicians_within(actor, "audit.read") is not None:
        raise NotAllowed("There is no such page.")
    return _lines(actor, _before(Entry.objects.all(), before))


def log_of(actor: Actor, client: Client, *, before: int | None = None) -> list[Line]:
    """Who did what with one client's records. Raises NotAllowed."""
    if not sees_log_of(actor, client):
        raise NotAllowed("There is no such page.")
    about = Q(kind="client", subject_id=client.pk)
    for kind, (model, path) in OF_A_CLIENT.items():
        about |= Q(kind=kind, subject_id__in=model._default_manager.filter(**{path: client.pk}).values("pk"))
    return _lines(actor, _before(Entry.objects.filter(about), before))


def sees_log(actor: Actor) -> bool:
    """Whether the whole log is hers to read."""
    return scope_of(actor, "audit.read") == "all"


def sees_log_of(actor: Actor, client: Client) -> bool:
    """Whether this client's part of the log is hers to read."""
    return _clients(actor).filter(pk=client.pk).exists()


def _before(entries: QuerySet[Entry], before: int | None) -> list[Entry]:
    if before is not None:
        entries = entries.filter(number__lt=before)
    return list(entries.order_by("-number")[:AT_ONCE])


def _lines(actor: Actor, entries: Iterable[Entry]) -> list[Line]:
    listed = list(entries)
    people = dict(
        User.objects.filter(
            practice_id=actor.practice_id, pk__in={e.user_id for e in listed if e.user_id}
        ).values_list("pk", "name")
    )
    whose = _whose(listed)
    clients = {row.pk: row.name for row in _clients(actor).filter(pk__in=set(whose.values()))}
    lines = []
    for entry in listed:
        client_id = whose.get((entry.kind, entry.subject_id))
        lines.append(
            Line(
                number=entry.number,
                at=entry.at,
                who=people.get(entry.user_id or 0) or ROLES.get(entry.role, "Somebody no longer here"),
                did=VERB_WORDS[entry.verb],
                client_id=client_id if client_id in clients else None,
                client_name=clients.get(client_id or 0, ""),
                is_refused=entry.outcome == "refused",
            )
        )
    return lines


def _whose(entries: list[Entry]) -> dict[tuple[str, int], int]:
    """(kind, id) of each record that belongs to a client → the client's id. What was destroyed since has none."""
    whose = {(e.kind, e.subject_id): e.subject_id for e in entries if e.kind == "client"}
    for kind, (model, path) in OF_A_CLIENT.items():
        ids = {e.subject_id for e in entries if e.kind == kind}
        if ids:
            rows = model._default_manager.filter(pk__in=ids).values_list("pk", path)
            whose |= {(kind, pk): client_id for pk, client_id in rows}
    return whose


def _clients(actor: Actor) -> QuerySet[Client]:
    return within(actor, "audit.read", Client.objects.all(), practice="practice_id", clinician="clinician_id")
