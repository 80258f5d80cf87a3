"""The log in words: who did what to whose record, the newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import clinicians_within, scope_of
from holdspace.access.sight import within
from holdspace.access.verb_words import VERB_WORDS
from holdspace.assist.rules import WORDS
from holdspace.audit.models import Entry
from holdspace.chart.models import Diagnosis, ProgressNote, PsychotherapyNote, TreatmentPlan
from holdspace.consent.models import Consent, Invitation
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, Emergency
from holdspace.people.queries import names_of
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.schedule.models import Appointment

AT_ONCE = 50
ROLES = {
    "nobody": "Somebody",
    "worker": "Holdspace",
    "client": "The client\u2019s own screen",
    "command line": "The command line",
}
OF_A_CLIENT = {
    "note": (ProgressNote, "client_id"),
    "psychotherapy note": (PsychotherapyNote, "client_id"),
    "session": (Session, "client_id"),
    "appointment": (Appointment, "client_id"),
    "consent": (Consent, "client_id"),
    "emergency": (Emergency, "client_id"),
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
    in_emergency: bool = False


def whole_log(actor: Actor, *, before: int | None = None) -> list[Line]:
    """The newest entries of the practice, or those before an entry. Raises NotAllowed for who may not see all of it."""
    if clinicians_within(actor, "audit.read") is not None:
        raise NotAllowed("There is no such page.")
    return _lines(actor, _before(Entry.objects.all(), before))


def log_of(actor: Actor, client: Client, *, before: int | None = None) -> list[Line]:
    """Who did what with one client's records. Raises NotAllowed."""
    if not sees_log_of(actor, client):
        raise NotAllowed("There is no such page.")
    about = _of_kind("client", [client.pk])
    for kind, (model, path) in OF_A_CLIENT.items():
        about |= _of_kind(kind, model._default_manager.filter(**{path: client.pk}).values("pk"))
    return _lines(actor, _before(Entry.objects.filter(about), before))


def sees_log(actor: Actor) -> bool:
    """Whether the whole log is hers to read."""
    return scope_of(actor, "audit.read") == "all"


def sees_log_of(actor: Actor, client: Client) -> bool:
    """Whether this client's part of the log is hers to read."""
    return _clients(actor).filter(pk=client.pk).exists()


def _of_kind(kind: str, ids: Any) -> Q:
    """Entries about these records, or about something of theirs: `session/hearing`."""
    return (Q(kind=kind) | Q(kind__startswith=f"{kind}/")) & Q(subject_id__in=ids)


def _before(entries: QuerySet[Entry], before: int | None) -> list[Entry]:
    if before is not None:
        entries = entries.filter(number__lt=before)
    return list(entries.order_by("-number")[:AT_ONCE])


def _lines(actor: Actor, entries: Iterable[Entry]) -> list[Line]:
    listed = list(entries)
    people = names_of(actor, (entry.user_id for entry in listed))
    whose = _whose(listed)
    clients = {row.pk: row.name for row in _clients(actor).filter(pk__in=set(whose.values()))}
    lines = []
    for entry in listed:
        client_id = whose.get((_kind(entry), entry.subject_id))
        lines.append(
            Line(
                number=entry.number,
                at=entry.at,
                who=_who(entry, people),
                did=_did(entry),
                client_id=client_id if client_id in clients else None,
                client_name=clients.get(client_id or 0, ""),
                is_refused=entry.outcome == "refused",
                in_emergency=entry.outcome == "emergency",
            )
        )
    return lines


def _kind(entry: Entry) -> str:
    return entry.kind.partition("/")[0]


def _did(entry: Entry) -> str:
    """What somebody did; a switch and a use of AI by their own names."""
    part = entry.kind.partition("/")[2]
    if entry.verb in ("switch.on", "switch.off") and part in WORDS:
        return f"switched {WORDS[part].title.lower()} {entry.verb.removeprefix('switch.')}"
    return f"used AI: {part}" if entry.verb == "ai.use" else VERB_WORDS[entry.verb]


def _who(entry: Entry, people: Mapping[int, str]) -> str:
    """By name; the trial of a promise, whose people have numbers below zero, by what it was."""
    if (entry.user_id or 0) < 0:
        return "The trial of a promise"
    return people.get(entry.user_id or 0) or ROLES.get(entry.role, "Somebody no longer here")


def _whose(entries: list[Entry]) -> dict[tuple[str, int], int]:
    """(kind, id) of each record that belongs to a client → the client's id. What was destroyed since has none."""
    whose = {("client", e.subject_id): e.subject_id for e in entries if _kind(e) == "client"}
    for kind, (model, path) in OF_A_CLIENT.items():
        ids = {e.subject_id for e in entries if _kind(e) == kind}
        if ids:
            rows = model._default_manager.filter(pk__in=ids).values_list("pk", path)
            whose |= {(kind, pk): client_id for pk, client_id in rows}
    return whose


def _clients(actor: Actor) -> QuerySet[Client]:
    rows = Client.objects.all()
    return within(actor, "audit.read", rows, practice="practice_id", clinician="clinician_id", client="pk")
