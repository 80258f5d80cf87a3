"""The voice profile as drafting uses it. Imported only where the profile is switched on."""

from holdspace.assist.rules import Record
from holdspace.assist.voice import FIRST_NAME, LearntVoice
from holdspace.engines.drafting.profile import corrected, habits_of, named_for, section_words
from holdspace.engines.drafting.session import Person
from holdspace.engines.drafting.style import Style, learn


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


def _learnt(signed_notes: tuple[str, ...]) -> Style:
    return learn(signed_notes, Person("client", FIRST_NAME))
