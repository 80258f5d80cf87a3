"""Every address × everyone: who is nobody, or has no business there, meets the sign-in page or the same 404.

The addresses are read from the URL configuration, so a new one is walked from the day it is added, and must
say here who may open it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from holdspace.access.actor import Actor
from holdspace.chart.actions import save_draft
from holdspace.people.models import User
from holdspace.vault import keyfile
from tests.cast import Cast, heard, held, small_draft

WITH_A_CODE = {
    "room:client_door",
    "room:with_client",
    "room:client_pause",
    "room:client_ask",
    "room:client_back",
    "room:client_pdf",
}
"""Pages that say whether a session is heard, to whoever has its code; what a wrong code shows is tested beside them."""
OPEN_TO_ALL = {"people:set_up", "people:unlock", "people:recover", "people:sign_in"} | WITH_A_CODE
FOR_EVERYONE_SIGNED_IN = {
    "chart:today",
    "chart:day",
    "consent:documents",
    "consent:practice_where",
    "consent:write",
    "people:clients",
    "people:add_client",
    "people:sign_out",
    "living_page",
}
FOR_WHO_HOLDS_SESSIONS = {
    "chart:voice",
    "chart:voice_correct",
    "chart:voice_erase",
    "chart:voice_switch",
    "chart:voice_uncorrect",
    "room:speaking_voice",
    "room:give_voice",
    "room:forget_voice",
}
FOR_OWNERS = {
    "chart:log",
    "chart:log_check",
    "people:practice",
    "people:passphrase",
    "people:recovery",
}
NOBODYS = 999_999
DAY = "2026-11-10"

# Who may see what belongs to Maya's client Ruth (what they may then do there is the gate's, and its tests').
# Everyone else meets what they would meet if it did not exist: a 404, or a refusal that came before any
# look at it.
BEFORE_ANY_LOOK = {404, 405, 422}
CLINICAL = frozenset({"maya"})
WHO_MAY = {
    "chart:client": frozenset({"maya", "bo", "sam"}),
    "consent:ask": frozenset({"maya", "bo", "sam"}),
    "consent:take_back": frozenset({"maya", "bo", "sam"}),
    "consent:where": frozenset({"maya", "bo", "sam"}),
    "consent:born": frozenset({"maya", "bo", "sam"}),
    "consent:signed": frozenset({"maya", "sam"}),
    "consent:pdf": frozenset({"maya", "sam"}),
    "schedule:book": frozenset({"maya", "bo", "sam"}),
    "chart:start": CLINICAL,
    "chart:client_log": CLINICAL,
    "chart:of_session": CLINICAL,
    "chart:note": CLINICAL,
    "chart:pdf": CLINICAL,
    "chart:addendum": CLINICAL,
}


@dataclass(frozen=True)
class Address:
    """A named route and the names of its parameters."""

    name: str
    parameters: frozenset[str]

    def to(self, **ids: int) -> str:
        """The path with these ids; a day is a day, and an id nobody has stands for the rest."""
        values = {name: DAY if name == "iso_day" else ids.get(name, NOBODYS) for name in self.parameters}
        return reverse(self.name, kwargs=values)

    @property
    def is_about_a_record(self) -> bool:
        """Whether it names a record by id."""
        return any(name.endswith("_id") for name in self.parameters)


def addresses(resolver: URLResolver, space: str = "") -> Iterator[Address]:
    """Every route below a resolver."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"the route {pattern.pattern} has no name"
            yield Address(f"{space}{pattern.name}", frozenset(pattern.pattern.converters))


ALL = sorted(addresses(get_resolver()), key=lambda address: address.name)
RECORDS = [address for address in ALL if address.is_about_a_record]
PEOPLE = ("maya", "tom", "ada", "bo", "sam")


def account(person: Actor) -> User:
    """What this person signs in with."""
    assert person.user_id is not None
    return User.objects.get(pk=person.user_id)


def browser(person: Actor | None) -> Browser:
    """A browser, signed in as this person."""
    made = Browser(raise_request_exception=True)
    if person is not None:
        made.force_login(account(person))
    return made


def statuses(person: Browser, path: str) -> set[int]:
    """What an address answers to reading and to sending nothing."""
    return {person.get(path).status_code, person.post(path).status_code}


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("address", ALL, ids=lambda address: address.name)
def test_without_a_sign_in_there_is_only_the_door(address: Address) -> None:
    for method in ("get", "post"):
        answer = getattr(browser(None), method)(address.to())
        if address.name in OPEN_TO_ALL:
            assert answer.status_code in (200, 302, 405, 422)
        else:
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("people:sign_in"))


@pytest.mark.parametrize("address", RECORDS, ids=lambda address: address.name)
def test_a_record_that_is_not_there_is_a_404_for_everyone(cast: Cast, address: Address) -> None:
    for name in PEOPLE:
        assert statuses(browser(getattr(cast, name)), address.to()) <= BEFORE_ANY_LOOK, name


@pytest.mark.parametrize("address", RECORDS, ids=lambda address: address.name)
def test_a_record_of_somebody_elses_is_the_same_404(cast: Cast, address: Address) -> None:
    session = heard(cast, held(cast))
    note = save_draft(cast.worker, session, draft=small_draft())
    path = address.to(
        client_id=cast.ruth.pk,
        appointment_id=session.appointment.pk,
        session_id=session.pk,
        note_id=note.pk,
    )
    for name in PEOPLE:
        if name not in WHO_MAY.get(address.name, CLINICAL):
            person = browser(getattr(cast, name))
            assert statuses(person, path) == statuses(person, address.to()), name


def test_somebody_who_has_left_the_practice_opens_nothing(cast: Cast) -> None:
    left = browser(cast.bo)
    User.objects.filter(name=cast.bo.name).update(is_active=False)
    for address in ALL:
        if address.name not in OPEN_TO_ALL:
            assert left.get(address.to()).status_code in (302, 404, 405), address.name


def test_every_address_says_who_may_open_it() -> None:
    unsaid = {address.name for address in ALL if not address.is_about_a_record}
    assert unsaid == OPEN_TO_ALL | FOR_EVERYONE_SIGNED_IN | FOR_WHO_HOLDS_SESSIONS | FOR_OWNERS


@pytest.mark.parametrize("name", sorted(FOR_OWNERS))
def test_the_owners_pages_are_there_for_her_and_for_nobody_else(
    cast: Cast, name: str, settings: LazySettings
) -> None:
    keyfile.make(settings.CONFIG.home, "harbor lamp mosaic")
    assert browser(cast.maya).get(reverse(name)).status_code == 200
    for person in (cast.tom, cast.ada, cast.bo, cast.sam):
        assert browser(person).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", sorted(FOR_WHO_HOLDS_SESSIONS))
def test_her_own_pages_are_there_for_who_holds_sessions_and_for_nobody_else(cast: Cast, name: str) -> None:
    path = reverse(name, kwargs={"habit": "naming"} if "correct" in name else {})
    for person in (cast.maya, cast.tom, cast.ada):
        assert statuses(browser(person), path) <= {200, 302, 405, 422}, person.name
    for person in (cast.bo, cast.sam):
        assert statuses(browser(person), path) <= {404, 405}, person.name
