"""Reads of consents, and of the texts people are asked to sign."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.sight import one, within
from holdspace.consent.document import (
    Around,
    Text,
    asks_again_since,
    is_for_client_only,
    short_title,
    text_of,
)
from holdspace.consent.law import State, state_of
from holdspace.consent.models import Birth, Consent, Invitation, OwnWords, Place, SignedText
from holdspace.consent.rules import (
    ASSENT,
    GUARDIAN,
    PURPOSES,
    SELF,
    TRANSCRIPTION,
    Answered,
    Person,
    Standing,
    Version,
    capacities,
    is_invited,
    latest,
    people,
)
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, Practice


@dataclass(frozen=True, slots=True)
class DocumentStandings:
    """A document, and where everyone it asks stands."""

    purpose: str
    title: str
    standings: tuple[Standing, ...]

    @property
    def is_given(self) -> bool:
        """Whether everyone has said yes."""
        return all(standing.is_given for standing in self.standings)

    @property
    def is_declined(self) -> bool:
        """Whether somebody said no, not today, or took a yes back."""
        return any(standing.is_declined for standing in self.standings)


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """A consent as its page and its paper show it."""

    id: int
    practice: str
    client_id: int
    participant: str
    capacity: str
    name: str
    given_at: datetime
    given_by: str
    revoked_at: datetime | None
    version: str
    sha256: str
    text: str

    @property
    def answered_as(self) -> str:
        """For whom they answered, in words."""
        role = self.participant.partition(":")[0]
        if self.capacity == GUARDIAN:
            return f"Parent or guardian, for the {role}"
        return f"The {role}, under 18" if self.capacity == ASSENT else f"The {role}"

    @property
    def signed_where(self) -> str:
        """On whose screen."""
        return "on their own phone" if self.given_by == "client" else "on the practice’s screen"

    @property
    def parts(self) -> tuple[str, list[tuple[str, list[str]]]]:
        """The title, and each heading with its paragraphs."""
        title, *parts = self.text.split("\n\n")
        return title, [(part.split("\n")[0], part.split("\n")[1:]) for part in parts]


def standings(
    actor: Actor, client: Client, purpose: str = TRANSCRIPTION, *, session_id: int = 0
) -> tuple[Standing, ...]:
    """Where everyone who is asked stands, the client first; with a session, as it is in that session."""
    rows = _consents(actor).filter(client=client, purpose=purpose).order_by("given_at", "pk")
    around = around_of(actor, client, purpose)
    least = Version(asks_again_since(purpose), _own_that_matters(client.practice_id, purpose))
    answers = [_answered(row, around, least) for row in rows]
    return tuple(
        Standing(person, capacity, latest(answers, person.key, capacity, session_id))
        for person in asked(actor, client, purpose)
        for capacity in capacities_of(actor, client, person)
    )


def documents(actor: Actor, client: Client, *, session_id: int = 0) -> tuple[DocumentStandings, ...]:
    """Every document with where everyone stands."""
    return tuple(
        DocumentStandings(
            purpose, short_title(purpose), standings(actor, client, purpose, session_id=session_id)
        )
        for purpose in PURPOSES
    )


def who_is_missing(
    actor: Actor, client: Client, purpose: str = TRANSCRIPTION, *, session_id: int = 0
) -> tuple[str, ...]:
    """Who in the room has not agreed, by role; empty when everyone has."""
    found = standings(actor, client, purpose, session_id=session_id)
    return tuple(standing.label for standing in found if not standing.is_given)


def is_declined(actor: Actor, client: Client, *, session_id: int) -> bool:
    """Whether somebody in this session said no to being heard: it goes on without, and nobody is asked again."""
    return any(standing.is_declined for standing in standings(actor, client, session_id=session_id))


def asked(actor: Actor, client: Client, purpose: str) -> tuple[Person, ...]:
    """Whom the document asks."""
    rows = Birth.objects.filter(client=client, client__practice_id=actor.practice_id)
    births = {row.participant: date.fromisoformat(row.born) for row in rows}
    born = date.fromisoformat(client.birth_date) if client.birth_date else None
    everyone = people(client.name, born, client.others, births)
    return everyone[:1] if is_for_client_only(purpose) else everyone


def capacities_of(actor: Actor, client: Client, person: Person) -> tuple[str, ...]:
    """Who answers for this person under the law that counts for the client."""
    zone = ZoneInfo(client.practice.zone)
    today = timezone.now().astimezone(zone).date()
    return capacities(person.born, place_of(actor, client).assent_from, today)


def place_of(actor: Actor, client: Client) -> State:
    """The state whose law counts for this client: theirs, else the practice's, else one of which nothing is known."""
    rows = Place.objects.filter(practice_id=actor.practice_id)
    found = rows.filter(client=client).first() or rows.filter(client=None).first()
    return state_of(found.state if found else "")


