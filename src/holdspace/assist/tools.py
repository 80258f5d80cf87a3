"""The drafting engine as the rooms use it. Imported by the doorway alone, and only when the switches allow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from holdspace.assist.rules import Record, SomeoneThere
from holdspace.assist.voice import FIRST_NAME, LearntVoice
from holdspace.engines.drafting.format import load_format
from holdspace.engines.drafting.parser import Parser, Remembering, load_parser
from holdspace.engines.drafting.phrase import Phraser, TemplatePhraser
from holdspace.engines.drafting.phrase_model import LanguageModel, ModelPhraser
from holdspace.engines.drafting.profile import corrected, habits_of, named_for, section_words
from holdspace.engines.drafting.session import Goal, Objective, Person, Service, SessionInput
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.drafting.story import draft
from holdspace.engines.drafting.style import Style, learn
from holdspace.engines.drafting.verify import doubt_about
from holdspace.engines.language.builtin import load_builtin
from holdspace.engines.note import Draft
from holdspace.engines.transcript import Transcript


@dataclass(frozen=True, slots=True)
class DraftingTools:
    """A parser and perhaps a language model, loaded once; and what sessions going on had parsed already."""

    parser: Parser
    model: LanguageModel | None
    learns_voice: bool
    own_formats: Path | None = None
    ahead: dict[int, Remembering] = field(default_factory=dict)

    @classmethod
    def load(cls, *, parser: Path, model: Path | None, learns_voice: bool, own_formats: Path) -> Self:
        """Load them; `model` is a language model's file where one may propose wordings."""
        return cls(
            load_parser(parser), load_builtin(_file(model)) if model else None, learns_voice, own_formats
        )

    def read_ahead(self, session_id: int, texts: Iterable[str]) -> None:
        """Parse what was said so far in a session that goes on, so that its draft need not."""
        parser = self.ahead.setdefault(session_id, Remembering(self.parser))
        for text in texts:
            parser(text)

    def forget_ahead(self, session_id: int) -> None:
        """Nothing of the session is remembered any more."""
        self.ahead.pop(session_id, None)

    def draft(self, record: Record, session_id: int) -> Draft:
        """Draft a note from what the chart knows. Raises NotEnglish, NothingToDraft."""
        session = session_input(record)
        parser = self.ahead.pop(session_id, None) or Remembering(self.parser)
        plain: Phraser = TemplatePhraser(parser)
        phraser = ModelPhraser(self.model, plain) if self.model else plain
        style = voice_of(record, session.client) if self.learns_voice else Style()
        return draft(session, style, load_format(session.note_format, self.own_formats), phraser, parser)


def voice_of(record: Record, client: Person) -> Style:
    """The voice learnt from her signed notes, as she corrected it, naming this client."""
    style = corrected(_learnt(record.signed_notes), dict(record.voice))
    return named_for(style, client, first_name=FIRST_NAME)


def learnt_voice(signed_notes: tuple[str, ...]) -> LearntVoice:
    """What her signed notes alone say of her voice."""
    style = _learnt(signed_notes)
    return LearntVoice(
        habits_of(style), style.quotes_per_note, section_words(signed_notes), len(signed_notes)
    )


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


def _learnt(signed_notes: tuple[str, ...]) -> Style:
    return learn(signed_notes, Person("client", FIRST_NAME))


def _person(there: SomeoneThere) -> Person:
    return Person(there.role, there.name, there.pronouns, there.credential)


def _file(model: Path) -> Path:
    return next(model.glob("*.gguf")) if model.is_dir() else model
