"""What the program may do, for whom, and why: the switches of a practice as a grid.

    practice ─▶ clinician ─▶ client ─▶ session        (a narrower off wins; a wider one cannot be undone below)

Rows are the practice, the clinicians whose clients this person may see, and of the clients those for whom something is
set or who have a session that is not signed; others are found by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from holdspace.access.actor import Actor, Subject
from holdspace.access.policy import allows
from holdspace.assist.queries import set_clients, standings_of
from holdspace.assist.rules import LEVELS, NOT_BUILT, WORDS, Around, Level, Setting, Standing
from holdspace.consent.queries import standings as consent_of
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, Clinician, Practice
from holdspace.people.queries import client as client_by_id
from holdspace.people.queries import clients, clinicians, practice
from holdspace.people.rules import matches
from holdspace.room.models import Session
from holdspace.room.queries import all_open_sessions
from holdspace.room.queries import session as session_by_id

GIVEN, MISSING, DECLINED = "given", "missing", "declined"
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A switch in a row. `turns` is what pressing it does ("on" or "off"); "" where it cannot be pressed here."""

    name: str
    title: str
    is_on: bool
    turns: str
    off_at: Level | None
    decided: Setting | None
    is_built: bool


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """A row of the grid: for whom, their switches, and where their consent stands ("" where nobody is asked)."""

    level: Level
    about_id: int
    who: str
    cells: tuple[Cell, ...]
    consent: str = ""
    session: Session | None = None

    @property
    def key(self) -> str:
        """What tells the row from every other on a page."""
        return f"{self.level}-{self.about_id}"

    def off(self, *names: str) -> Cell | None:
        """The first of these switches that is off here, or None."""
        return next((cell for cell in self.cells if cell.name in names and not cell.is_on), None)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole grid, the widest first, and how many clients are not shown."""

    rows: tuple[SwitchRow, ...]
    hidden: int


def board(actor: Actor, words: str = "") -> Board:
    """Everything this person may see of the switches; `words` finds clients by name. Raises NotAllowed."""
    held, seen = practice(actor), clients(actor)
    sessions = all_open_sessions(actor)
    of_interest = set_clients(actor) | {session.client_id for session in sessions}
    found = [one for one in seen if (matches(one.name, words) if words else one.pk in of_interest)]
    shown = found[:MOST_FOUND] if words else found
    therapists = [one for one in clinicians(actor) if _is_seen(actor, one)]
    subjects: list[Practice | Clinician | Client | Session] = [held]
    for therapist in therapists:
        subjects.append(therapist)
        for client in shown:
            if client.clinician_id == therapist.pk:
                subjects += [client, *(one for one in sessions if one.client_id == client.pk)]
    rows = rows_of(actor, subjects)
    return Board(
        tuple(_with_consent(actor, row, subject) for row, subject in zip(rows, subjects, strict=True)),
        len(seen) - len(shown),
    )


def rows_of(
    actor: Actor, subjects: Sequence[Practice | Clinician | Client | Session]
) -> tuple[SwitchRow, ...]:
    """The rows of these. Raises NotAllowed for who may not see switches."""
    standings = standings_of(actor, [_around(subject) for subject in subjects])
    return tuple(
        _row(actor, subject, switches) for subject, switches in zip(subjects, standings, strict=True)
    )


def row_of(actor: Actor, subject: Practice | Clinician | Client | Session) -> SwitchRow:
    """The row of one."""
    return rows_of(actor, [subject])[0]


def subject_at(actor: Actor, level: str, about_id: int) -> Practice | Clinician | Client | Session:
    """Whom or what a row is about. Missing, forbidden and not a level look alike."""
    if level == "practice":
        return practice(actor)
    if level == "clinician":
        found = [one for one in clinicians(actor) if one.pk == about_id]
        if found:
            return found[0]
    if level == "client":
        return client_by_id(actor, about_id)
    if level == "session":
        return session_by_id(actor, about_id)
    raise NotAllowed("There is no such page.")


def _row(
    actor: Actor, subject: Practice | Clinician | Client | Session, switches: Iterable[Standing]
) -> SwitchRow:
    where = subject.whereabouts()
    level = next(level for level in LEVELS if level == where.kind)
    return SwitchRow(
        level=level,
        about_id=where.id,
        who=subject.client.name if isinstance(subject, Session) else subject.name,
        cells=tuple(_cell(actor, subject, level, standing) for standing in switches),
        session=subject if isinstance(subject, Session) else None,
    )


def _with_consent(
    actor: Actor, row: SwitchRow, subject: Practice | Clinician | Client | Session
) -> SwitchRow:
    if isinstance(subject, Session):
        return replace(row, consent=_consent(actor, subject.client, subject.pk))
    return replace(row, consent=_consent(actor, subject, 0)) if isinstance(subject, Client) else row


def _cell(actor: Actor, subject: Subject, level: Level, standing: Standing) -> Cell:
    is_built = standing.name not in NOT_BUILT
    may = is_built and allows(actor, "switch.off", subject.whereabouts())
    turns = ""
    if may and standing.is_on:
        turns = "off"
    elif may and standing.off_at == level:
        turns = "on"
    return Cell(
        name=standing.name,
        title=WORDS[standing.name].title,
        is_on=standing.is_on,
        turns=turns,
        off_at=standing.off_at,
        decided=standing.decided,
        is_built=is_built,
    )


def _consent(actor: Actor, client: Client, session_id: int) -> str:
    found = consent_of(actor, client, session_id=session_id)
    if any(standing.is_declined for standing in found):
        return DECLINED
    return GIVEN if all(standing.is_given for standing in found) else MISSING


def _around(subject: Practice | Clinician | Client | Session) -> Around:
    if isinstance(subject, Practice):
        return Around(subject.pk, 0, 0, 0)
    if isinstance(subject, Clinician):
        return Around(subject.practice_id, subject.pk, 0, 0)
    if isinstance(subject, Client):
        return Around(subject.practice_id, subject.clinician_id, subject.pk, 0)
    return subject.around()


def _is_seen(actor: Actor, therapist: Clinician) -> bool:
    return allows(actor, "switch.read", therapist.whereabouts())
