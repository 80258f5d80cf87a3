"""What a page that asks shows, on her screen and on the client's own phone alike, and taking the answer it sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.consent.actions import record_consent, revoke_consent
from holdspace.consent.document import Text, is_for_client_only, short_title
from holdspace.consent.forms import PlaceForm
from holdspace.consent.models import Consent
from holdspace.consent.queries import asked, documents, place_of, standings, text_for
from holdspace.consent.rules import PURPOSES, TRANSCRIPTION, Standing
from holdspace.errors import BadInput, NotAllowed
from holdspace.people.models import Client
from holdspace.ui.http import whole_number


@dataclass(frozen=True, slots=True)
class Asking:
    """One document before one person: `number` of `standings`, who stand in the order of the room."""

    purpose: str
    title: str
    standings: tuple[Standing, ...]
    number: int
    text: Text

    @property
    def standing(self) -> Standing:
        """Whose turn it is."""
        return self.standings[self.number]

    @property
    def is_for_client_only(self) -> bool:
        """Whether the client alone is asked; a copy is then given by the therapist, and by no code."""
        return is_for_client_only(self.purpose)

    @property
    def is_everyone_asked(self) -> bool:
        """Whether all have answered, whatever they said."""
        return all(standing.is_given or standing.is_declined for standing in self.standings)


def asking(actor: Actor, client: Client, purpose: str, *, who: str, session_id: int = 0) -> Asking:
    """The document for the person of that number; without one, for the first who has not answered yet."""
    if purpose not in PURPOSES:
        raise NotAllowed("There is no such page.")
    found = standings(actor, client, purpose, session_id=session_id)
    open_ones = [n for n, standing in enumerate(found) if not (standing.is_given or standing.is_declined)]
    said = whole_number(who)
    number = (open_ones or [0])[0] if said is None else said
    if number >= len(found):
        raise NotAllowed("There is no such page.")
    text = text_for(actor, client, purpose, found[number].capacity)
    return Asking(purpose, short_title(purpose), found, number, text)


def take_answer(
    actor: Actor, client: Client, purpose: str, given: Mapping[str, str], *, session_id: int = 0
) -> Consent | None:
    """The answer a page sent; the page names the person by number and the text it showed by its SHA-256."""
    shown = asking(actor, client, purpose, who=_number(given), session_id=session_id)
    return record_consent(
        actor,
        client,
        answer=given.get("answer", ""),
        participant=shown.standing.person.key,
        capacity=shown.standing.capacity,
        purpose=purpose,
        signed=given.get("signed", ""),
        shown=given.get("shown", ""),
        session_id=session_id,
    )


def take_back(actor: Actor, client: Client, purpose: str, given: Mapping[str, str]) -> int:
    """Somebody's yes, taken back."""
    who = asking(actor, client, purpose, who=_number(given)).standing
    return revoke_consent(actor, client, participant=who.person.key, capacity=who.capacity, purpose=purpose)


def section(actor: Actor, client: Client, session_id: int, *, is_remote: bool = False) -> dict[str, Any]:
    """What the consent section of a client's page shows; `session_id` is one whose note is not signed, or 0."""
    state = place_of(actor, client)
    return {
        "client": client,
        "documents": documents(actor, client, session_id=session_id, is_remote=is_remote),
        "state": state,
        "place_form": PlaceForm(initial={"state": state.code}),
        "births": asked(actor, client, TRANSCRIPTION)[1:],
        "today": client.practice.day(),
        "open_session": session_id,
        "may_change": allows(actor, "consent.record", client.whereabouts()),
        "is_remote": is_remote,
    }


def _number(given: Mapping[str, str]) -> str:
    number = given.get("who", "")
    if whole_number(number) is None:
        raise BadInput("The page did not say who answers.", then="Load it again.")
    return number
