"""Observing: whose story it is when somebody else was named before, and what is only a word, not a scale."""

import pytest

from holdspace.engines.drafting.mention import Kind
from holdspace.engines.drafting.observe import observe
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.read import Heard
from tests.unit.drafting.spoken import talk


@pytest.mark.parametrize(
    "lines",
    [
        ("C: My uncle is not doing well. On Friday he had four beers for lunch, and that worried me.",),
        ("T: How is your uncle?", "C: On Friday he had four beers for lunch."),
        ("C: My uncle is staying with us.", "T: I see.", "C: On Friday he had four beers for lunch."),
    ],
)
def test_a_pronoun_is_told_by_the_name_of_the_person_it_stands_for(
    parser: Parser, lines: tuple[str, ...]
) -> None:
    found = observe(Heard(talk(*lines), (), ()), parser=parser).mentions
    told = next(m for m in found if "four beers" in m.said)
    assert told.about == "uncle"
    assert "my uncle had four beers" in told.said
    assert any("uncle" in e.quote for e in told.evidence)


@pytest.mark.parametrize(
    "lines",
    [
        ("C: My uncle rang, and my father too. On Friday he had four beers for lunch.",),
        ("C: My uncle was there with Dominic. On Friday he had four beers for lunch.",),
        ("T: I asked my supervisor.", "C: On Friday he had four beers for lunch."),
    ],
)
def test_a_pronoun_that_two_people_can_fit_gets_no_name_and_is_never_the_clients(
    parser: Parser, lines: tuple[str, ...]
) -> None:
    found = observe(Heard(talk(*lines), (), ()), parser=parser).mentions
    told = next(m for m in found if "four beers" in m.said)
    assert told.about != "client"
    assert "he had four beers" in told.said


def test_an_ordinary_word_is_no_scale_unless_it_stands_in_capitals(parser: Parser) -> None:
    def scores(line: str) -> list[str]:
        found = observe(Heard(talk("T: What happened?", line), (), ()), parser=parser).mentions
        return [m.topic for m in found if m.kind is Kind.SCORE]

    assert not scores("C: He had two beers and that scared me.")
    assert not scores("C: I can spin for 20 rounds now, it was ten.")
    assert scores("T: The SCARED total is 31 today.") == ["SCARED"]
