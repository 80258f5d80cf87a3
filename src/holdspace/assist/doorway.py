"""The one way to a model. Asks the switches and the consents, writes the ledger, and only then imports an engine.

An engine's modules are imported inside the functions below, in `words` and in `on_record`, and nowhere else in the
rooms, so "off means off" is proved at one place: with a switch off, nothing of the engine is even loaded
(tests/walls/test_switches.py).
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from holdspace.access.actor import Actor
from holdspace.assist.entries import enter, enter_each, enter_sitting
from holdspace.assist.queries import hearing_off_at, switched_off_at
from holdspace.assist.rules import (
    ACTIVITY,
    CHECKING,
    CLAIMS,
    DRAFTING,
    HEARING,
    LANGUAGE,
    MODEL,
    NAMES_OUT,
    NOT_BUILT,
    PARSER,
    RULES,
    SENTENCES,
    STYLE,
    VOICE,
    VOICES,
    WHISPER,
    WHO_SPOKE,
    WORDING,
    WORDS,
    Around,
    Level,
    Record,
    kinds_searched,
)
from holdspace.assist.voice import LearntVoice
from holdspace.consent.queries import who_is_missing
from holdspace.engines.transcript import Transcript
from holdspace.errors import ConsentMissing, EngineFailed, SwitchedOff
from holdspace.outbound.gateway import reaching
from holdspace.outbound.standing import Tried
from holdspace.outside.actions import note_sent
from holdspace.outside.door import tell_gateway
from holdspace.outside.queries import LanguageServer, language_server
from holdspace.outside.rules import MODEL_SERVER
from holdspace.people.queries import client as client_of
from holdspace.people.queries import practice
from holdspace.weights.store import Store

if TYPE_CHECKING:
    from holdspace.assist.language_process import LanguageProcess
    from holdspace.assist.line import Values
    from holdspace.assist.speech_process import Listening, SpeechProcess, Voices
    from holdspace.assist.tools import DraftingTools
    from holdspace.engines.language.port import LanguageModel, Schema
    from holdspace.people.models import Clinician

_ahead: dict[int, Any] = {}
"""What sessions going on had parsed already, by session. Here, so that it can be forgotten without an engine."""


def check_on(actor: Actor, name: str, around: Around) -> None:
    """Raise SwitchedOff, naming the switch, if `name` is off here."""
    if level := switched_off_at(actor, name, around):
        raise _switched_off(name, level)


def check_may_hear_sound(actor: Actor, around: Around) -> None:
    """Raise SwitchedOff unless sound may be taken and turned into words here."""
    if found := hearing_off_at(actor, around):
        raise _switched_off(*found)


def ear_for(actor: Actor, around: Around, *, is_alone: bool = False) -> SpeechProcess:
    """The speech engine for this session; alone, she dictates and nobody is asked.

    Raises SwitchedOff, ConsentMissing, WeightsMissing, WeightsDamaged.
    """
    check_may_hear_sound(actor, around)
    if not is_alone:
        _check_agreed(actor, around)
    process = _speech_here()
    given = "her dictation" if is_alone else "sound of the session"
    elsewhere = f"{settings.CONFIG.speech_model} at {speech_host()}" if settings.CONFIG.speech_url else ""
    enter(actor, around, "finding speech", ACTIVITY, given=given)
    enter(actor, around, "hearing", "" if elsewhere else WHISPER, given=given, elsewhere=elsewhere)
    if not is_alone:
        enter(actor, around, "telling voices apart", VOICES, given=given)
        enter(actor, around, "who spoke", WHO_SPOKE, given="words and voices")
    return process


def drafting_tools_for(actor: Actor, around: Around, *, given: str = "") -> DraftingTools:
    """What drafts for this session, from these kinds of things. Raises SwitchedOff, WeightsMissing, WeightsDamaged."""
    check_on(actor, DRAFTING, around)
    parser, learns_voice = _what_drafts(actor, around)
    enter(actor, around, "drafting", RULES, given=given)
    enter(actor, around, "reading sentences", PARSER, given=given)
    if learns_voice:
        enter(actor, around, "way of writing", STYLE, given="earlier notes")
    return _worded(actor, around, _tools(parser, learns_voice))


def _worded(actor: Actor, around: Around, tools: DraftingTools) -> DraftingTools:
    """The same tools, and whoever may propose wordings: a server she allowed, or the model of this machine.

    Either is entered when it is first asked: of many a session no sentence is worded anew.
    """
    if not _is_on(actor, MODEL, around):
        return tools
    may = partial(_is_on, actor, MODEL, around)
    wording = partial(enter, actor, around, WORDING, given=SENTENCES)
    if (server := _server_for(actor, around)) is not None:

        def asked(record: Record) -> None:
            wording(elsewhere=f"{server.model} at {server.host}")
            if not server.is_ours:
                enter(actor, around, NAMES_OUT, PARSER, given=kinds_searched(record))

        return tools.worded_by(
            lambda record: _while_on(_remote(actor, around, server, record), may, partial(asked, record))
        )
    if _store().present(LANGUAGE):
        model = _language(_store().path(LANGUAGE))
        return tools.worded_by(lambda _record: _while_on(model, may, partial(wording, LANGUAGE)))
    return tools


def read_ahead(actor: Actor, around: Around, texts: tuple[str, ...], *, is_first: bool) -> bool:
    """Parse what was said so far in a session that goes on, in memory. Whether it did: not with drafting off."""
    if not texts or switched_off_at(actor, DRAFTING, around) or not _store().present(PARSER):
        return False
    if is_first:
        enter(actor, around, "reading ahead", PARSER, given="transcript")
    _tools(_store().path(PARSER), False).read_ahead(around.session_id, texts)  # noqa: FBT003  # the cache's key
    return True


def forget_ahead(around: Around) -> None:
    """What was read ahead is off the record, or there will be no draft."""
    _ahead.pop(around.session_id, None)


def suggestions_for_claim(actor: Actor, around: Around) -> None:
    """Suggestions for a claim: not built yet, so this always raises SwitchedOff."""
    check_on(actor, CLAIMS, around)


@dataclass(slots=True)
class OnlyWhileOn:
    """A language model of which is asked before each sentence whether it may still be asked.

    `enters` makes its entries in the ledger, before it is asked the first time.
    """

    model: LanguageModel
    may: Callable[[], bool]
    enters: Callable[[], None]
    is_entered: bool = False

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """The model's answer; EngineFailed once it is switched off, after which the plain wording stands."""
        if not self.may():
            raise EngineFailed("The language model was switched off.", kept="The plain wording is kept.")
        if not self.is_entered:
            self.enters()
            self.is_entered = True
        return self.model.complete(prompt, schema=schema, max_tokens=max_tokens)


