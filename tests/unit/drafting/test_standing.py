"""What a sentence needs to stand in a note: a subject, a matter, and nobody mistaken for the client."""

from dataclasses import replace

import pytest

from holdspace.engines.drafting.mention import Kind
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.phrase import TemplatePhraser
from holdspace.engines.drafting.standing import is_person_unclear, leans, stands
from tests.unit.drafting.voices import FRAGMENTS, SENTENCES, said, voice


@pytest.mark.parametrize(
    "spoken", ["Of the gloves", "When I look at it", "Do that", "I did it", "Let's start there"]
)
def test_a_fragment_without_a_matter_does_not_stand(parser: Parser, spoken: str) -> None:
    assert not stands(parser(spoken), Kind.EVENT)
    assert TemplatePhraser(parser).phrase(said(Kind.EVENT, spoken), voice(SENTENCES)) == ""


@pytest.mark.parametrize(
    "spoken", ["I walked to the library", "Heart racing, hands cold", "Four nights, 6 hours each"]
)
def test_a_clause_and_a_clinical_fragment_stand(parser: Parser, spoken: str) -> None:
    assert stands(parser(spoken), Kind.SYMPTOM)


def test_an_unnamed_he_is_unclear_and_a_named_one_is_not(parser: Parser) -> None:
    assert is_person_unclear(parser("I told him on Monday"), "she")
    assert not is_person_unclear(parser("My brother lost the keys he borrowed"), "she")


def test_a_promise_about_an_unnamed_person_is_quoted(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.COMMITMENT, "I'll phone him on Sunday"), voice(FRAGMENTS)
    )
    assert worded == 'Ct: "I\'ll phone him on Sunday."'


def test_a_round_hundred_stays_in_words(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "I paid eight hundred dollars for it"), voice(SENTENCES)
    )
    assert worded == "She paid eight hundred dollars for it."


@pytest.mark.parametrize(
    ("spoken", "is_leaning"),
    [("Friday morning", True), ("I'll do it Sunday", True), ("I'll walk to the lake", False)],
)
def test_what_only_says_when_leans_on_what_was_said_before(spoken: str, is_leaning: bool) -> None:
    assert leans(spoken) is is_leaning


def test_short_forms_never_enter_a_quotation_in_single_marks(parser: Parser) -> None:
    style = replace(FRAGMENTS, quote_mark="'")
    worded = TemplatePhraser(parser).phrase(
        said(Kind.COMMITMENT, "I'll walk with him on Sunday"), voice(style)
    )
    assert worded == "Ct: 'I'll walk with him on Sunday.'"
