"""Everyone × every address × every method × hers, a colleague's, another practice's and nobody's: all of it, expected.

The addresses come from the URL configuration and the methods from the views. What an address is gated by stands in the
table below, and who that lets in comes from the policy (access/policy.py), so an address without a row fails, and so
does a view that lets in more, or fewer, than the policy says.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import get_resolver, resolve, reverse

from holdspace.access.actor import Whereabouts
from holdspace.access.policy import allows, known
from holdspace.audit.models import Entry
from tests.everything import (
    NOBODYS,
    OKAFORS,
    PEOPLE,
    RUTHS,
    VERAS,
    Everything,
    Record,
    browser,
    make_everything,
)
from tests.walls.test_addresses import AFTER_A_PASSWORD, ALL, DAY, OPEN_TO_ALL, WITH_A_CODE, Address

IS_WHOLE = os.environ.get("WHOLE_MATRIX") == "1"
BEFORE_THE_DOOR = {"people:set_up", "people:unlock", "people:recover"}
"""Once the practice is set up and open, these lead to the first page whatever is sent."""
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# What gates each address that names a record: the verb (or verbs) for reading, then for sending; - for "takes none".
GATED = """
chart:add               -                  note.review
chart:addendum          -                  note.amend
chart:answer            -                  note.review
chart:client            client.read        -
chart:client_log        audit.read         -
chart:edit              note.read          note.review
chart:evidence          transcript.read    -
chart:keep              -                  note.review
chart:note              note.read          -
chart:of_session        session.read       -
chart:ledger            note.read          -
chart:ledger_pdf        ledger.export      ledger.export
chart:pdf               note.export        note.export
chart:private           psychotherapy.read psychotherapy.write
chart:put_back          -                  note.review
chart:question_evidence transcript.read    -
chart:restore           -                  note.review
chart:sentence          note.read          -
chart:sign              -                  note.sign
chart:start             -                  session.start
chart:strike            -                  note.review
chart:write             -                  note.write
consent:accounting      -                  disclosure.print
consent:ask             consent.read       consent.record
consent:authorize       -                  disclosure.authorize
consent:born            -                  consent.prepare
consent:complete        disclosure.read    disclosure.record
consent:disclose        -                  disclosure.record
consent:disclosures     disclosure.read    -
consent:guard           -                  disclosure.guard
consent:pdf             consent.export     consent.export
consent:revoke          -                  disclosure.revoke
consent:signed          consent.read       -
consent:take_back       -                  consent.revoke
consent:where           -                  consent.prepare
outside:end             -                  outside.end
people:acknowledge      -                  notice.acknowledge
people:close            -                  user.leave
people:end_all          -                  user.change+sign_in.end
people:end_emergency    -                  emergency.end
people:end_sign_in      -                  sign_in.end
people:invite           -                  user.invite
people:member           user.change        user.change
people:remove_factor    -                  factor.remove
people:reopen           -                  user.return
room:begin              -                  session.hear
room:capture            session.hear       -
room:code               -                  session.read+consent.prepare
room:destroy_said       -                  transcript.destroy
room:dictate            session.hear       -
room:draft              -                  session.draft
room:give_turn          -                  session.hear
room:jottings           -                  session.jot
room:name_speakers      -                  session.hear
room:progress           session.read       -
room:said               transcript.read    -
room:session            session.read       -
room:sound              -                  session.hear
room:state              -                  session.hear
room:swap               -                  session.hear
room:upload             -                  session.hear
room:words              session.hear       -
safekeeping:certificate retention.read     -
safekeeping:certificate_pdf retention.read -
safekeeping:destroy     -                  record.destroy
safekeeping:hold        -                  record.hold
safekeeping:release     -                  record.hold
schedule:book           -                  appointment.book
"""
VERBS = {name: (get, post) for name, get, post in (line.split() for line in GATED.strip().splitlines())}

# What is sent, so that the gate is reached and not only the form.
SENT: dict[str, dict[str, Any]] = {
    "chart:add": {"section": "Data", "text": "She came."},
    "chart:addendum": {"text": "She called."},
    "chart:answer": {"act": "set_aside"},
    "chart:edit": {"text": "She slept."},
    "chart:sign": {"credential": "LCSW"},
    "chart:private": {"text": "Hers alone."},
    "chart:write": {"format": "DAP"},
    "consent:authorize": {
        "recipient": "Dr. Lee",
        "kinds": ["note"],
        "purpose": "Care",
        "signed_by": "Her",
        "signed_on": DAY,
        "expires_on": "2027-11-10",
    },
    "consent:complete": {"to": "Dr. Lee", "basis": "treatment"},
    "consent:disclose": {"to": "Dr. Lee", "kind": "note", "how": "fax", "on": DAY, "basis": "treatment"},
    "consent:guard": {"is_guarded": "yes"},
    "safekeeping:hold": {"reason": "A complaint."},
    "people:member": {"role": "owner"},
    "consent:ask": {"who": "0", "answer": "no"},
    "consent:born": {"participant": "client", "born": "1980-01-01"},
    "consent:take_back": {"who": "0", "purpose": "transcription"},
    "consent:where": {"state": "NY"},
    "room:begin": {"mode": "dictation", "token": "t"},
    "room:draft": {"format": "DAP"},
    "room:give_turn": {"role": "client"},
    "room:jottings": {"jottings": "x"},
    "room:upload": {"file": b"RIFF\0\0\0\0WAVE"},
    "room:name_speakers": {"speaker": "client", "role": "therapist"},
    "schedule:book": {
        "day": "2026-11-11",
        "start": "10:00",
        "minutes": "50",
        "setting": "office",
        "modality": "individual",
    },
}
OF_THE_HOUSE = {"safekeeping:certificate", "safekeeping:certificate_pdf"}
"""What was destroyed is told of the installation, which is one practice's; the second one here is only the test's."""
WORDS = {"iso_day": DAY, "purpose": "transcription", "habit": "naming", "turn": 1}
REFUSED_BEFORE_ANY_LOOK = {404, 422}
LET_IN = {200, 204, 302, 409, 410, 422}
"""200 and 303 in spirit: done; 409, 410 and 422: hers, but not now, not any more, or not like this."""

RECORDS = [address for address in ALL if address.is_about_a_record]


@dataclass(frozen=True)
class Asked:
    """One request of the matrix."""

    address: Address
    method: str
    whose: str


def methods_of(address: Address) -> set[str]:
    """The methods the view itself says it takes (`require_GET` and the like, outermost)."""
    view: Any = resolve(path_to(address, {}, "22222222")).func
    cells = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
    return set(cells["request_method_list"].cell_contents)


def path_to(address: Address, ids: dict[str, Any], code: str) -> str:
    """The address of somebody's record."""
    values = {**WORDS, "code": code, **ids}
    return reverse(address.name, kwargs={name: values.get(name, 999_999) for name in address.parameters})


