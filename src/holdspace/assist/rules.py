"""Decisions about AI on plain values: which switch decides, and what a drafter is told of the record."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from holdspace.engines.transcript import OffRecordSpan, Turn

Level = Literal["practice", "clinician", "client", "session"]
LEVELS: tuple[Level, ...] = ("session", "client", "clinician", "practice")

HEARING, DRAFTING, MODEL, VOICE = "hearing", "drafting", "language-model", "learn-my-voice"
SWITCHES = (HEARING, DRAFTING, MODEL, VOICE)
LEAST_VOICE_S = 10.0
"""Seconds of speech from which a speaking voice can be taken; the page asks for twenty with pauses."""
MOST_VOICE_S = 60.0
BYTES_PER_SAMPLE, BYTES_PER_S = 2, 32_000
"""16-bit samples at 16 kHz."""
OFF_UNLESS_ON = frozenset({MODEL})
"""A language model's wording is only used where somebody switched it on."""


@dataclass(frozen=True, slots=True)
class Around:
    """Whom and what the switches are asked about, narrowest last."""

    practice_id: int
    clinician_id: int
    client_id: int
    session_id: int


@dataclass(frozen=True, slots=True)
class VoiceKept:
    """What is kept of a clinician's voice: her corrections by habit, and since when notes count (None: all)."""

    corrections: dict[str, str] = field(default_factory=dict)
    learns_from: datetime | None = None


def deciding(name: str, settings: Collection[tuple[Level, bool]]) -> Level | None:
    """The level whose switch turns `name` off, the narrowest first; None when it is on."""
    said = dict(settings)
    for level in LEVELS:
        if said.get(level) is False:
            return level
    if name in OFF_UNLESS_ON and not said:
        return "practice"
    return None


@dataclass(frozen=True, slots=True)
class SomeoneThere:
    """Someone in the room, by the label of their turns."""

    role: str
    name: str
    pronouns: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A goal and its objectives as (id, text, measure)."""

    id: str
    text: str
    objectives: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All a drafter is told. Built by the workflow from the chart; the doorway turns it into the engine's own type."""

    turns: tuple[Turn, ...]
    clinician: SomeoneThere
    client: SomeoneThere
    others: tuple[SomeoneThere, ...] = ()
    off_record: tuple[OffRecordSpan, ...] = ()
    day: str = ""
    start: str = ""
    end: str = ""
    setting: str = ""
    modality: str = "individual"
    cpt: str = ""
    diagnoses: tuple[str, ...] = ()
    goals: tuple[PlanGoal, ...] = ()
    jottings: str = ""
    prior_note: str = ""
    signed_notes: tuple[str, ...] = ()
    voice: tuple[tuple[str, str], ...] = ()
    """Her corrections of the voice learnt from them, by habit."""
    former_names: tuple[str, ...] = ()
    note_format: str = "SOAP"
    language: str = ""
