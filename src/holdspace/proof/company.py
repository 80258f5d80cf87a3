"""The trial client, and everyone around them: a practice of their own, which nobody else's pages can see.

Every read is limited to the practice of whoever asks, so what belongs to another practice is in no list, count or
schedule of hers, without any list having to know of it. Its people cannot sign in: they have no password. Practice and
people have reserved numbers below zero; a run that was killed is found by them and cleared away by the next.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.models import Switch
from holdspace.chart.actions import add_diagnosis
from holdspace.consent.actions import record_consent, set_practice_place
from holdspace.consent.queries import practice_place, standings, text_for
from holdspace.consent.rules import TRANSCRIPTION, YES
from holdspace.people.actions import add_client, add_clinician
from holdspace.people.models import Client, Practice, User
from holdspace.people.opening import actor_of
from holdspace.people.rules import TRIAL
from holdspace.proof.spoken import ALONE, DIAGNOSIS, FORMER_NAME, LEAVING, PARTNER, TOGETHER
from holdspace.room.actions.sessions import start_session
from holdspace.room.models import Session
from holdspace.schedule.actions import book_appointment

ROLES = {"owner": -1, "clinician": -2, "supervisor": -3, "biller": -4, "scheduler": -5, "colleague": -6}
"""Who works in the trial's practice, by reserved user number. The colleague is a clinician whose client this is not."""
WHO_HOLD_SESSIONS = ("clinician", "colleague", "supervisor", "owner")
_begun = count()


@dataclass(frozen=True, slots=True)
class Company:
    """The trial's practice with everyone in it: clients who come alone, with a partner, and for the last time."""

    practice: Practice
    alone: Client
    together: Client
    leaving: Client

    def actor(self, role: str) -> Actor:
        """Somebody who works there."""
        return actor_of(ROLES[role])

    @property
    def clinician(self) -> Actor:
        """Who holds the sessions."""
        return self.actor("clinician")

    @property
    def worker(self) -> Actor:
        """The background worker."""
        return Actor.worker(TRIAL)

    def session(self, client: Client | None = None, *, agreed: bool = True) -> Session:
        """A session that has begun; with everyone's consent, or nobody's."""
        whose = client or self.alone
        if agreed:
            self.agree(whose)
        # One after the other, so that no two begin at the same moment.
        start = timezone.now() - timedelta(minutes=50) + timedelta(seconds=next(_begun))
        booked = book_appointment(
            self.clinician, whose, start=start, end=start + timedelta(minutes=50), cpt="90834"
        )
        return start_session(self.clinician, booked)

    def agree(self, client: Client, *, only: str = "") -> None:
        """Everyone in the room says yes to being heard, or the one of that role."""
        for standing in standings(self.clinician, client, TRANSCRIPTION):
            if only in ("", standing.label):
                record_consent(
                    self.clinician,
                    client,
                    answer=YES,
                    participant=standing.person.key,
                    capacity=standing.capacity,
                    signed=standing.person.name,
                    shown=text_for(self.clinician, client, TRANSCRIPTION, standing.capacity).sha256,
                )


def gather(real: Practice) -> Company:
    """Make the trial's practice. What the real one decided as a whole (its state, its switches) counts there too."""
    practice = Practice.objects.create(pk=TRIAL, name="The trial of a promise", zone=real.zone)
    people = {role: _employed(practice, role, number) for role, number in ROLES.items()}
    door = Actor.command_line(TRIAL)
    held = [add_clinician(door, people[role], credential="LPC") for role in WHO_HOLD_SESSIONS]
    if place := practice_place(Actor.command_line(real.pk)).code:
        set_practice_place(door, practice, state=place)
    for switch in Switch.objects.filter(practice=real, level="practice"):
        Switch.objects.create(
            practice=practice, level="practice", about_id=TRIAL, name=switch.name, is_on=switch.is_on
        )
    alone = add_client(door, held[0], name=ALONE, pronouns="she/her", former_names=FORMER_NAME)
    together = add_client(door, held[0], name=TOGETHER, others=f"partner: {PARTNER}")
    add_diagnosis(
        actor_of(ROLES["clinician"]), alone, code=DIAGNOSIS[0], name=DIAGNOSIS[1], since=timezone.localdate()
    )
    return Company(practice, alone, together, add_client(door, held[0], name=LEAVING))


def _employed(practice: Practice, role: str, number: int) -> User:
    """Somebody who works there, without a password."""
    title = "clinician" if role == "colleague" else role
    user = User(pk=number, practice=practice, username=f"trial {role}", name=f"Trial {role}", role=title)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user
