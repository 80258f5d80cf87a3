"""One of everything a practice holds, for each of three: Maya's client, Tom's, and another practice's.

With each client goes what is of the person responsible: the sign-in, a second factor, a notice, an emergency. What
walks all pages as everyone needs something on each of them, and somebody to whom none of it belongs.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.chart.actions import add_diagnosis, begin_review, save_draft, write_plan
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.consent.actions import invite
from holdspace.consent.disclosure import HOLDER
from holdspace.consent.models import Consent, Disclosure, DisclosureAuthorization
from holdspace.outside.models import AllowedHost
from holdspace.outside.rules import MODEL_SERVER
from holdspace.people.models import Client, Clinician, Emergency, Notice, Practice, SignIn, User
from holdspace.people.noticing import TRIES
from holdspace.people.opening import actor_of
from holdspace.room.actions.sessions import save_jottings
from holdspace.room.models import Session
from holdspace.vault.models import Destruction
from holdspace.vault.whose import HEARD
from tests.apps import with_app
from tests.cast import TUESDAY, Cast, heard, held, make_cast, small_draft

PEOPLE = ("maya", "tom", "ada", "bo", "sam", "eve")
RUTHS, OKAFORS, VERAS, NOBODYS = "ruths", "okafors", "veras", "nobodys"
WHOSE = (RUTHS, OKAFORS, VERAS, NOBODYS)
NO_ID = 999_999


@dataclass(frozen=True)
class Record:
    """Everything about one client, by the names that addresses give it, and who is responsible for it."""

    ids: dict[str, Any]
    practice_id: int
    clinician_id: int
    code: str
    user_id: int = 0


@dataclass(frozen=True)
class Everything:
    """The cast, the other practice's owner, and each client's records."""

    cast: Cast
    actors: dict[str, Actor]
    records: dict[str, Record]


def make_everything() -> Everything:
    """Both practices with one of everything."""
    cast = make_cast()
    eve, vera = _another_practice()
    records = {
        RUTHS: _record(cast, cast.ruth, days=0),
        OKAFORS: _record(cast, cast.okafors, days=1),
        VERAS: _record(cast, vera, days=2),
        NOBODYS: Record(dict.fromkeys((*records_ids(), *OF_PEOPLE), NO_ID), 0, 0, "22222222"),
    }
    actors = {name: getattr(cast, name) for name in PEOPLE if name != "eve"} | {"eve": actor_of(eve.pk)}
    return Everything(cast, actors, records)


def records_ids() -> tuple[str, ...]:
    """The names under which addresses know records."""
    return (
        "client_id",
        "appointment_id",
        "session_id",
        "note_id",
        "sentence_id",
        "question_id",
        "left_out_id",
        "consent_id",
        "number",
    )


OF_PEOPLE = (
    "user_id",
    "sign_in_id",
    "factor_id",
    "notice_id",
    "emergency_id",
    "host_id",
    "disclosure_id",
    "authorization_id",
    "certificate_id",
)
"""And those of who works here, and of what leaves and goes."""


def browser(who: Actor | None, **options: Any) -> Browser:
    """A browser, signed in as this person."""
    made = Browser(**options)
    if who is not None:
        assert who.user_id is not None
        made.force_login(User.objects.get(pk=who.user_id))
    return made


def _another_practice() -> tuple[User, Client]:
    """Written as rows, because an installation is one practice and sets up no second."""
    practice = Practice(name="Elsewhere", zone="America/New_York")
    practice.save(force_insert=True)
    eve = User(
        practice=practice, username="eve", name="Eve Stone", role="owner", password=make_password(None)
    )
    eve.save()
    clinician = Clinician.objects.create(user=eve, practice=practice, name="Eve Stone", credential="LMFT")
    return eve, Client.objects.create(practice=practice, clinician=clinician, name="Vera Long")


def _record(cast: Cast, client: Client, days: int) -> Record:
    practice, clinician = client.practice, client.clinician
    assert clinician.user_id is not None
    hers = actor_of(clinician.user_id)
    elsewhere = Cast(**{**cast.__dict__, "practice": practice, "worker": Actor.worker(practice.pk)})
    session = heard(elsewhere, held(elsewhere, client, TUESDAY + timedelta(days=days)))
    save_jottings(hers, session, text="grounding")
    add_diagnosis(hers, client, code="F41.1", name="Generalized anxiety", since=TUESDAY.date())
    write_plan(
        hers,
        client,
        made_on=TUESDAY.date(),
        review_on=TUESDAY.date(),
        goals=[("1", "Sleep", [("1.1", "Six hours", "diary")])],
    )
    note = begin_review(hers, save_draft(elsewhere.worker, session, draft=small_draft()))
    consent = Consent.objects.filter(client=client).latest("pk")
    return Record(
        _ids(client, session, note, consent) | _ids_of_people(hers, client),
        practice.pk,
        clinician.pk,
        invite(hers, client, session_id=session.pk).code,
        clinician.user_id,
    )


def _ids_of_people(hers: Actor, client: Client) -> dict[str, Any]:
    """A row each, most written as rows: what they are for has its own tests. The emergency is over."""
    user, now = with_app(hers), timezone.now()
    opened = Emergency.objects.create(client=client, user=user, reason="In crisis.", began_at=now, until=now)
    rows = (
        user,
        SignIn.objects.create(
            user=user, session_key=f"of {user.pk}", began_at=now, seen_at=now, proven_at=now
        ),
        Authenticator.objects.get(user=user),
        Notice.objects.create(user=user, kind=TRIES, at=now),
        opened,
        AllowedHost.objects.create(
            practice=client.practice,
            host=f"host{client.pk}.example",
            purpose=MODEL_SERVER,
            reason="Ours",
            allowed_by=user,
        ),
        Disclosure.objects.create(
            client=client,
            on=now.date(),
            to="Dr. Lee",
            kind="billing",  # of other kinds who bills is not told (tests/rooms/test_disclosures.py)
            basis=HOLDER,
            how="mail",
            recorded_by=user.pk,
            recorded_as="owner",
        ),
        DisclosureAuthorization.objects.create(
            client=client,
            recipient="Dr. Lee",
            kinds=["note"],
            purpose="Care",
            signed_by="Her",
            signed_on=now.date(),
        ),
        Destruction.objects.create(
            key_id=f"key of {client.pk}"[:24], kind=HEARD, owner_id=NO_ID, at=now, rule="asked"
        ),
    )
    return {name: row.pk for name, row in zip(OF_PEOPLE, rows, strict=True)}


def _ids(client: Client, session: Session, note: ProgressNote, consent: Consent) -> dict[str, Any]:
    values = (
        client,
        session.appointment,
        session,
        note,
        NoteSentence.objects.filter(note=note)[0],
        NoteQuestion.objects.get(note=note),
        LeftOutPart.objects.get(note=note),
        consent,
        consent,
    )
    return {name: row.pk for name, row in zip(records_ids(), values, strict=True)}
