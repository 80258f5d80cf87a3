"""Reads of consents, and of the texts people are asked to sign."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
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
from holdspace.consent.models import (
    Birth,
    Consent,
    Invitation,
    OwnWords,
    Part2,
    Place,
    SignedText,
)
from holdspace.consent.rules import (
    ASSENT,
    GUARDIAN,
    PART2,
    PURPOSES,
    SELF,
    TELEHEALTH,
    TRANSCRIPTION,
    Answered,
    Person,
    Standing,
    Version,
    after,
    capacities,
    capacities_part2,
    is_invited,
    is_minor,
    latest,
    people,
)
from holdspace.errors import NotAllowed
from holdspace.outside.queries import language_server
from holdspace.people.models import Client, Practice
from holdspace.people.queries import client as client_of


@dataclass(frozen=True, slots=True)
class DocumentStandings:
    """A document, and where everyone it asks stands. `applies`: it is needed now, or somebody answered it.

    `is_here_only`: it is asked on her screen and by no code (`is_here_only` below). `who_signs`: who has
    to and why, for her, where that is not plain.
    """

    purpose: str
    title: str
    standings: tuple[Standing, ...]
    applies: bool = True
    is_here_only: bool = False
    who_signs: str = ""

    @property
    def missing(self) -> str:
        """Who has not answered yes, by role."""
        return ", ".join(standing.label for standing in self.standings if not standing.is_given)

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


def reads_consent(actor: Actor, client: Client) -> bool:
    """Whether this person may see who agreed to what."""
    return allows(actor, "consent.read", client.whereabouts())


def client_to_ask(actor: Actor, client_id: int) -> Client:
    """The client of a page that asks, for who may see the answers."""
    found = client_of(actor, client_id)
    if not reads_consent(actor, found):
        raise NotAllowed("There is no such page.")
    return found


def standings(
    actor: Actor, client: Client, purpose: str = TRANSCRIPTION, *, session_id: int = 0
) -> tuple[Standing, ...]:
    """Where everyone who is asked stands, the client first; with a session, as it is in that session.

    Of a minor's consent under 42 CFR Part 2 the guardian stands there once the minor has said yes (§ 2.14(b)(2)(i)),
    and is asked anew after each yes of the minor's.
    """
    rows = _consents(actor).filter(client=client, purpose=purpose).order_by("given_at", "pk")
    around = around_of(actor, client, purpose)
    least = Version(asks_again_since(purpose), _own_that_matters(client.practice_id, purpose))
    answers = [_answered(row, around, least) for row in rows]
    found = tuple(
        Standing(person, capacity, latest(answers, person.key, capacity, session_id))
        for person in asked(actor, client, purpose)
        for capacity in _capacities(around.state, client, person, purpose)
    )
    if purpose != PART2:
        return found
    first, *others = found
    return (first, *(after(first, one) for one in others)) if first.is_given else (first,)


def documents(
    actor: Actor, client: Client, *, session_id: int = 0, is_remote: bool = False
) -> tuple[DocumentStandings, ...]:
    """Every document with where everyone stands, those that apply now first.

    Video and phone are asked about where they are not in one room, Part 2 where it guards the record. Raises NotAllowed
    for who may not see the answers: without them it would say that nobody was asked.
    """
    if not reads_consent(actor, client):
        raise NotAllowed("There is no such record.")
    asked_for = {TRANSCRIPTION: True, TELEHEALTH: is_remote, PART2: is_part2(actor, client)}
    found = []
    for purpose in PURPOSES:
        where = standings(actor, client, purpose, session_id=session_id)
        is_answered = any(standing.answered for standing in where)
        here = is_here_only(actor, client, purpose)
        applies = asked_for[purpose] or is_answered
        signs = who_shares(actor, client) if purpose == PART2 else ""
        found.append(DocumentStandings(purpose, short_title(purpose), where, applies, here, signs))
    return tuple(sorted(found, key=lambda document: not document.applies))


def is_here_only(actor: Actor, client: Client, purpose: str) -> bool:
    """Whether the document is the client's alone while others are in the session, who have its code as well.

    That there is care for substance use is nothing a partner, an interpreter or a guardian learns from a page of ours
    (42 CFR 2.13(a), (c)(1)).
    """
    if purpose not in PURPOSES or not is_for_client_only(purpose):
        return False
    everyone = asked(actor, client, TRANSCRIPTION)
    return len(everyone) != 1 or capacities_of(actor, client, everyone[0], TRANSCRIPTION) != (SELF,)


def is_part2(actor: Actor, client: Client) -> bool:
    """Whether 42 CFR Part 2 guards this client's records."""
    rows = Part2.objects.filter(client=client, client__practice_id=actor.practice_id)
    return rows.filter(is_guarded=True).exists()