def verb_of(address: Address, method: str) -> str:
    """What the address is gated by."""
    return VERBS[address.name][0 if method in ("GET", "HEAD") else 1]


def is_let_in(house: Everything, who: str, asked: Asked) -> bool:
    """What the policy says."""
    record = house.records[asked.whose]
    practice_id = house.actors[who].practice_id if asked.address.name in OF_THE_HOUSE else record.practice_id
    where = Whereabouts("anything", 0, practice_id, record.clinician_id, user_id=record.user_id)
    return all(
        allows(house.actors[who], known(verb), where)
        for verb in verb_of(asked.address, asked.method).split("+")
    )


def answer_to(one: Browser, asked: Asked, record: Record) -> HttpResponse:
    """The answer, and everything as it was before."""
    path = path_to(asked.address, record.ids, record.code)
    one.cookies.pop("messages", None)  # what was said of the request before is no answer to this one
    with transaction.atomic():
        newest = Entry.objects.latest("number").number
        found: Any = (
            one.post(path, _sent(asked.address))
            if asked.method == "POST"
            else one.generic(asked.method, path)
        )
        found.done = list(
            Entry.objects.filter(outcome="done", number__gt=newest).values_list("verb", flat=True)
        )
        transaction.set_rollback(True)
    return found  # type: ignore[no-any-return]  # Django's test answer, with what it did


def _sent(address: Address) -> dict[str, Any]:
    return {
        name: SimpleUploadedFile(name, value) if isinstance(value, bytes) else value
        for name, value in SENT.get(address.name, {}).items()
    }


