"""What drafting is given: the session and the record around it, as plain values.

`SessionInput` is built by the rooms from the chart, or by `session_file` from a file. Nothing in it is ever sent
anywhere; a step of `story.draft` sees only the parts its signature names.
"""

from dataclasses import dataclass

from holdspace.engines.transcript import OffRecordSpan, Turn


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the room. `role` is the speaker label of their turns; pronouns as in the record ("she/her")."""

    role: str
    name: str
    pronouns: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """A measurable objective of the treatment plan, with its own identifier ("O1.1")."""

    id: str
    text: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the treatment plan and its objectives."""

    id: str
    text: str
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """When and how the session took place. Times are the practice's local clock, "14:03"."""

    date: str = ""
    start: str = ""
    end: str = ""
    setting: str = ""
    modality: str = "individual"
    cpt: str = ""


@dataclass(frozen=True, slots=True)
class SessionInput:
    """One session and what the record already says.

    `jottings` are the clinician's own words, kept nearly verbatim. `signed_notes` are her earlier signed notes (the
    newest first): her voice. `prior_note` is the last note of this client. `former_names` never reach a note.
    """

    turns: tuple[Turn, ...]
    clinician: Person
    client: Person
    participants: tuple[Person, ...] = ()
    service: Service = Service()
    diagnoses: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    jottings: str = ""
    prior_note: str = ""
    signed_notes: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    off_record: tuple[OffRecordSpan, ...] = ()
    note_format: str = "SOAP"
    language: str = ""

    @property
    def withheld_names(self) -> tuple[str, ...]:
        """Former names, whole and in each part the client no longer bears; none may reach a note."""
        borne = set(self.client.name.split())
        parts = [part for name in self.former_names for part in name.split() if part not in borne]
        return tuple(dict.fromkeys([*self.former_names, *parts]))
