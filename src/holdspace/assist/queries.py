"""Reads of switches, the ledger and the voice profile."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from django.conf import settings
from django.db.models import Q, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.access.sight import within
from holdspace.assist.models import AiUse, SpeakingVoice, Switch, VoiceProfile
from holdspace.assist.rules import (
    ACTIVITY,
    HEARING,
    LANGUAGE,
    LANGUAGE_CHECK,
    LEVELS,
    PARSER,
    RULES,
    STYLE,
    SWITCHES,
    VOICE,
    VOICES,
    WHISPER,
    WHO_SPOKE,
    Around,
    Level,
    Setting,
    Standing,
    VoiceKept,
    deciding,
    id_at,
)
from holdspace.errors import BadInput, NotAllowed
from holdspace.people.models import Clinician
from holdspace.people.queries import names_of
from holdspace.weights.store import Store


def switched_off_at(actor: Actor, name: str, around: Around) -> Level | None:
    """The level whose switch turns `name` off here, or None when it is on."""
    return _off_at(name, _switches(actor, [around]).filter(name=name))


def hearing_off_at(actor: Actor, around: Around) -> tuple[str, Level] | None:
    """The switch that keeps sound from being heard here, and its level; None when both it needs are on."""
    rows = list(_switches(actor, [around]).filter(name__in=HEARING))
    found = ((name, _off_at(name, rows)) for name in HEARING)
    return next(((name, level) for name, level in found if level), None)


def standings_of(actor: Actor, arounds: Sequence[Around]) -> list[tuple[Standing, ...]]:
    """Every switch as it stands for each of these, with what was set where, by whom and when."""
    if scope_of(actor, "switch.read") == "-":
        raise NotAllowed("There is no such page.")
    rows = list(_switches(actor, arounds))
    names = names_of(actor, (row.set_by for row in rows))
    return [tuple(_standing(name, around, rows, names) for name in SWITCHES) for around in arounds]


def models_here(actor: Actor) -> set[str]:
    """Models of the catalogue whose files are on this machine."""
    if scope_of(actor, "practice.read") == "-":
        return set()
    store = Store(settings.CONFIG.weights)
    return {entry.name for entry in store.entries if store.present(entry.name)}


def used_names(actor: Actor) -> set[str]:
    """The cards of what the pages use here, where the switches allow it."""
    hearing = {ACTIVITY, VOICES, WHO_SPOKE} | (set() if settings.CONFIG.speech_url else {WHISPER})
    drafting = {RULES, PARSER, STYLE, LANGUAGE_CHECK}
    return hearing | drafting | ({LANGUAGE} & models_here(actor))


def set_clients(actor: Actor) -> set[int]:
    """Clients for whom a switch was set on their own."""
    rows = Switch.objects.filter(practice_id=actor.practice_id, level="client")
    return set(rows.values_list("about_id", flat=True))


def is_asked(actor: Actor) -> bool:
    """Whether the practice was asked what the program may do. Until then everything is off."""
    return Switch.objects.filter(practice_id=actor.practice_id, level="practice").exists()


FORMATS = Path(__file__).parents[1] / "engines" / "drafting" / "formats"
OUR_FORMATS = ("BIRP", "DAP", "GIRP", "PIRP", "SOAP")
"""Those of `engines/drafting/formats` that fit a session; an intake is a note of its own kind. Named here because
nothing of an engine may be loaded to show a page."""


def note_formats(actor: Actor) -> tuple[str, ...]:
    """Formats a session's draft may take: ours, and those in the practice's own folder."""
    if scope_of(actor, "session.draft") == "-":
        return ()
    own = {path.stem.upper() for path in settings.CONFIG.formats.glob("*.yaml") if path.stem.isalnum()}
    return tuple(sorted({*OUR_FORMATS, *own}))


def section_names(actor: Actor, note_format: str) -> list[str]:
    """The sections of a format, for a note written by hand: read from its file, no engine. Raises BadInput."""
    if note_format not in note_formats(actor):
        raise BadInput("There is no such format.")
    own = settings.CONFIG.formats / f"{note_format.lower()}.yaml"
    try:
        told = yaml.safe_load((own if own.is_file() else FORMATS / own.name).read_text(encoding="utf-8"))
        return [str(section["name"]) for section in told["sections"]]
    except (OSError, yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
        raise BadInput(
            "The file of this format cannot be used.", then="Choose another, or correct it."
        ) from None


def uses(actor: Actor, session_id: int) -> list[AiUse]:
    """What AI was used in one session, in order."""
    if scope_of(actor, "switch.read") == "-":
        return []
    return list(AiUse.objects.filter(practice_id=actor.practice_id, session_id=session_id).order_by("at"))


def voice_kept(actor: Actor, clinician_id: int) -> VoiceKept:
    """What is kept of a clinician's voice profile; nothing kept is an empty one."""
    rows = within(
        actor,
        "voice.read",
        VoiceProfile.objects.filter(clinician_id=clinician_id),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
    kept = rows.first()
    return VoiceKept(json.loads(kept.corrections or "{}"), kept.learns_from) if kept else VoiceKept()


def voice_off_at(actor: Actor, clinician: Clinician) -> Level | None:
    """Where her voice profile is switched off for all her sessions: "clinician", "practice", or None."""
    return switched_off_at(actor, VOICE, Around(clinician.practice_id, clinician.pk, 0, 0))


def speaking_voice(actor: Actor, clinician_id: int) -> list[float] | None:
    """The numbers of her speaking voice; None where she gave none."""
    kept = _speaking_voices(actor, clinician_id).first()
    return list(json.loads(kept.numbers)) if kept else None


def speaking_voice_given_at(actor: Actor, clinician_id: int) -> datetime | None:
    """When she gave it; None where she did not."""
    kept = _speaking_voices(actor, clinician_id).first()
    return kept.given_at if kept else None


def _speaking_voices(actor: Actor, clinician_id: int) -> QuerySet[SpeakingVoice]:
    return within(
        actor,
        "voice.read",
        SpeakingVoice.objects.filter(clinician_id=clinician_id),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )


def _switches(actor: Actor, arounds: Sequence[Around]) -> QuerySet[Switch]:
    """The settings at every level of these."""
    about = Q(level="practice", about_id=actor.practice_id)
    for level in LEVELS[:-1]:
        about |= Q(level=level, about_id__in={id_at(around, level) for around in arounds} - {0})
    return Switch.objects.filter(about, practice_id=actor.practice_id)


def _off_at(name: str, rows: Iterable[Switch]) -> Level | None:
    """The level that turns `name` off, by its rows among these."""
    return deciding(name, [(row.level, row.is_on) for row in rows if row.name == name])  # type: ignore[misc]  # levels are the model's


def _standing(name: str, around: Around, rows: list[Switch], names: dict[int, str]) -> Standing:
    settings = tuple(
        Setting(level, row.is_on, names.get(row.set_by or 0, ""), row.set_at)
        for level in LEVELS
        for row in rows
        if (row.name, row.level, row.about_id) == (name, level, id_at(around, level))
    )
    return Standing(name, deciding(name, [(kept.level, kept.is_on) for kept in settings]), settings)
