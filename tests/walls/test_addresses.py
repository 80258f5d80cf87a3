"""Every address × everyone: who is nobody, or has no business there, meets the sign-in page or the same 404.

The addresses are read from the URL configuration, so a new one is walked from the day it is added, and must
say here who may open it. Everyone is each role, nobody, somebody between a password and a second factor, a locked
screen, somebody whose access was closed, and somebody who opened a record in an emergency.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.chart.actions import add_diagnosis, begin_review, save_draft, sign_note, write_plan
from holdspace.chart.models import NoteQuestion, ProgressNote
from holdspace.consent.actions import authorize_disclosure, record_disclosure
from holdspace.consent.disclosure import AUTHORIZED
from holdspace.consent.models import SignedText
from holdspace.people.actions import close_access, open_in_emergency, set_vocabulary
from holdspace.people.models import Emergency, Notice, SignIn, User
from holdspace.proof.models import ProofRun
from holdspace.proof.report import written
from holdspace.proof.rules import DONE
from holdspace.room.actions.sessions import save_jottings
from holdspace.room.models import Session
from holdspace.vault import keyfile
from holdspace.web.sign_ins import BY_THEMSELVES, WHILE_LOCKED
from tests.apps import with_app
from tests.cast import CLINICAL_WORDS, PASSWORD, TUESDAY, Cast, heard, held, small_draft
from tests.everything import browser
from tests.walls.tree import SOURCE, kept

WITH_A_CODE = {
    "room:client_door",
    "room:with_client",
    "room:client_pause",
    "room:client_ask",
    "room:client_back",
    "room:client_pdf",
}
"""Pages that say whether a session is heard, to whoever has its code; what a wrong code shows is tested beside them."""
OPEN_TO_ALL = {
    "people:set_up",
    "people:unlock",
    "people:recover",
    "people:sign_in",
    "people:passkey",
    "people:show_passkey",
    "people:join",
    "people:join_with",
} | WITH_A_CODE
SETTING_UP = {"people:app", "people:app_picture", "people:new_passkey", "people:make_passkey"}
AFTER_A_PASSWORD = {"people:second", "people:lost"} | SETTING_UP
"""Pages between a right password and being in: without one they lead to the sign-in page."""
AT_THE_LOCK = {
    "people:lock",
    "people:lock_now",
    "people:lock_state",
    "people:come_back",
    "people:come_back_passkey",
    "people:show_passkey",
    "people:sign_out",
    "room:hearing",
    "room:set_hearing",
    "room:sound",
    "room:state",
}
"""All that a locked screen answers, besides what is open to all."""
FOR_EVERYONE_SIGNED_IN = {
    "assist:card",
    "assist:cards",
    "chart:today",
    "chart:day",
    "chart:when_wrong",
    "consent:documents",
    "consent:practice_where",
    "consent:write",
    "people:clients",
    "people:add_client",
    "people:sign_out",
    "people:lock",
    "people:lock_now",
    "people:lock_state",
    "people:here",
    "people:come_back",
    "people:come_back_passkey",
    "people:kept",
    "people:again",
    "people:again_passkey",
    "people:you",
    "people:password",
    "people:codes",
    "people:end_others",
    "room:hearing",
    "room:set_hearing",
    "living_page",
}
FOR_WHO_COULD_TREAT = {"people:emergency"}
ASKS_AGAIN = SETTING_UP | {
    "people:passphrase",
    "people:recovery",
    "people:members",
    "people:member",
    "people:doors",
    "people:invite",
    "people:close",
    "people:reopen",
    "people:end_all",
    "people:remove_factor",
    "people:codes",
    "people:password",
    "people:emergency",
    "people:unattended",
    "outside:hosts",
    "safekeeping:clock",
}
"""What is sensitive is shown and done only to who proved who they are in the last minutes."""
FOR_WHO_HOLDS_SESSIONS = {
    "chart:voice",
    "chart:voice_correct",
    "chart:voice_erase",
    "chart:voice_switch",
    "chart:voice_uncorrect",
    "room:speaking_voice",
    "room:switches",
    "room:turn",
    "room:give_voice",
    "room:forget_voice",
}
FOR_OWNERS = {
    "chart:log",
    "chart:log_check",
    "chart:log_heads",
    "assist:choose",
    "outside:hosts",
    "outside:tried",
    "people:practice",
    "people:passphrase",
    "people:recovery",
    "people:key",
    "people:key_standing",
    "people:unattended",
    "people:members",
    "proof:json",
    "proof:now",
    "proof:pdf",
    "proof:prove",
    "safekeeping:overview",
    "safekeeping:standing",
    "safekeeping:keep",
    "safekeeping:clock",
    "safekeeping:records",
    "safekeeping:certificates",
}
SENT_BY_OWNERS = {
    "people:doors",
    "people:key_go_on",
    "people:key_give_up",
    "proof:run",
    "safekeeping:back_up",
    "safekeeping:try_backup",
}
"""Addresses that only take what the owner does; whoever else sends something there meets a 404.

