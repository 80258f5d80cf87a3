"""From a session to a draft, top to bottom. Each step is the module of its name and sees only what it
is given.
"""

from holdspace.engines.drafting.arrange import arrange
from holdspace.engines.drafting.format import NoteFormat
from holdspace.engines.drafting.observe import observe
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.phrase import Phraser, TemplatePhraser, phrase
from holdspace.engines.drafting.questions import questions_for
from holdspace.engines.drafting.read import read, unheard
from holdspace.engines.drafting.select import put_back, select
from holdspace.engines.drafting.session import SessionInput
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.verify import verify
from holdspace.engines.drafting.wording import known_words, voice_for
from holdspace.engines.note import Draft


def draft(session: SessionInput, style: Style, fmt: NoteFormat, phraser: Phraser, parser: Parser) -> Draft:
    """Draft a note. What it says comes from observations with evidence; the phraser only words them.

    Raises NotEnglish and NothingToDraft (from `read`): never a note from silence.
    """
    heard = (
        read(  # off the record ends here; nothing later can see it
            session.turns, session.off_record, language=session.language, former_names=session.withheld_names
        )
        if session.turns or not session.jottings.strip()
        else unheard(session.withheld_names)
    )
    voice = voice_for(session, style, heard.former_names)
    plain = TemplatePhraser(parser)
    # who said what, of whom, asserted or denied
    found = observe(heard, session.jottings, session.goals, parser=parser, prior_note=session.prior_note)
    # always: risk, scores, medication, commitments, jottings; the rest within her usual length
    chosen, omitted = select(
        found.mentions,
        style,
        lambda mention: len(plain.phrase(mention, voice).split()),
        goals=session.goals,
        prior_note=session.prior_note,
        words_spoken=sum(len(turn.text.split()) for turn in heard.turns),
    )
    # a wording per choice, its evidence attached; each sentence against its evidence, else a question
    turns = {turn.index: turn.text for turn in heard.turns}
    checked = verify(phrase(chosen, voice, phraser), turns, known_words(session))
    raised = (*heard.questions, *found.questions, *checked.questions)
    questions = questions_for(found.mentions, heard.turns, session.jottings, raised)
    spare = put_back(omitted, lambda mention: plain.phrase(mention, voice), fmt)
    left_out = (*checked.dropped, *spare)
    return arrange(checked.supported, questions, left_out, fmt, goals=session.goals, voice=voice)