def _while_on(
    model: LanguageModel | None, may: Callable[[], bool], enters: Callable[[], None]
) -> LanguageModel | None:
    return OnlyWhileOn(model, may, enters) if model else None


def _is_on(actor: Actor, name: str, around: Around) -> bool:
    return switched_off_at(actor, name, around) is None


def _switched_off(name: str, level: Level) -> SwitchedOff:
    title = WORDS[name].title
    if name in NOT_BUILT:
        return SwitchedOff(f"{title} are not built yet.")
    return SwitchedOff(
        f"{title} is switched off for this {level}.",
        then="You can write the note yourself, or have the switch changed.",
    )


def _what_drafts(actor: Actor, around: Around) -> tuple[Path, bool]:
    return _store().path(PARSER), _is_on(actor, VOICE, around)


def _server_for(actor: Actor, around: Around) -> LanguageServer | None:
    """The server elsewhere that may be asked in this session: allowed by name, and told to everyone who was heard."""
    server = language_server(actor)
    if server is None or server.is_ours:
        return server
    client = client_of(actor, around.client_id)
    return None if who_is_missing(actor, client, session_id=around.session_id) else server


def _remote(actor: Actor, around: Around, server: LanguageServer, record: Record) -> LanguageModel | None:
    from holdspace.assist.remote import remote_for

    through = reaching(server.url)
    tell_gateway(actor)

    def note(words: int, replaced: int) -> None:
        note_sent(
            actor,
            practice(actor),
            host=server.host,
            purpose=MODEL_SERVER,
            session_id=around.session_id,
            words=words,
            replaced=replaced,
        )

    return remote_for(server, record, grammar=_store().path(PARSER), through=through, note=note)


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
    for name in (*HEARING, VOICE):
        check_on(actor, name, around)
    enter(actor, around, "her voice", VOICES, given="her own voice")
    return _speech_here().voice_in(pcm)


