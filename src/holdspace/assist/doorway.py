"""The one way to a model. Asks the switches and the consents, writes the ledger, and only then imports an engine.

An engine's modules are imported inside the functions below and nowhere else in the rooms, so "off means off" is proved
at one place: with a switch off, nothing of the engine is even loaded (tests/rooms/test_doorway.py).
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from holdspace.access.actor import Actor
from holdspace.assist.models import AiUse
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import DRAFTING, HEARING, MODEL, VOICE, Around
from holdspace.assist.voice import LearntVoice
from holdspace.consent.queries import who_is_missing
from holdspace.engines.transcript import Transcript
from holdspace.errors import ConsentMissing, SwitchedOff
from holdspace.people.queries import client as client_of
from holdspace.weights.store import Store

if TYPE_CHECKING:
    from holdspace.assist.speech_process import Listening, SpeechProcess, Values, Voices
    from holdspace.assist.tools import DraftingTools
    from holdspace.people.models import Clinician

WHISPER, VOICES, PARSER = "whisper-base", "wespeaker-voxceleb", "spacy-en-core-web-sm"
LANGUAGE = "qwen2.5-coder-1.5b-instruct-q4"

PLAIN_NAMES = {HEARING: "Hearing recordings", DRAFTING: "Drafting notes", MODEL: "The language model"}


def check_on(actor: Actor, name: str, around: Around) -> None:
    """Raise SwitchedOff, naming the switch, if `name` is off here."""
    if level := switched_off_at(actor, name, around):
        raise SwitchedOff(
            f"{PLAIN_NAMES.get(name, name)} is switched off for this {level}.",
            then="You can write the note yourself, or have the switch changed.",
        )


def ear_for(actor: Actor, around: Around, *, is_alone: bool = False) -> SpeechProcess:
    """The speech engine for this session; alone, she dictates and nobody is asked.

    Raises SwitchedOff, ConsentMissing, WeightsMissing, WeightsDamaged.
    """
    check_on(actor, HEARING, around)
    if not is_alone:
        _check_agreed(actor, around)
    process = _speech_here()
    _enter(actor, around, "hearing", "" if settings.CONFIG.speech_url else WHISPER)
    _enter(actor, around, "who spoke", VOICES)
    return process


def drafting_tools_for(actor: Actor, around: Around) -> DraftingTools:
    """What drafts for this session. Raises SwitchedOff, WeightsMissing, WeightsDamaged."""
    check_on(actor, DRAFTING, around)
    parser, model, learns_voice = _what_drafts(actor, around)
    _enter(actor, around, "drafting", PARSER)
    if model is not None:
        _enter(actor, around, "wording", LANGUAGE)
    return _tools(parser, model, learns_voice)


def read_ahead(actor: Actor, around: Around, texts: tuple[str, ...], *, is_first: bool) -> None:
    """Parse what was said so far in a session that goes on, in memory; nothing where drafting is switched off."""
    if switched_off_at(actor, DRAFTING, around) or not _store().present(PARSER):
        return
    if is_first:
        _enter(actor, around, "reading ahead", PARSER)
    _tools(*_what_drafts(actor, around)).read_ahead(around.session_id, texts)


def forget_ahead(actor: Actor, around: Around) -> None:
    """What was read ahead is off the record, or there will be no draft."""
    if _tools.cache_info().currsize:
        _tools(*_what_drafts(actor, around)).forget_ahead(around.session_id)


def _what_drafts(actor: Actor, around: Around) -> tuple[Path, Path | None, bool]:
    has_model = switched_off_at(actor, MODEL, around) is None and _store().present(LANGUAGE)
    learns_voice = switched_off_at(actor, VOICE, around) is None
    return _store().path(PARSER), _store().path(LANGUAGE) if has_model else None, learns_voice


def listening_for(
    actor: Actor,
    around: Around,
    *,
    channels: int,
    vocabulary: tuple[str, ...],
    begins_s: float,
    people: int,
    is_alone: bool,
) -> Listening:
    """An ear for a session as it happens. Raises SwitchedOff, ConsentMissing, WeightsMissing, SpeechStopped."""
    ear = ear_for(actor, around, is_alone=is_alone)
    return ear.listening(
        around.session_id, channels=channels, vocabulary=vocabulary, begins_s=begins_s, people=people
    )


def transcript_of(
    pieces: list[Values], *, language: str, duration_s: float, is_call: bool, voices: Voices
) -> Transcript:
    """The turns of a session from what was understood piece by piece: arithmetic, no model."""
    from holdspace.assist.spoken import transcript_of as told

    return told(
        pieces,
        language=language,
        duration_s=duration_s,
        is_call=is_call,
        people=voices.people,
        therapist=voices.therapist,
    )


def speaking_voice_in(actor: Actor, clinician: Clinician, pcm: bytearray) -> tuple[list[float] | None, float]:
    """The voice in her samples, and the seconds of speech in them. Raises SwitchedOff, WeightsMissing."""
    around = Around(clinician.practice_id, clinician.pk, 0, 0)
    check_on(actor, HEARING, around)
    _enter(actor, around, "her voice", VOICES)
    return _speech_here().voice_in(pcm)


def speech_host() -> str:
    """The host that hears instead of this machine; "" when nothing leaves it. Whoever is heard is told."""
    return urlsplit(settings.CONFIG.speech_url).hostname or ""


def stop_hearing() -> None:
    """End the speech process of this process, if it has one."""
    if _speech.cache_info().currsize:
        _speech_here().stop()


def read_transcript(data: bytes, filename: str) -> Transcript:
    """Turns from a typed transcript or session file: reading, no model. Raises NotASession."""
    from holdspace.assist.tools import transcript_from

    return transcript_from(data, filename)


def doubt_about(actor: Actor, around: Around, text: str, quotes: tuple[str, ...]) -> str | None:
    """Why her own sentence is not supported by these quotes, or None; never blocks her. None too when switched off."""
    if switched_off_at(actor, DRAFTING, around):
        return None
    from holdspace.assist.tools import doubt

    return doubt(text, quotes)


def voice_learnt(actor: Actor, around: Around, signed_notes: tuple[str, ...]) -> LearntVoice | None:
    """What her signed notes say of her voice, by counting alone; None where drafting or the profile is switched off."""
    if switched_off_at(actor, DRAFTING, around) or switched_off_at(actor, VOICE, around):
        return None
    from holdspace.assist.tools import learnt_voice

    return learnt_voice(signed_notes)


def _check_agreed(actor: Actor, around: Around) -> None:
    client = client_of(actor, around.client_id)
    if missing := who_is_missing(actor, client, session_id=around.session_id):
        raise ConsentMissing(
            f"No consent to transcription is recorded for: {', '.join(missing)}.",
            then="Ask for it first, or jot and dictate.",
        )


def _enter(actor: Actor, around: Around, purpose: str, name: str) -> None:
    """An entry of the ledger; without a name it is the server of SPEECH_URL, whose weights only its owner knows."""
    AiUse.objects.create(
        practice_id=around.practice_id,
        session_id=around.session_id,
        user_id=actor.user_id,
        purpose=purpose,
        model=name or f"{settings.CONFIG.speech_model} at {speech_host()}",
        sha256=_store().entry(name).files[0].sha256 if name else "",
    )


def _store() -> Store:
    return Store(settings.CONFIG.weights)


def _speech_here() -> SpeechProcess:
    store, config = _store(), settings.CONFIG
    whisper = None if config.speech_url else store.path(WHISPER)
    return _speech(whisper, store.path(VOICES), config.speech_url, config.speech_model)


@lru_cache(maxsize=1)
def _speech(whisper: Path | None, voices: Path, url: str, model: str) -> SpeechProcess:
    from holdspace.assist.speech_process import SpeechProcess

    return SpeechProcess(whisper=whisper, voices=voices, url=url, model=model)


@lru_cache(maxsize=2)
def _tools(parser: Path, model: Path | None, learns_voice: bool) -> DraftingTools:  # noqa: FBT001  # the cache's key
    from holdspace.assist.tools import DraftingTools

    return DraftingTools.load(
        parser=parser, model=model, learns_voice=learns_voice, own_formats=settings.CONFIG.formats
    )
