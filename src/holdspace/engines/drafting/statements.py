"""From turns to statements: what each answers, whom it is about, and what was taken back.

Question and answer are read together: a statement knows the question before it.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.people import Named, subject_of, with_name
from holdspace.engines.drafting.retraction import corrected, joked, withdrawn
from holdspace.engines.drafting.statement import Statement, certainty_of, polarity_of, sentences, when_of
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import Turn


def statements(
    turns: Sequence[Turn], parser: Parser, former_names: Sequence[str] = ()
) -> tuple[Statement, ...]:
    """Every sentence of every turn in order; sentences that hold a former name are not there."""
    found: list[Statement] = []
    people = Named()
    before: Turn | None = None
    for place, turn in enumerate(turns):
        said = _of_turn(turn, before, parser(turn.text), people, place / max(1, len(turns) - 1))
        found += [s for s in said if not any(re.search(rf"\b{re.escape(n)}\b", s.text) for n in former_names)]
        before = turn
    return tuple(joked(withdrawn(found)))


def _of_turn(
    turn: Turn, before: Turn | None, doc: Doc, people: Named, progress: float
) -> Iterator[Statement]:
    people.learn(turn.text)
    asked, asked_turn = (
        _question_of(before) if before is not None and before.speaker != turn.speaker else ("", None)
    )
    offset = 0
    said: list[Statement] = []
    for place, text in enumerate(sentences(turn.text)):
        offset = turn.text.find(text, offset)
        span = doc.char_span(offset, offset + len(text), alignment_mode="expand")
        offset += len(text)
        about, told, named_in = turn.speaker, "", None
        if span is not None:
            about, meant = subject_of(span, turn.speaker, people, Evidence(turn.index, text))
            if meant is not None:
                told, named_in = with_name(text, meant), meant.evidence
        said.append(
            Statement(
                turn.index,
                place,
                turn.speaker,
                text,
                asked,
                asked_turn,
                about,
                polarity_of(text),
                certainty_of(text),
                when_of(text),
                progress,
                told,
                named_in,
            )
        )
        if text.endswith("?") and len(text.split()) > 2:
            asked, asked_turn = text, turn.index
    return iter(corrected(said))


def _question_of(turn: Turn) -> tuple[str, int | None]:
    """What the turn asks: its last question with the sentence before a very short one; else its last
    sentence.
    """
    pieces = sentences(turn.text)
    if not pieces:
        return "", None
    last = next((n for n in range(len(pieces) - 1, -1, -1) if pieces[n].endswith("?")), len(pieces) - 1)
    first = last - 1 if last and len(pieces[last].split()) < 6 else last
    start = turn.text.find(pieces[first])
    end = turn.text.find(pieces[last], start) + len(pieces[last])
    return turn.text[start:end], turn.index
