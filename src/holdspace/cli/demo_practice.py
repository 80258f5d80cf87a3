"""The invented practice of `holdspace demo`: its people, a week of appointments, a plan, earlier signed notes.

Everything is written through the same gated actions a person's clicks go through. Django must be started before this
module is imported.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from holdspace.access.actor import Actor
from holdspace.assist import rules as assist
from holdspace.assist.actions import choose_switches
from holdspace.chart.actions import add_diagnosis, bring_in_note, write_plan
from holdspace.consent.actions import record_consent, set_practice_place
from holdspace.consent.queries import text_for
from holdspace.consent.rules import TRANSCRIPTION, YES
from holdspace.people import opening
from holdspace.people.actions import add_client
from holdspace.people.models import Client, Clinician, User
from holdspace.people.queries import own_clinician
from holdspace.room.actions.sessions import save_jottings, set_times, start_session
from holdspace.room.models import Session
from holdspace.schedule.actions import book_appointment
from holdspace.schedule.models import Appointment

SAMPLE = files("holdspace.demo_data")
SHOWN = (assist.RECORDING, assist.TRANSCRIPTION, assist.DRAFTING, assist.VOICE)
"""What the demonstration has switched on."""
SECTIONS = {"D": "Data", "A": "Assessment", "P": "Plan"}


@dataclass(frozen=True, slots=True)
class DemoPractice:
    """Who signs in, and the session that waits to be heard."""

    actor: Actor
    username: str
    session: Session
    note_format: str


def make(*, password: str, passphrase: str) -> DemoPractice:
    """Make the practice with everything but the draft."""
    told = yaml.safe_load(files("holdspace.cli").joinpath("demo_practice.yaml").read_text(encoding="utf-8"))
    sample = json.loads(SAMPLE.joinpath("chart.json").read_text(encoding="utf-8"))
    owner = _owner(told, sample, password, passphrase)
    actor = opening.actor_of(owner.pk)
    clinician = own_clinician(actor)
    if clinician is None:  # set-up makes her one
        raise LookupError("the owner is no clinician")
    choose_switches(actor, clinician.practice, names=SHOWN)
    zone = ZoneInfo(told["practice"]["zone"])
    today = datetime.now(zone).date()
    for line in told["clients"]:
        _week(actor, clinician, line, today, zone)
    session = _sample_session(actor, clinician, told, sample, today)
    return DemoPractice(actor, owner.username, session, sample["note_format"])


def sample_recording() -> bytes:
    """The sample session's sound."""
    return SAMPLE.joinpath("session.ogg").read_bytes()


def _owner(told: dict[str, Any], sample: dict[str, Any], password: str, passphrase: str) -> User:
    return opening.set_up(
        practice=told["practice"]["name"],
        zone=told["practice"]["zone"],
        name=sample["clinician"]["name"],
        credential=sample["clinician"]["credential"],
        username=told["owner"]["username"],
        password=password,
        passphrase=passphrase,
    )


def _week(actor: Actor, clinician: Clinician, line: dict[str, Any], today: date, zone: ZoneInfo) -> None:
    client = add_client(
        actor,
        clinician,
        name=line["name"],
        pronouns=line["pronouns"],
        birth_date=line["birth_date"],
        others=line["others"],
    )
    start = _at(today + timedelta(days=line["day"]), line["at"], zone)
    book_appointment(
        actor,
        client,
        start=start,
        end=start + timedelta(minutes=line["minutes"]),
        setting=line["setting"],
        modality=line["modality"],
    )


def _sample_session(
    actor: Actor, clinician: Clinician, told: dict[str, Any], sample: dict[str, Any], today: date
) -> Session:
    zone = ZoneInfo(told["practice"]["zone"])
    client = add_client(
        actor,
        clinician,
        name=sample["client"]["name"],
        pronouns=sample["client"]["pronouns"],
        birth_date=told["sample"]["birth_date"],
        vocabulary="\n".join(sample["vocabulary"]),
    )
    _chart(actor, client, sample, today)
    set_practice_place(actor, client.practice, state=told["practice"]["state"])
    shown = text_for(actor, client, TRANSCRIPTION).sha256
    record_consent(actor, client, answer=YES, signed=client.name, shown=shown)
    start = _at(today, told["sample"]["at"], zone)
    for weeks, text in enumerate(sample["voice_samples"], start=1):
        _earlier_note(actor, _booked(actor, client, start - timedelta(weeks=weeks), sample), text)
    session = start_session(actor, _booked(actor, client, start, sample))
    minutes = timedelta(minutes=told["sample"]["minutes"])
    set_times(actor, session, started_at=start, ended_at=start + minutes)
    save_jottings(actor, session, text=sample["jottings"])
    return session


def _chart(actor: Actor, client: Client, sample: dict[str, Any], today: date) -> None:
    since = today - timedelta(weeks=10)
    for diagnosis in sample["diagnoses"]:
        add_diagnosis(actor, client, code=diagnosis["code"], name=diagnosis["name"], since=since)
    goals = [
        (
            goal["id"],
            goal["text"],
            [(aim["id"], aim["text"], aim.get("measure", "")) for aim in goal["objectives"]],
        )
        for goal in sample["treatment_plan"]["goals"]
    ]
    write_plan(actor, client, made_on=since, review_on=since + timedelta(days=90), goals=goals)


def _booked(actor: Actor, client: Client, start: datetime, sample: dict[str, Any]) -> Appointment:
    service = sample["service"]
    return book_appointment(
        actor,
        client,
        start=start,
        end=start + timedelta(minutes=53),
        setting=service["setting"],
        modality=service["modality"],
        cpt=service["cpt"],
    )


def _earlier_note(actor: Actor, appointment: Appointment, text: str) -> None:
    parts = re.split(r"\b([DAP]): ", text)[1:]
    sections = [
        (SECTIONS[letter], _sentences(words)) for letter, words in zip(parts[::2], parts[1::2], strict=True)
    ]
    bring_in_note(
        actor,
        start_session(actor, appointment),
        note_format="DAP",
        sections=sections,
        signed_at=appointment.end + timedelta(hours=2),
    )


def _sentences(words: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?\"])\s+(?=[A-Z])", words) if part.strip()]


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)