def shared_since(actor: Actor, client: Client) -> datetime | None:
    """Since when everyone who has to has agreed to share what 42 CFR Part 2 guards; None where somebody has not."""
    found = standings(actor, client, PART2)
    given = [standing.answered.at for standing in found if standing.answered and standing.is_given]
    return max(given) if len(given) == len(found) else None


def decides_alone(actor: Actor, client: Client) -> bool:
    """Whether this is a minor who alone decides what of a guarded record is shared (42 CFR 2.14(a))."""
    (person,) = asked(actor, client, PART2)
    is_alone = capacities_of(actor, client, person, PART2) == (SELF,)
    return is_alone and is_minor(person.born, client.practice.day()) and is_part2(actor, client)


def is_kept_from_family(actor: Actor, client: Client) -> bool:
    """Whether this is a minor of whose guarded care a parent or guardian learns nothing now.

    Where the minor decides alone they learn of it by what the minor signs for them (42 CFR 2.14(a)); where they sign
    too, once the minor has said yes (§ 2.14(b)(2)(i)).
    """
    (person,) = asked(actor, client, PART2)
    if not (is_minor(person.born, client.practice.day()) and is_part2(actor, client)):
        return False
    is_alone = capacities_of(actor, client, person, PART2) == (SELF,)
    return is_alone or not standings(actor, client, PART2)[0].is_given


def who_shares(actor: Actor, client: Client) -> str:
    """Who signs a consent under 42 CFR Part 2, and why, for her; nothing for an adult."""
    (person,) = asked(actor, client, PART2)
    if person.born is None:
        return (
            "No date of birth is entered, so your client is asked as an adult. Enter it if they are under 18: who "
            "signs depends on it (42 CFR 2.14)."
        )
    if not is_minor(person.born, client.practice.day()):
        return ""
    state = place_of(actor, client)
    law = state.on_young_people
    if _capacities(state, client, person, PART2) == (SELF,):
        return (
            f"Your client is under 18 and signs alone. {law} A parent or guardian cannot sign, is not asked, and gets "
            "neither this nor the list of disclosures without your client’s written yes (42 CFR 2.14(a))."
        )
    return (
        f"Your client is under 18. They and a parent or guardian both sign; one alone is not enough. {law} Your client "
        "is asked first. The guardian is asked once your client has said yes (42 CFR 2.14(b)), and gets neither this "
        "nor the list of disclosures before."
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
    everyone = people(client.name, _born(client), client.others, births)
    return everyone[:1] if is_for_client_only(purpose) else everyone


def capacities_of(actor: Actor, client: Client, person: Person, purpose: str) -> tuple[str, ...]:
    """Who answers for this person under the law that counts for the client."""
    return _capacities(place_of(actor, client), client, person, purpose)


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
        words_host=words_host(actor) if purpose == TRANSCRIPTION else "",
        own=own.text if own else "",
        own_version=own.number if own else 0,
        is_minor=is_minor(_born(client), client.practice.day()),
    )


def words_host(actor: Actor) -> str:
    """Somebody else's server that is asked to word sentences; "" where there is none."""
    server = language_server(actor)
    return server.host if server and not server.is_ours else ""


def own_words(actor: Actor, practice: Practice, purpose: str) -> str:
    """What the practice adds to a document now."""
    if practice.pk != actor.practice_id:
        raise NotAllowed("There is no such record.")
    found = _own_words(practice.pk, purpose).first()
    return found.text if found else ""


def consent(actor: Actor, consent_id: int) -> Consent:
    """One answer."""
    return one(_consents(actor).select_related("client__practice"), consent_id)


def signed_consent(actor: Actor, consent_id: int) -> SignedConsent:
    """A signed consent to read or print. Missing, forbidden and never signed look alike."""
    row = consent(actor, consent_id)
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


def _born(client: Client) -> date | None:
    return date.fromisoformat(client.birth_date) if client.birth_date else None


def _capacities(state: State, client: Client, person: Person, purpose: str) -> tuple[str, ...]:
    if purpose == PART2:
        return capacities_part2(person.born, state.alone_from, client.practice.day())
    return capacities(person.born, state.assent_from, client.practice.day())


def _answered(row: Consent, around: Around, least: Version) -> Answered:
    is_same_place = row.state == around.state.code and row.host == around.where
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
        client="client_id",
    )
