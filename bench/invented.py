"""An invented practice in bulk, sealed as the product seals: `begun`, then `filled`. Import it once Django is started.

Rows are written hundreds at once instead of through the actions; every value goes through its field, under the key of
whose it is.
"""

import os
import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from holdspace.access.actor import Actor
from holdspace.chart.models import (
    Diagnosis,
    DraftLedger,
    Goal,
    NoteSentence,
    Objective,
    ProgressNote,
    Signature,
    TreatmentPlan,
)
from holdspace.chart.rules import ADDED, IN_REVIEW, SIGNED, Counts, SignedWords, canonical, sha256_of
from holdspace.people.actions import add_clinician, add_user, set_up_practice
from holdspace.people.models import Client, Clinician, Practice
from holdspace.room.models import Session
from holdspace.schedule.models import Appointment
from holdspace.vault import keyfile
from holdspace.vault.bring_over import bring_over
from holdspace.vault.home import KEYFILE, prepare
from holdspace.vault.keys import ring

PASSPHRASE = "harbor lamp mosaic"  # noqa: S105  # an invented practice's
PASSWORD = "correct horse battery"  # noqa: S105  # likewise
SECTIONS = ("Data", "Assessment", "Plan")
SENTENCES = 9
AT_ONCE = 500
LAST = datetime(2026, 11, 27, 22, tzinfo=UTC)
NAMES = "Ana Bea Cleo Dov Eli Fay Gus Hana Ivo Jun Kai Lia Mia Noa Ola Pia Rui Sol Tia Uma Vik Wim Yara Zoe"
FIRST_NAMES = NAMES.split()
TEXT = (
    "client reports sleep about five hours most nights and less worry at work this week than last while the "
    "conversation with her sister went better than feared we practiced grounding and named three moments of "
    "pride homework is to write two lines each evening denied thoughts of dying or of harming anyone next time "
    "we look at the letter to the school and at what Sunday evenings are like without the phone"
)
WORDS = TEXT.split()
Told = Callable[[str, float], None]


def begun(folder: Path) -> None:
    """An empty practice database with its key file, open."""
    prepare(folder)
    ring.put(keyfile.make(folder, PASSPHRASE), keyfile=folder / KEYFILE)
    call_command("migrate", verbosity=0, interactive=False)
    bring_over()  # as a practice that is set up: there is nothing of an older version in it


def filled(clients: int, notes: int, told: Told) -> Actor:
    """The practice with its owner, so many clients, and so many signed notes of theirs; the owner."""
    practice = set_up_practice(Actor.command_line(), Practice(name="Invented Practice"))
    door = Actor.command_line(practice.pk)
    owner = add_user(door, practice, username="maya", name="Maya Torres", role="owner", password=PASSWORD)
    clinician = add_clinician(door, owner, credential="LCSW")
    chance = random.Random(7)  # noqa: S311  # the same practice each time
    people = _clients(practice, clinician, clients, chance)
    told("Inventing the clients", 1.0)
    for first in range(0, notes, AT_ONCE):
        with transaction.atomic():
            _signed([people[n % clients] for n in range(first, min(first + AT_ONCE, notes))], first, chance)
        told("Inventing the notes", min(first + AT_ONCE, notes) / notes)
    return Actor(
        practice_id=practice.pk, role="owner", name=owner.name, user_id=owner.pk, clinician_id=clinician.pk
    )


def _clients(practice: Practice, clinician: Clinician, count: int, chance: random.Random) -> list[Client]:
    with transaction.atomic():
        people = Client.objects.bulk_create(
            Client(
                practice=practice,
                clinician=clinician,
                name=f"{chance.choice(FIRST_NAMES)} Invented{number}",
                pronouns="she/her",
                birth_date=f"{chance.randint(1940, 2008)}-03-01",
                vocabulary="sertraline\nRiverside",
            )
            for number in range(count)
        )
        Diagnosis.objects.bulk_create(
            Diagnosis(client=one, code="F41.1", name="Generalized anxiety disorder", since=date(2024, 1, 9))
            for one in people
        )
        plans = TreatmentPlan.objects.bulk_create(
            TreatmentPlan(client=one, made_on=date(2026, 9, 1), review_on=date(2026, 12, 1)) for one in people
        )
        goals = Goal.objects.bulk_create(
            Goal(plan=plan, code=f"G{n}", text=_sentence(chance)) for plan in plans for n in (1, 2)
        )
        Objective.objects.bulk_create(
            Objective(goal=goal, code=f"{goal.code}.{n}", text=_sentence(chance), measure="GAD-7 below 10")
            for goal in goals
            for n in (1, 2)
        )
    return people


