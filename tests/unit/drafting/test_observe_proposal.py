"""Observing what was agreed: a bare "I'll do it then" is told with the proposal it answers."""

from holdspace.engines.drafting.mention import Kind
from holdspace.engines.drafting.observe import observe
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.read import Heard
from tests.unit.drafting.spoken import FILLER, talk


def test_a_bare_yes_carries_the_proposal(parser: Parser) -> None:
    lines = (
        *FILLER,
        "T: Would you be willing to visit the pool once this week, without your goggles?",
        "C: Okay. I am free at noon on Friday. I will do it then.",
    )
    found = observe(Heard(talk(*lines), (), ()), parser=parser).mentions
    agreed = [m for m in found if m.kind is Kind.COMMITMENT]
    assert len([m for m in agreed if "visit the pool" in m.said]) == 1
    told = next(m for m in agreed if "visit the pool" in m.said)
    assert "without my goggles" in told.said
    assert "noon on Friday" in told.said
    assert all("do it then" not in m.said for m in agreed if m is not told)