def practice_place(actor: Actor) -> State:
    """The state of the practice."""
    found = Place.objects.filter(practice_id=actor.practice_id, client=None).first()
    return state_of(found.state if found else "")


def text_for(actor: Actor, client: Client, purpose: str, capacity: str = SELF) -> Text:
    """What this client's people are asked to sign now."""
    return text_of(purpose, capacity, around_of(actor, client, purpose))


def around_of(actor: Actor, client: Client, purpose: str) -> Around:
    """What the text for this client depends on."""
    if client.practice_id != actor.practice_id:
        raise NotAllowed("There is no such record.")
    own = _own_words(client.practice_id, purpose).first()
    return Around(
        practice=client.practice.name,
        state=place_of(actor, client),
        host=_host() if purpose == TRANSCRIPTION else "",
        own=own.text if own else "",
        own_version=own.number if own else 0,
    )


def own_words(actor: Actor, practice: Practice, purpose: str) -> str:
    """What the practice adds to a document now."""
    if practice.pk != actor.practice_id:
        raise NotAllowed("There is no such record.")
    found = _own_words(practice.pk, purpose).first()
    return found.text if found else ""


def signed_consent(actor: Actor, consent_id: int) -> SignedConsent:
    """A signed consent to read or print. Missing, forbidden and never signed look alike."""
    row = one(_consents(actor).select_related("client__practice"), consent_id)
    signed = SignedText.objects.filter(consent=row).first()
    if signed is None:
        raise NotAllowed("There is no such record.")
    return SignedConsent(
        id=row.pk,
        practice=row.client.practice.name,
        client_id=row.client_id,
        participant=row.participant,
        capacity=row.capacity,
        name=signed.name,
        given_at=row.given_at,
        given_by=row.given_by,
        revoked_at=row.revoked_at,
        version=row.version,
        sha256=row.sha256,
        text=signed.text,
    )


def withdrawals(actor: Actor) -> list[Consent]:
    """What was taken back and whose words have still to be destroyed, the oldest first."""
    rows = _consents(actor).filter(purpose=TRANSCRIPTION, is_pending=True)
    return list(rows.select_related("client").order_by("given_at"))


def invitation(actor: Actor, client: Client, session_id: int) -> Invitation | None:
    """The code that is open for a session's people, if there is one."""
    rows = Invitation.objects.filter(client=client, session_id=session_id)
    found = rows.filter(client__practice_id=actor.practice_id).order_by("-made_at").first()
    return found if found and is_invited(found.made_at, timezone.now()) else None


def _answered(row: Consent, around: Around, least: Version) -> Answered:
    is_same_place = row.state == around.state.code and row.host == around.host
    return Answered(
        consent_id=row.pk,
        who=row.participant,
        capacity=row.capacity,
        answer=row.answer,
        at=row.given_at,
        revoked_at=row.revoked_at,
        session_id=row.session_id,
        is_current=is_same_place and Version.read(row.version).is_as_new_as(least),
    )


def _own_words(practice_id: int, purpose: str) -> QuerySet[OwnWords]:
    return OwnWords.objects.filter(practice_id=practice_id, purpose=purpose).order_by("-number")


def _own_that_matters(practice_id: int, purpose: str) -> int:
    found = _own_words(practice_id, purpose).filter(matters=True).first()
    return found.number if found else 0


def _host() -> str:
    return urlsplit(settings.CONFIG.speech_url).hostname or ""


def _consents(actor: Actor) -> QuerySet[Consent]:
    return within(
        actor,
        "consent.read",
        Consent.objects.all(),
        practice="client__practice_id",
        clinician="client__clinician_id",
    )
