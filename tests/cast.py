"""The practice everyone tests with.

Maya (owner, clinician), Tom (clinician), Ada (supervisor of Tom), Bo (biller), Sam (scheduler), Ruth (Maya's client),
the Okafors (a couple, Tom's clients), Eve (has no business here: an owner of another practice's actor).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdspace.access.actor import Actor
from holdspace.assist import rules as assist
from holdspace.assist.actions import choose_switches
from holdspace.chart.actions import set_question_aside, sign_note
from holdspace.chart.models import NoteQuestion, ProgressNote
from holdspace.consent.actions import record_consent
from holdspace.consent.queries import standings, text_for
from holdspace.consent.rules import TRANSCRIPTION, YES
from holdspace.engines.note import Draft, Evidence, LeftOut, Question, Section, Sentence
from holdspace.engines.transcript import Transcript, Turn
from holdspace.people.actions import add_client, add_clinician, add_user, set_up_practice
from holdspace.people.models import Client, Clinician, Practice, User
from holdspace.people.opening import actor_of
from holdspace.room.actions.sessions import keep_transcript, start_session
from holdspace.room.models import Session
from holdspace.schedule.actions import book_appointment
from holdspace.schedule.models import Appointment

ON = (assist.RECORDING, assist.TRANSCRIPTION, assist.DRAFTING, assist.VOICE)
"""What the cast's practice chose; the language model it did not."""
PASSWORD = "correct horse battery"
PASSPHRASE = "harbor lamp mosaic"
"""What opens the practice where a test gives it a key file."""
TUESDAY = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)

TURNS = (
    Turn(0, "therapist", "How has the week been?"),
    Turn(1, "client", "I slept about five hours most nights. Four at intake."),
    Turn(2, "therapist", "Any thoughts of ending your life?"),
    Turn(3, "client", "No, nothing like that. I have my daughter."),
    Turn(4, "client", "My brother is the one who drinks. It scared me."),
)
CLINICAL_WORDS = ("slept", "daughter", "brother", "drinks", "Ruth", "Okafor", "suicidal", "sertraline")


@dataclass(frozen=True)
class Cast:
    """Everyone, with the actors they are."""

    practice: Practice
    maya: Actor
    tom: Actor
    ada: Actor
    bo: Actor
    sam: Actor
    eve: Actor
    worker: Actor
    maya_clinician: Clinician
    tom_clinician: Clinician
    ruth: Client
    okafors: Client


def make_cast() -> Cast:
    """The practice, with everyone in it."""
    practice = set_up_practice(
        Actor.command_line(), Practice(name="Harbor Counseling", zone="America/New_York")
    )
    door = Actor.command_line(practice.pk)
    choose_switches(door, practice, names=ON)
    maya = _user(practice, "maya", "Maya Torres", "owner")
    tom = _user(practice, "tom", "Tom Bright", "clinician")
    ada = _user(practice, "ada", "Ada Nwosu", "supervisor")
    bo, sam = _user(practice, "bo", "Bo Lindh", "biller"), _user(practice, "sam", "Sam Reyes", "scheduler")
    maya_clinician = add_clinician(door, maya, credential="LCSW", pronouns="she/her")
    ada_clinician = add_clinician(door, ada, credential="PsyD")
    tom_clinician = add_clinician(door, tom, credential="LPC", supervisor=ada_clinician)
    return Cast(
        practice=practice,
        maya=actor_of(maya.pk),
        tom=actor_of(tom.pk),
        ada=actor_of(ada.pk),
        bo=actor_of(bo.pk),
        sam=actor_of(sam.pk),
        eve=Actor(practice_id=practice.pk + 1, role="owner", name="Eve", user_id=None, clinician_id=1),
        worker=Actor.worker(practice.pk),
        maya_clinician=maya_clinician,
        tom_clinician=tom_clinician,
        ruth=add_client(door, maya_clinician, name="Ruth Abel", pronouns="she/her", former_names="Rudy"),
        okafors=add_client(door, tom_clinician, name="Ike Okafor", others="partner: Amara Okafor"),
    )


def booked(cast: Cast, client: Client, start: datetime = TUESDAY) -> Appointment:
    """An hour with the client's clinician."""
    door = Actor.command_line(cast.practice.pk)
    return book_appointment(door, client, start=start, end=start + timedelta(minutes=53), cpt="90837")


def held(cast: Cast, client: Client | None = None, start: datetime = TUESDAY) -> Session:
    """A session begun; Ruth's unless another client is named."""
    return start_session(Actor.command_line(cast.practice.pk), booked(cast, client or cast.ruth, start))


def agree(actor: Actor, client: Client, *roles: str, purpose: str = TRANSCRIPTION) -> None:
    """Everyone who is asked signs the document of now, or those of these roles ("client", "guardian of child")."""
    for standing in standings(actor, client, purpose):
        if not roles or standing.label in roles:
            record_consent(
                actor,
                client,
                answer=YES,
                participant=standing.person.key,
                capacity=standing.capacity,
                purpose=purpose,
                signed=standing.person.name or "Somebody",
                shown=text_for(actor, client, purpose, standing.capacity).sha256,
            )


def heard(cast: Cast, session: Session) -> Session:
    """The session with its consent and what was said in it."""
    door = Actor.command_line(cast.practice.pk)
    agree(door, session.client)
    keep_transcript(cast.worker, session, heard=Transcript(TURNS, "en", 60.0))
    return session


def sign(cast: Cast, note: ProgressNote) -> ProgressNote:
    """Maya signs it, every question set aside."""
    for question in NoteQuestion.objects.filter(note=note):
        set_question_aside(cast.maya, note, question=question)
    return sign_note(cast.maya, note, credential="LCSW")


def small_draft() -> Draft:
    """A draft of what the cast's session said: two sections, a question, something left out."""
    slept = Evidence(1, "I slept about five hours most nights")
    denied = Evidence(3, "No, nothing like that")
    drinks = Evidence(4, "My brother is the one who drinks")
    back = Sentence("Client's brother drinks.", "session", (drinks,))
    return Draft(
        format="DAP",
        sections=(
            Section(
                "Data",
                (
                    Sentence("Client slept about 5 hours most nights.", "session", (slept,)),
                    Sentence("Client denied suicidal thoughts.", "session", (denied,)),
                ),
            ),
            Section("Assessment", ()),
            Section(
                "Plan", (Sentence("Grounding used on her own.", "jottings", (Evidence(None, "grounding"),)),)
            ),
        ),
        questions=(Question("Was homicidal ideation asked about?", (denied,)),),
        left_out=(LeftOut("someone else's story", (drinks,), "Data", back),),
    )


def _user(practice: Practice, username: str, name: str, role: str) -> User:
    door = Actor.command_line(practice.pk)
    return add_user(door, practice, username=username, name=name, role=role, password=PASSWORD)