def _signed(clients: list[Client], first: int, chance: random.Random) -> None:
    """A signed note for each of these clients."""
    sessions = _sessions(clients, first, chance)
    notes = ProgressNote.objects.bulk_create(
        ProgressNote(
            session=session,
            client=session.client,
            clinician=session.clinician,
            format="DAP",
            section_names=list(SECTIONS),
            state=IN_REVIEW,
        )
        for session in sessions
    )
    for note in notes:
        note.state = SIGNED  # of which the database learns last, as in chart.actions.bring_in_note
    sentences = [_line(note, position, chance) for note in notes for position in range(SENTENCES)]
    NoteSentence.objects.bulk_create(sentences, batch_size=AT_ONCE)
    lines = iter(sentences)
    Signature.objects.bulk_create(
        [_signature(note, [next(lines) for _ in range(SENTENCES)]) for note in notes], batch_size=AT_ONCE
    )
    counts = asdict(Counts(kept=6, edited=2, added=1))
    DraftLedger.objects.bulk_create(
        DraftLedger(note=note, uses=[], counts=counts, frozen_at=note.session.ended_at) for note in notes
    )
    ProgressNote.objects.filter(pk__in=[note.pk for note in notes]).update(state=SIGNED)


def _sessions(clients: list[Client], first: int, chance: random.Random) -> list[Session]:
    booked = [
        Appointment(
            client=one, clinician=one.clinician, start=start, end=start + timedelta(minutes=53), cpt="90837"
        )
        for number, one in enumerate(clients, first)
        for start in (LAST - timedelta(hours=number),)
    ]
    Appointment.objects.bulk_create(booked, batch_size=AT_ONCE)
    return Session.objects.bulk_create(
        [
            Session(
                appointment=one,
                client=one.client,
                clinician=one.clinician,
                started_at=one.start,
                ended_at=one.end,
                jottings=_sentence(chance),
                is_closed=True,
            )
            for one in booked
        ],
        batch_size=AT_ONCE,
    )


def _line(note: ProgressNote, position: int, chance: random.Random) -> NoteSentence:
    return NoteSentence(
        note=note,
        position=position,
        section=SECTIONS[position * len(SECTIONS) // SENTENCES],
        text=_sentence(chance),
        origin="session",
        status=ADDED,
        sealed=os.urandom(120),  # what is left of its evidence once the key is gone: noise
    )


def _signature(note: ProgressNote, lines: list[NoteSentence]) -> Signature:
    session = note.session
    content = canonical(
        asdict(
            SignedWords(
                practice="Invented Practice",
                address=(),
                client=note.client.name,
                client_born=note.client.birth_date,
                started_at=session.started_at.isoformat(),
                ended_at=session.ended_at.isoformat(),
                cpt="90837",
                setting="office",
                modality="individual",
                attendees=(note.client.name, note.clinician.name),
                diagnoses=("F41.1 Generalized anxiety disorder",),
                objectives=(),
                format=note.format,
                sections=tuple(
                    (name, tuple(line.text for line in lines if line.section == name)) for name in SECTIONS
                ),
                answers=(),
                who=note.clinician.name,
                credential=note.clinician.credential,
                signed_at=session.ended_at.isoformat(),
            )
        )
    )
    return Signature(
        note=note,
        user_id=note.clinician.user_id,
        who=note.clinician.name,
        credential=note.clinician.credential,
        signed_at=session.ended_at,
        content=content,
        sha256=sha256_of(content),
    )


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=16)).capitalize() + "."