Some say to her that now is not the time (409): there is no begun key to give up."""
NOBODYS = 999_999
DAY = "2026-11-10"

# Who may see what belongs to Maya's client Ruth (what they may then do there is the gate's, and its tests').
# Everyone else meets what they would meet if it did not exist: a 404, or a refusal that came before any
# look at it.
BEFORE_ANY_LOOK = {404, 405, 422}
CLINICAL = frozenset({"maya"})
WHO_MAY = {
    "chart:client": frozenset({"maya", "bo", "sam"}),
    "consent:ask": frozenset({"maya", "sam"}),
    "consent:take_back": frozenset({"maya", "sam"}),
    "consent:where": frozenset({"maya", "bo", "sam"}),
    "consent:born": frozenset({"maya", "bo", "sam"}),
    "consent:signed": frozenset({"maya", "sam"}),
    "consent:pdf": frozenset({"maya", "sam"}),
    "schedule:book": frozenset({"maya", "bo", "sam"}),
    "consent:disclosures": frozenset({"maya", "bo"}),
    "consent:disclose": frozenset({"maya", "bo"}),
    "chart:start": CLINICAL,
    "chart:client_log": CLINICAL,
    "chart:of_session": CLINICAL,
    "chart:note": CLINICAL,
    "chart:pdf": CLINICAL,
    "chart:addendum": CLINICAL,
    "people:end_emergency": frozenset({"maya", "tom"}),
}
SENT_BY_TOM = {"people:end_emergency", "chart:addendum"}
"""His own emergency; and an addendum that is refused by showing the signed note again."""
IN_AN_EMERGENCY = {"chart:client", "chart:note", "chart:ledger", "consent:signed"}
"""What of Ruth's record Tom reads for an hour once he opened it: nothing that is written, heard, drafted or private,
and no copy on paper, which would be a disclosure."""


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


def where_to(answer: Any) -> str:
    """Where an answer leads."""
    return str(answer.headers.get("Location", ""))


def clinical(text: str) -> list[str]:
    """The cast's clinical words in an answer."""
    return [word for word in CLINICAL_WORDS if word.lower() in text.lower()]


def statuses(person: Browser, path: str) -> set[int]:
    """What an address answers to reading and to sending nothing."""
    return {person.get(path).status_code, person.post(path).status_code}


@pytest.mark.usefixtures("cast")
def test_without_a_sign_in_there_is_only_the_door() -> None:
    for address in ALL:
        for method in ("get", "post"):
            answer = getattr(browser(None), method)(address.to())
            if address.name in OPEN_TO_ALL:
                assert answer.status_code in (200, 302, 405, 422), address.name
            elif answer.status_code != 405:
                place = answer.status_code, where_to(answer).split("?")[0]
                assert place == (302, reverse("people:sign_in")), address.name


@pytest.fixture
def hers(cast: Cast) -> dict[str, int]:
    """An id of each kind of record that is Maya's or Ruth's; the emergency is Tom's, over by now."""
    session = heard(cast, held(cast))
    note = save_draft(cast.worker, session, draft=small_draft())
    sign_in = browser(cast.maya)
    sign_in.get("/")
    opened = open_in_emergency(cast.tom, cast.ruth, reason="Ruth called in crisis, Maya is away.")
    Emergency.objects.update(until=opened.began_at)
    return {
        "client_id": cast.ruth.pk,
        "appointment_id": session.appointment.pk,
        "session_id": session.pk,
        "note_id": note.pk,
        "user_id": cast.maya.user_id or 0,
        "sign_in_id": SignIn.objects.get(user=cast.maya.user_id).pk,
        "notice_id": Notice.objects.get(user=cast.maya.user_id).pk,
        "emergency_id": opened.pk,
        "factor_id": Authenticator.objects.get(user=with_app(cast.maya)).pk,
        "consent_id": SignedText.objects.get().consent_id,
    }


@pytest.mark.parametrize("name", PEOPLE)
def test_a_record_that_is_not_there_is_a_404_for_everyone(cast: Cast, name: str) -> None:
    person = browser(getattr(cast, name))
    for address in RECORDS:
        assert statuses(person, address.to()) <= BEFORE_ANY_LOOK, address.name


