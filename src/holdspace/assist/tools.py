"""The drafting engine as the rooms use it. Imported by the doorway alone, and only when the switches allow.

What a switch of its own allows, a language model and the voice profile, is imported only where that one is on.
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from holdspace.assist.rules import Record, SomeoneThere
from holdspace.assist.voice import LearntVoice
from holdspace.engines.drafting.format import load_format
from holdspace.engines.drafting.parser import Parser, Remembering, load_parser
from holdspace.engines.drafting.phrase import Phraser, TemplatePhraser
from holdspace.engines.drafting.phrase_model import LanguageModel, ModelPhraser
from holdspace.engines.drafting.session import Goal, Objective, Person, Service, SessionInput
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.drafting.story import draft
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.verify import doubt_about
from holdspace.engines.note import Draft
from holdspace.engines.transcript import Transcript


def no_model(_record: Record) -> None:
    """Nobody proposes wordings."""


@dataclass(frozen=True, slots=True)
class DraftingTools:
    """A parser, loaded once; what sessions going on had parsed already; and who may propose wordings, if anyone may."""

    parser: Parser
    learns_voice: bool
    own_formats: Path
    ahead: dict[int, Remembering]
    language: Callable[[Record], LanguageModel | None] = no_model

    @classmethod
    def load(
        cls, *, parser: Path, learns_voice: bool, own_formats: Path, ahead: dict[int, Remembering]
    ) -> Self:
        """Load the parser."""
        return cls(_parser(parser), learns_voice, own_formats, ahead)

    def worded_by(self, language: Callable[[Record], LanguageModel | None]) -> "DraftingTools":
        """The same, and wordings proposed by the model that `language` gives for a session."""
        return replace(self, language=language)

    def read_ahead(self, session_id: int, texts: Iterable[str]) -> None:
        """Parse what was said so far in a session that goes on, so that its draft need not."""
        parser = self.ahead.setdefault(session_id, Remembering(self.parser))
        for text in texts:
            parser(text)

    def draft(self, record: Record, session_id: int) -> Draft:
        """Draft a note from what the chart knows. Raises NotEnglish, NothingToDraft."""
        session = session_input(record)
        parser = self.ahead.pop(session_id, None) or Remembering(self.parser)
        plain: Phraser = TemplatePhraser(parser)
        model = self.language(record)
        phraser = ModelPhraser(model, plain) if model else plain
        style = _voice_of(record, session.client) if self.learns_voice else Style()
        return draft(session, style, load_format(session.note_format, self.own_formats), phraser, parser)


def learnt_voice(signed_notes: tuple[str, ...]) -> LearntVoice:
    """What her signed notes alone say of her voice."""
    from holdspace.assist.voice_tools import learnt_voice as learnt

    return learnt(signed_notes)


def session_input(record: Record) -> SessionInput:
    """The chart's record in the engine's own types."""
    return SessionInput(
        turns=record.turns,
        clinician=_person(record.clinician),
        client=_person(record.client),
        participants=tuple(map(_person, record.others)),
        service=Service(record.day, record.start, record.end, record.setting, record.modality, record.cpt),
        diagnoses=record.diagnoses,
        goals=tuple(
            Goal(goal.id, goal.text, tuple(Objective(*objective) for objective in goal.objectives))
            for goal in record.goals
        ),
        jottings=record.jottings,
        prior_note=record.prior_note,
        signed_notes=record.signed_notes,
        former_names=record.former_names,
        off_record=record.off_record,
        note_format=record.note_format,
        language=record.language,
    )


def transcript_from(data: bytes, filename: str) -> Transcript:
    """The turns of a typed transcript or session file."""
    read = read_session(data, filename)
    return Transcript(turns=read.turns, language=read.language)


def doubt(text: str, quotes: tuple[str, ...]) -> str | None:
    """Why the quotes do not support the text, or None."""
    return doubt_about(text, quotes)


def _voice_of(record: Record, client: Person) -> Style:
    from holdspace.assist.voice_tools import voice_of

    return voice_of(record, client)


@lru_cache(maxsize=1)
def _parser(folder: Path) -> Parser:
    return load_parser(folder)


def _person(there: SomeoneThere) -> Person:
    return Person(there.role, there.name, there.pronouns, there.credential)
