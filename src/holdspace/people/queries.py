"""Reads about people, limited to what the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.policy import allows, scope_of
from holdspace.access.reading import note_reading
from holdspace.access.sight import of_people, one, within
from holdspace.errors import BadInput, NotAllowed
from holdspace.people import factors, name_index
from holdspace.people.models import (
    Client,
    Clinician,
    Emergency,
    JoiningCode,
    Notice,
    Practice,
    SignIn,
    User,
)
from holdspace.people.rules import is_same_name, matches, needs_second_factor
from holdspace.vault.fields import open_rows
from holdspace.vault.record_keys import readable

SHOWN = ("pronouns", "others")
"""What a list of clients shows beside the name."""


def clients(actor: Actor, words: str = "") -> list[Client]:
    """The clients this person may see, by name; `words` narrows to names that match."""
    rows = list(name_index.narrowed(_clients(actor), words))
    open_rows(rows, "name", *(() if words else SHOWN))
    found = [client for client in rows if matches(client.name, words)]
    open_rows(found, *SHOWN)
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


def practice_for(actor: Actor, verb: str) -> Practice:
    """The practice, for who may do this with it; for everyone else there is no such page."""
    found = practice(actor)
    if not allows(actor, verb, found.whereabouts()):
        raise NotAllowed("There is no such page.")
    return found


def practice_to_administer(actor: Actor) -> Practice:
    """The practice, for who may handle its key."""
    return practice_for(actor, "practice.key")


def clinicians(actor: Actor) -> list[Clinician]:
    """Everyone who holds sessions in the practice."""
    rows = within(
        actor,
        "practice.read",
        Clinician.objects.select_related("user"),
        practice="practice_id",
        clinician="pk",
    )
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


Person = User
"""A user, for those who handle one and touch no models."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, as the members' page shows them."""

    user: User
    clinician: Clinician | None
    has_factor: bool
    has_joined: bool
    is_invited: bool

    @property
    def state(self) -> tuple[str, str]:
        """Where they stand, in words, and its tone."""
        if not self.user.is_active:
            return "Access closed", "stop"
        if not self.has_joined:
            return ("Invited", "due") if self.is_invited else ("Has no code", "due")
        return ("Joined", "done") if self.has_factor else ("No second factor yet", "due")


def members(actor: Actor) -> list[Member]:
    """Everyone who works here, by name, those whose access is closed last. Raises NotAllowed but for the owner."""
    if scope_of(actor, "user.read") != "all":
        raise NotAllowed("There is no such page.")
    users = list(_users(actor).order_by("-is_active", "name"))
    clinicians_by_user = {row.user_id: row for row in clinicians(actor)}
    proved = factors.who_have_one(users)
    codes = JoiningCode.objects.filter(user__in=users, used_at=None, until__gt=timezone.now())
    invited = set(codes.values_list("user_id", flat=True))
    return [
        Member(
            user,
            clinicians_by_user.get(user.pk),
            user.pk in proved,
            user.has_usable_password(),
            user.pk in invited,
        )
        for user in users
    ]


def member(actor: Actor, user_id: int) -> Member:
    """One person, for the owner."""
    found = next((row for row in members(actor) if row.user.pk == user_id), None)
    if found is None:
        raise NotAllowed("There is no such record.")
    note_reading(actor, "user.read", found.user)
    return found


def supervisors(actor: Actor) -> list[Clinician]:
    """Who can supervise somebody."""
    rows = [row for row in clinicians(actor) if row.user.role in ("supervisor", "owner")]
    return [row for row in rows if row.user.is_active]


def myself(actor: Actor) -> User:
    """The person who asks."""
    return one(_users(actor), actor.user_id or 0)


def names_of(actor: Actor, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Who works or worked in the practice, of these, by name."""
    rows = User.objects.filter(practice_id=actor.practice_id, pk__in=set(user_ids))
    return dict(rows.values_list("pk", "name"))


def needs_factor(actor: Actor) -> bool:
    """Whether whoever works here comes in with a second factor only."""
    rows = User.objects.filter(practice_id=actor.practice_id, is_active=True)
    return needs_second_factor(people=rows.count(), all_need_it=practice(actor).all_need_a_second_factor)


def sign_ins(actor: Actor, user: User) -> list[SignIn]:
    """Where a person is signed in now, the latest first."""
    return list(_sign_ins(actor).filter(user=user, ended_at=None).order_by("-began_at"))


def sign_in(actor: Actor, sign_in_id: int) -> SignIn:
    """One sign-in."""
    return one(_sign_ins(actor), sign_in_id)


def notices(actor: Actor) -> list[Notice]:
    """What she has not acknowledged yet, the oldest first. `is_readable`: it can still say whose record was opened."""
    rows = _notices(actor).filter(acknowledged_at=None).select_related("emergency__client", "emergency__user")
    still = readable(Emergency.objects.filter(pk=OuterRef("emergency_id")), "client_id")
    return list(rows.annotate(is_readable=Exists(still)).order_by("at"))


def notice(actor: Actor, notice_id: int) -> Notice:
    """One notice of hers."""
    return one(_notices(actor), notice_id)


def emergencies(actor: Actor) -> list[Emergency]:
    """The records she opened in an emergency and that are open now."""
    if not actor.opened:
        return []
    rows = Emergency.objects.filter(until__gt=timezone.now(), client__in=actor.opened)
    hers = readable(rows, "client_id").filter(
        user_id=actor.user_id or 0, client__practice_id=actor.practice_id
    )
    return list(hers.select_related("client").order_by("until"))


def emergency(actor: Actor, emergency_id: int) -> Emergency:
    """One record opened in an emergency: her own, or for the owner anybody's."""
    rows = of_people(
        actor,
        "emergency.end",
        Emergency.objects.select_related("client"),
        practice="client__practice_id",
        user="user_id",
    )
    return one(rows, emergency_id)


def client_in_emergency(actor: Actor, typed: str, born: date | None) -> Client:
    """The client by this whole name, for whoever could treat them. Nothing is listed, and a name alike opens nothing.

    Raises BadInput where nobody, or more than one, is called so.
    """
    rows = within(
        actor,
        "emergency.open",
        Client.objects.select_related("clinician__user"),
        practice="practice_id",
        clinician="clinician_id",
        client="pk",
    )
    found = [row for row in rows if is_same_name(row.name, typed)]
    if born is not None:
        found = [row for row in found if row.birth_date == born.isoformat()]
    if not found:
        raise BadInput("No client has exactly this name.", then="First and last name, as on the record.")
    if len(found) > 1:
        raise BadInput("More than one client has this name.", then="Add the date of birth.")
    return found[0]


def _users(actor: Actor) -> QuerySet[User]:
    return of_people(
        actor,
        "user.read",
        User.objects.select_related("practice"),
        practice="practice_id",
        user="pk",
    )


def _sign_ins(actor: Actor) -> QuerySet[SignIn]:
    return of_people(
        actor,
        "sign_in.read",
        SignIn.objects.select_related("user"),
        practice="user__practice_id",
        user="user_id",
    )


def _notices(actor: Actor) -> QuerySet[Notice]:
    return of_people(
        actor,
        "notice.acknowledge",
        Notice.objects.all(),
        practice="user__practice_id",
        user="user_id",
    )


def _clients(actor: Actor) -> QuerySet[Client]:
    return within(
        actor,
        "client.read",
        Client.objects.select_related("clinician"),
        practice="practice_id",
        clinician="clinician_id",
        client="pk",
    )