@pytest.mark.parametrize("name", PEOPLE)
def test_a_record_of_somebody_elses_is_the_same_404(cast: Cast, hers: dict[str, int], name: str) -> None:
    person = browser(getattr(cast, name))
    for address in RECORDS:
        if name not in WHO_MAY.get(address.name, CLINICAL):
            assert statuses(person, address.to(**hers)) == statuses(person, address.to()), address.name


def test_an_emergency_opens_the_signed_record_to_read_and_no_other_address(
    cast: Cast, hers: dict[str, int]
) -> None:
    note = begin_review(cast.maya, ProgressNote.objects.get())
    NoteQuestion.objects.filter(note=note).delete()
    sign_note(cast.maya, note, credential="LCSW")
    tom = browser(cast.tom)
    open_in_emergency(cast.tom, cast.ruth, reason="Ruth called in crisis, Maya is away.")
    opened = set()
    for address in RECORDS:
        path = address.to(**hers)
        if tom.get(path).status_code == 200:
            opened.add(address.name)
        assert tom.post(path).status_code in BEFORE_ANY_LOOK or address.name in SENT_BY_TOM, address.name
    assert opened == IN_AN_EMERGENCY


def test_somebody_who_has_left_the_practice_opens_nothing(cast: Cast) -> None:
    left = browser(cast.bo)
    left.get("/")
    close_access(cast.maya, account(cast.bo))
    for address in ALL:
        if address.name not in OPEN_TO_ALL:
            for answer in (left.get(address.to()), left.post(address.to())):
                assert answer.status_code in (302, 405), address.name
                assert answer.status_code == 405 or where_to(answer).startswith(reverse("people:sign_in"))


@pytest.mark.parametrize("has_factor", [True, False])
def test_between_the_password_and_the_second_factor_there_is_only_the_second_factor(
    cast: Cast, hers: dict[str, int], *, has_factor: bool
) -> None:
    if has_factor:
        with_app(cast.tom)
    person = Browser()
    assert person.post("/sign-in/", {"username": "tom", "password": PASSWORD}).status_code == 302
    second = reverse("people:second")
    for address in ALL:
        path = address.to(**hers)
        for answer in (person.get(path), person.post(path)):
            if address.name in OPEN_TO_ALL | {"people:second"}:
                assert answer.status_code in (200, 302, 405, 409, 422), address.name
            elif address.name in AFTER_A_PASSWORD and not has_factor and address.name in SETTING_UP:
                assert answer.status_code in (200, 405), address.name
            elif address.name in AFTER_A_PASSWORD:
                assert answer.status_code == 405 or where_to(answer) == reverse("people:sign_in"), (
                    address.name
                )
            else:
                assert (answer.status_code, where_to(answer)) == (302, second), address.name
            assert clinical(answer.content.decode(errors="ignore")) == [], address.name


def test_a_locked_screen_answers_with_the_lock_alone(cast: Cast, hers: dict[str, int]) -> None:
    maya = browser(cast.maya)
    for address in ALL:
        path, lock = address.to(**hers), reverse("people:lock")
        SignIn.objects.update(locked_at=SignIn.objects.order_by("began_at")[0].began_at)
        if maya.get("/").status_code == 200:  # her first request makes her row
            SignIn.objects.update(locked_at=SignIn.objects.order_by("began_at")[0].began_at)
        if address.name in OPEN_TO_ALL | AFTER_A_PASSWORD:
            continue
        if address.name in AT_THE_LOCK:
            if address.name != "people:sign_out":
                shown = maya.get(path).content.decode(), maya.post(path).content.decode()
                assert clinical("".join(shown)) == [], address.name
            continue
        for answer in (maya.get(path), maya.post(path)):
            assert (answer.status_code, where_to(answer).split("?")[0]) == (302, lock), address.name
        assert maya.get(path, headers={"HX-Request": "true"}).status_code == 423, address.name
        assert maya.post(path, headers={"HX-Request": "true"}).content == b"", address.name


def test_every_address_says_who_may_open_it() -> None:
    unsaid = {address.name for address in ALL if not address.is_about_a_record}
    said = OPEN_TO_ALL | AFTER_A_PASSWORD | FOR_EVERYONE_SIGNED_IN | FOR_WHO_HOLDS_SESSIONS
    assert unsaid == said | FOR_OWNERS | SENT_BY_OWNERS | FOR_WHO_COULD_TREAT
    assert AT_THE_LOCK == WHILE_LOCKED


def test_what_is_sensitive_asks_again_who_is_there(cast: Cast, hers: dict[str, int]) -> None:
    maya = browser(cast.maya)
    maya.get("/")
    SignIn.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    asks = set()
    for address in ALL:
        if getattr(resolve(address.to(**hers)).func, "is_fresh", False) or address.name in SETTING_UP:
            asks.add(address.name)
            for answer in (maya.get(address.to(**hers)), maya.post(address.to(**hers))):
                assert answer.status_code == 405 or where_to(answer).startswith(reverse("people:again"))
    assert asks == ASKS_AGAIN