@pytest.fixture
def house(db: None) -> Everything:  # noqa: ARG001  # the database must be there first
    """One of everything."""
    return make_everything()


def allowed(address: Address) -> Iterator[str]:
    """The methods of an address, in order."""
    return (method for method in EVERY_METHOD if method in methods_of(address))


def test_every_address_about_a_record_says_what_gates_it_and_every_view_its_methods() -> None:
    assert {address.name for address in RECORDS} == set(VERBS)
    for address in RECORDS:
        takes = {
            method for method, verb in zip(("GET", "POST"), VERBS[address.name], strict=True) if verb != "-"
        }
        assert methods_of(address) == takes, address.name
    for address in ALL:
        assert methods_of(address) <= {"GET", "POST"}, address.name


@pytest.mark.parametrize("who", PEOPLE)
def test_a_record_opens_to_whom_the_policy_names_and_to_others_it_is_not_there(
    house: Everything, who: str
) -> None:
    one = browser(house.actors[who])
    wrong = []
    for address in RECORDS:
        for method in allowed(address):
            missing = answer_to(one, Asked(address, method, NOBODYS), house.records[NOBODYS])
            for whose in (RUTHS, OKAFORS, VERAS):
                asked = Asked(address, method, whose)
                answer = answer_to(one, asked, house.records[whose])
                if fault := _fault(answer, missing, is_in=is_let_in(house, who, asked)):
                    wrong.append(f"{method} {address.name} of {whose}: {fault}")
    assert wrong == []


def _fault(answer: Any, missing: Any, *, is_in: bool) -> str:
    """What is wrong with an answer, in words."""
    if is_in:
        return "" if answer.status_code in LET_IN else f"kept out ({answer.status_code})"
    if answer.status_code not in REFUSED_BEFORE_ANY_LOOK:
        return f"let in ({answer.status_code})"
    if _text(answer) != _text(missing):
        return "tells that it is there"
    done = [verb for verb in answer.done if not verb.endswith(".read")]
    return f"did {done}" if done else ""


def _text(answer: HttpResponse) -> tuple[int, bytes]:
    """Without the token, and without the seconds that are left until the screen locks."""
    shown = re.sub(rb'data-left="\d+"', b"", answer.content)
    return answer.status_code, b"".join(line for line in shown.splitlines() if b"csrf" not in line)


@pytest.mark.parametrize("who", [None, *(PEOPLE if IS_WHOLE else ("maya",))])
def test_a_method_a_view_does_not_name_does_nothing(house: Everything, who: str | None) -> None:
    """The decorator that names them is outermost, so who asks makes no difference; IS_WHOLE asks as everyone."""
    one = browser(house.actors[who] if who else None)
    for address in ALL:
        expected = (
            {302}
            if address.name in BEFORE_THE_DOOR
            else {405}
            if who or address.name in OPEN_TO_ALL | AFTER_A_PASSWORD
            else {302}
        )
        for method in [m for m in EVERY_METHOD if m not in methods_of(address)]:
            answer: Any = answer_to(one, Asked(address, method, RUTHS), house.records[RUTHS])
            assert (answer.status_code in expected, answer.done) == (True, []), (method, address.name)


@pytest.mark.parametrize("whose", [RUTHS, OKAFORS])
def test_a_code_opens_the_pages_of_its_session_and_nothing_else(house: Everything, whose: str) -> None:
    client = browser(None)
    others = house.records[OKAFORS if whose == RUTHS else RUTHS]
    for address in ALL:
        for method in allowed(address):
            answer = answer_to(client, Asked(address, method, whose), house.records[whose])
            if address.name in WITH_A_CODE:
                assert answer.status_code in LET_IN, (method, address.name)
            else:
                assert answer.status_code in (200, 302), (method, address.name)
                assert not any(word in answer.content for word in (b"Ruth", b"Okafor"))
    elsewhere = reverse("room:client_pdf", args=[house.records[whose].code, others.ids["number"]])
    assert client.get(elsewhere).status_code == 404


def test_the_url_configuration_is_the_one_that_is_served() -> None:
    assert get_resolver().urlconf_name == configured.ROOT_URLCONF
