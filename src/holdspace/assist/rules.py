"""Decisions about AI on plain values: which switch decides, and what a drafter is told of the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from holdspace.access.actor import Subject, Whereabouts
from holdspace.engines.transcript import OffRecordSpan, Turn

Level = Literal["practice", "clinician", "client", "session"]
LEVELS: tuple[Level, ...] = ("session", "client", "clinician", "practice")
"""The narrowest first."""

RECORDING, TRANSCRIPTION, DRAFTING = "recording", "transcription", "drafting"
MODEL, VOICE, CLAIMS = "language-model", "voice-profile", "claims"
SWITCHES = (RECORDING, TRANSCRIPTION, DRAFTING, MODEL, VOICE, CLAIMS)
HEARING = (RECORDING, TRANSCRIPTION)
"""Both are needed to hear: sound that nobody may turn into words is not taken, and words need sound."""
NOT_BUILT = frozenset({CLAIMS})
"""Switches for what does not exist yet. They stay off whatever is set."""

WHISPER, VOICES, PARSER = "whisper-base", "wespeaker-voxceleb", "spacy-en-core-web-sm"
LANGUAGE = "qwen2.5-coder-1.5b-instruct-q4"
ACTIVITY, WHO_SPOKE, RULES, STYLE = "silero-vad", "who-spoke", "drafting-rules", "voice-profile"
LANGUAGE_CHECK = "language-check"
"""What the pages use, each by the name of its card. The second lines are no files of the store: a model inside a
package, and our own rules, by the hash of their code."""

MARKING, CHECKING = "marking words", "checking wording"
KEEPING_OFF, NAMES_OUT, WORDING = "keeping off the record", "taking names out", "wording"
SENTENCES = "drafted sentences"
"""What is given to whoever proposes wordings."""
BESIDE = frozenset({MARKING, CHECKING, KEEPING_OFF})
"""Purposes, in the ledger, of what stands beside a note: rules that put no word into it."""

LEAST_VOICE_S = 10.0
"""Seconds of speech from which a speaking voice can be taken; the page asks for twenty with pauses."""
MOST_VOICE_S = 60.0
BYTES_PER_SAMPLE, BYTES_PER_S = 2, 32_000
"""16-bit samples at 16 kHz."""


@dataclass(frozen=True, slots=True)
class Around:
    """Whom and what the switches are asked about, narrowest last."""

    practice_id: int
    clinician_id: int
    client_id: int
    session_id: int


def id_at(around: Around, level: Level) -> int:
    """Whom or what a switch of that level is about here; 0 where there is nobody."""
    return {
        "practice": around.practice_id,
        "clinician": around.clinician_id,
        "client": around.client_id,
        "session": around.session_id,
    }[level]


@dataclass(frozen=True, slots=True)
class VoiceKept:
    """What is kept of a clinician's voice: her corrections by habit, and since when notes count (None: all)."""

    corrections: dict[str, str] = field(default_factory=dict)
    learns_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class SwitchWords:
    """A switch as people read it: its name, what it lets the program do, and the sentence when it is off."""

    title: str
    does: str


WORDS: Mapping[str, SwitchWords] = {
    RECORDING: SwitchWords(
        "Recording", "Takes sound from a microphone or a file. It is in memory only, until it is understood."
    ),
    TRANSCRIPTION: SwitchWords("Transcription", "Turns sound into words, and tells who spoke."),
    DRAFTING: SwitchWords(
        "Drafting", "Proposes a note, each sentence with the words it stands on; marks what to look at twice."
    ),
    MODEL: SwitchWords("Language model", "Rewords drafted sentences. The same check may refuse its words."),
    VOICE: SwitchWords("Voice profile", "Drafts in your way of writing, and knows your speaking voice."),
    CLAIMS: SwitchWords("Suggestions in claims", "Not built yet, off."),
}


@dataclass(frozen=True, slots=True)
class SwitchAt:
    """A switch at one place: what the verbs over switches are done to, so that the log names both."""

    name: str
    about: Subject

    def whereabouts(self) -> Whereabouts:
        """With the practice, clinician, client or session it is about; its kind is `client/recording`."""
        where = self.about.whereabouts()
        return replace(where, kind=f"{where.kind}/{self.name}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A switch as it was set at one level. Without `set_at` nobody has set it there."""

    level: Level
    is_on: bool
    who: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a switch is on for somebody, and which level decided."""

    name: str
    off_at: Level | None
    settings: tuple[Setting, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether it is on."""
        return self.off_at is None

    @property
    def decided(self) -> Setting | None:
        """The setting that decided: the narrowest off, else the practice's on. None where nobody was asked yet."""
        level = self.off_at or "practice"
        return next((setting for setting in self.settings if setting.level == level), None)

    def at(self, level: Level) -> Setting | None:
        """What was set at a level, if anything was."""
        return next((setting for setting in self.settings if setting.level == level), None)


def deciding(name: str, settings: Collection[tuple[Level, bool]]) -> Level | None:
    """The level whose switch turns `name` off, the narrowest first; None when it is on.

    The practice's own is off until somebody switched it on; a narrower one without a setting follows the wider.
    """
    said = dict(settings)
    for level in LEVELS:
        if said.get(level) is False:
            return level
    return None if said.get("practice") and name not in NOT_BUILT else "practice"


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


def kinds_given(record: Record) -> str:
    """The kinds of what a drafter is told here, for the ledger; never what they say."""
    kinds = {
        **_said(record),
        "plan": record.goals,
        "diagnoses": record.diagnoses,
        "the note before": record.prior_note,
    }
    return _listed(kinds)


def kinds_searched(record: Record) -> str:
    """The kinds of what names are looked for in before a server is asked, for the ledger."""
    return _listed({**_said(record), SENTENCES: True})


def _said(record: Record) -> dict[str, object]:
    return {"transcript": record.turns, "jottings": record.jottings.strip()}


def _listed(kinds: Mapping[str, object]) -> str:
    return ", ".join(kind for kind, given in kinds.items() if given)