def test_what_pages_ask_by_themselves_keeps_no_screen_open() -> None:
    asked = set()
    for template in kept(SOURCE, ".html"):
        text = template.read_text(encoding="utf-8")
        for tag in re.findall(r"<[a-z][^>]*hx-trigger=\"[^\"]*every [^>]*>", text):
            asked |= set(re.findall(r"\{% url '([\w:]+)'", tag))
    assert asked - BY_THEMSELVES == {"room:with_client"}  # the client's own page, which has no sign-in


NOT_FOR_WHO_BILLS = [word for word in CLINICAL_WORDS if word not in ("Ruth", "Okafor")]
"""Names are what is billed and booked; everything else of the cast's words is clinical."""


def disclosed_with_reasons(cast: Cast) -> None:
    """Something of Ruth's that went out, and that she let go out, with reasons in clinical words."""
    today = timezone.localdate()
    let = authorize_disclosure(
        cast.maya,
        cast.ruth,
        recipient="Lena Ortiz",
        kinds=["note"],
        purpose="sertraline, reviewed",
        signed_by="Ruth Abel",
        signed_on=today,
        expires_when="off sertraline",
    )
    record_disclosure(
        cast.maya,
        cast.ruth,
        to="Lena Ortiz",
        kind="note",
        how="fax",
        on=today,
        details="where she slept badly",
        basis=AUTHORIZED,
        purpose="sertraline, reviewed",
        authorization=let,
    )


@pytest.mark.parametrize("name", ["bo", "sam"])
def test_who_bills_or_books_reads_no_clinical_word_on_any_page(
    cast: Cast, hers: dict[str, int], name: str
) -> None:
    save_jottings(cast.maya, Session.objects.get(), text="her brother drinks, slept badly, sertraline")
    add_diagnosis(cast.maya, cast.ruth, code="F41.1", name="Generalized anxiety", since=TUESDAY.date())
    goal = ("G1", "Sleep: she slept badly", [("O1", "Tell her daughter", "weekly")])
    write_plan(cast.maya, cast.ruth, made_on=TUESDAY.date(), review_on=TUESDAY.date(), goals=[goal])
    set_vocabulary(cast.maya, cast.ruth, vocabulary="sertraline")
    disclosed_with_reasons(cast)
    person, owner, read = browser(getattr(cast, name)), browser(cast.maya), 0
    for address in ALL:
        text = person.get(address.to(**hers)).content.decode(errors="ignore").lower()
        assert [word for word in (*NOT_FOR_WHO_BILLS, "anxiety") if word in text] == [], address.name
        # And who may read them does find these words on the same walk.
        if address.name.startswith(("chart:", "consent:disclosures")):
            read += bool(clinical(owner.get(address.to(**hers)).content.decode(errors="ignore")))
    assert read > 5


@pytest.mark.parametrize("name", sorted(FOR_OWNERS))
def test_the_owners_pages_are_there_for_her_and_for_nobody_else(
    cast: Cast, name: str, settings: LazySettings
) -> None:
    keyfile.make(settings.CONFIG.home, "harbor lamp mosaic")
    ProofRun.objects.create(
        practice=cast.practice, state=DONE, ended_at=timezone.now(), report=written((), is_whole=False)
    )
    assert statuses(browser(cast.maya), reverse(name)) in ({200}, {200, 405}, {200, 422}, {405, 422})
    for person in (cast.tom, cast.ada, cast.bo, cast.sam):
        assert statuses(browser(person), reverse(name)) <= {404, 405}


@pytest.mark.parametrize("name", sorted(SENT_BY_OWNERS))
def test_what_only_owners_send_is_a_404_for_everybody_else(cast: Cast, name: str) -> None:
    assert browser(cast.maya).post(reverse(name)).status_code in (302, 409)
    for person in (cast.tom, cast.ada, cast.bo, cast.sam):
        assert browser(person).post(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", sorted(FOR_WHO_HOLDS_SESSIONS | FOR_WHO_COULD_TREAT))
def test_her_own_pages_are_there_for_who_holds_sessions_and_for_nobody_else(cast: Cast, name: str) -> None:
    path = reverse(name, kwargs={"habit": "naming"} if "correct" in name else {})
    for person in (cast.maya, cast.tom, cast.ada):
        assert statuses(browser(person), path) <= {200, 302, 405, 422}, person.name
    for person in (cast.bo, cast.sam):
        assert statuses(browser(person), path) <= {404, 405}, person.name
