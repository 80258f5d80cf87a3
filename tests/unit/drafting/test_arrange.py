"""Sections of the format, in reading order; the same facts in every format; objectives from the plan's
own words.
"""

import pytest

from holdspace.engines.drafting.arrange import arrange
from holdspace.engines.drafting.format import known_formats, load_format
from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.drafting.session import Goal, Objective
from holdspace.engines.drafting.wording import Chosen, Proposed
from holdspace.engines.note import Sentence
from tests.unit.drafting.voices import FRAGMENTS, SENTENCES, jotted, said, voice

PLAN = (
    Goal(
        "G1",
        "Sleep",
        (Objective("O1.1", "Sleep seven hours in the bedroom"), Objective("O1.2", "Attend choir")),
    ),
)


def worded(mention: Mention, text: str, place: int = 0) -> Proposed:
    return Proposed(
        Chosen(mention, 1.0, is_always=True, place=place), Sentence(text, mention.origin, mention.evidence)
    )


ITEMS = [
    worded(said(Kind.EVENT, "a", turn=9), "She sang in choir."),
    worded(said(Kind.SLEEP, "b", turn=4), "She slept 5 hours in the bedroom."),
    worded(said(Kind.COMMITMENT, "c", turn=20), "Client will go again."),
    worded(jotted(Kind.IMPRESSION, "anger"), "Anger under it.", place=2),
    worded(jotted(Kind.IMPRESSION, "shame"), "Shame first.", place=1),
]


@pytest.mark.parametrize("name", known_formats())
def test_changing_the_format_adds_and_loses_nothing(name: str) -> None:
    made = arrange(ITEMS, (), (), load_format(name), voice=voice(FRAGMENTS))
    assert sorted(s.text for section in made.sections for s in section.sentences) == sorted(
        i.sentence.text for i in ITEMS
    )


def test_jottings_keep_her_order_and_an_empty_section_stays_empty() -> None:
    made = arrange(ITEMS, (), (), load_format("SOAP"), voice=voice(FRAGMENTS))
    assert [section.name for section in made.sections] == ["Subjective", "Objective", "Assessment", "Plan"]
    assert made.sections[1].sentences == ()
    assert [s.text for s in made.sections[2].sentences] == ["Shame first.", "Anger under it."]
    assert {s.origin for s in made.sections[2].sentences} == {"jottings"}


def test_full_sentences_introduce_the_first_report_in_her_verb_and_keep_its_evidence() -> None:
    made = arrange(ITEMS, (), (), load_format("SOAP"), voice=voice(SENTENCES))
    first = made.sections[0].sentences[0]
    assert first.text == "Client shared that she sang in choir."
    assert first.evidence == ITEMS[0].sentence.evidence


def test_objectives_are_named_only_when_touched_and_rest_on_the_plan() -> None:
    made = arrange(ITEMS, (), (), load_format("GIRP"), goals=PLAN, voice=voice(FRAGMENTS))
    (addressed,) = made.sections[0].sentences
    assert (addressed.text, addressed.origin) == ("Addressed O1.1.", "plan")
    assert addressed.evidence[0].quote.startswith("O1.1")
    assert (
        arrange(ITEMS[3:], (), (), load_format("GIRP"), goals=PLAN, voice=voice(FRAGMENTS))
        .sections[0]
        .sentences
        == ()
    )
