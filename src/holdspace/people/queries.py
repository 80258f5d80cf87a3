"""Reads about people, limited to what the actor may see."""

from django.db.models import QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.access.reading import note_reading
from holdspace.access.sight import one, within
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, Clinician, Practice
from holdspace.people.rules import matches


def clients(actor: Actor, words: str = "") -> list[Client]:
    """The clients this person may see, by name; `words` narrows to names that match."""
    found = [client for client in _clients(actor) if matches(client.name, words)]
    return sorted(found, key=lambda client: client.name.casefold())


def client(actor: Actor, client_id: int) -> Client:
    """One client, opened by somebody: the log says so."""
    found = one(_clients(actor), client_id)
    note_reading(actor, "client.read", found)
    return found


def practice(actor: Actor) -> Practice:
    """The actor's practice."""
    rows = within(actor, "practice.read", Practice.objects.all(), practice="pk", clinician="pk")
    found = rows.first()
    if found is None:
        raise NotAllowed("There is no such practice.")
    return found


def practice_to_administer(actor: Actor) -> Practice:
    """The practice, for who may handle its key; for everyone else there is no such page."""
    found = practice(actor)
    if not allows(actor, "practice.key", found.whereabouts()):
        raise NotAllowed("There is no such page.")
    return found


def clinicians(actor: Actor) -> list[Clinician]:
    """Everyone who holds sessions in the practice."""
    rows = within(actor, "practice.read", Clinician.objects.all(), practice="practice_id", clinician="pk")
    return list(rows.order_by("name"))


def own_clinician(actor: Actor) -> Clinician | None:
    """The clinician this person is, or None."""
    return next((row for row in clinicians(actor) if row.pk == actor.clinician_id), None)


def herself(actor: Actor) -> Clinician:
    """The clinician this person is. Raises NotAllowed for who holds no sessions."""
    found = own_clinician(actor)
    if found is None:
        raise NotAllowed("There is no such record.")
    return found


def _clients(actor: Actor) -> QuerySet[Client]:
    return within(
        actor,
        "client.read",
        Client.objects.select_related("clinician"),
        practice="practice_id",
        clinician="clinician_id",
    )