def speech_host() -> str:
    """The host that hears instead of this machine; "" when nothing leaves it. Whoever is heard is told."""
    return urlsplit(settings.CONFIG.speech_url).hostname or ""


def ears() -> int | None:
    """The number of the process that hears for this one now; None while there is none."""
    return _speech_here().pid if _speech.cache_info().currsize else None


def ways_out_of_hearing() -> tuple[Tried, ...]:
    """Every way out, tried just now by the process that hears, which must be there."""
    return tuple(Tried(**told) for told in _speech_here().ask("standing")["standing"])


def stop_hearing() -> None:
    """End the speech process of this process, if it has one."""
    if _speech.cache_info().currsize:
        _speech_here().stop()


def stop_wording() -> None:
    """End the language model's process of this process, if it has one."""
    if _language.cache_info().currsize:
        _language(_store().path(LANGUAGE)).stop()


def check_is_sound(data: bytes) -> None:
    """Look at a recording's first bytes before it waits to be heard: no model. Raises NotAudio, saying what we take."""
    from holdspace.engines.speech.kinds import check_is_sound as check

    check(data)


def read_transcript(data: bytes, filename: str) -> Transcript:
    """Turns from a typed transcript or session file: reading, no model. Raises NotASession."""
    from holdspace.assist.tools import transcript_from

    return transcript_from(data, filename)


def doubt_about(actor: Actor, around: Around, text: str, quotes: tuple[str, ...]) -> str | None:
    """Why her own sentence is not supported by these quotes, or None; never blocks her. None too when switched off."""
    if switched_off_at(actor, DRAFTING, around):
        return None
    enter_each(actor, around, CHECKING, RULES, given="her own words, quotes")
    from holdspace.assist.tools import doubt

    return doubt(text, quotes)


def voice_learnt(actor: Actor, around: Around, signed_notes: tuple[str, ...]) -> LearntVoice | None:
    """What her signed notes say of her voice, by counting alone; None where drafting or the profile is switched off."""
    if switched_off_at(actor, DRAFTING, around) or switched_off_at(actor, VOICE, around):
        return None
    enter_sitting(actor, around, "way of writing", STYLE, given="earlier notes")
    from holdspace.assist.tools import learnt_voice

    return learnt_voice(signed_notes)


def _check_agreed(actor: Actor, around: Around) -> None:
    client = client_of(actor, around.client_id)
    if missing := who_is_missing(actor, client, session_id=around.session_id):
        raise ConsentMissing(
            f"No consent to transcription is recorded for: {', '.join(missing)}.",
            then="Ask for it first, or jot and dictate.",
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


@lru_cache(maxsize=1)
def _language(weights: Path) -> LanguageProcess:
    from holdspace.assist.language_process import LanguageProcess

    return LanguageProcess(weights)


@lru_cache(maxsize=4)
def _tools(parser: Path, learns_voice: bool) -> DraftingTools:  # noqa: FBT001  # the cache's key
    from holdspace.assist.tools import DraftingTools

    return DraftingTools.load(
        parser=parser, learns_voice=learns_voice, own_formats=settings.CONFIG.formats, ahead=_ahead
    )
