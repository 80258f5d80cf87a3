"""Observing danger: threats, injuries in sight, children present, where tonight is spent, a plan's steps."""

from holdspace.engines.drafting.mention import Kind, Mention, Polarity
from holdspace.engines.drafting.observe import observe
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.read import Heard
from tests.unit.drafting.spoken import talk


def _found(parser: Parser, *lines: str) -> tuple[Mention, ...]:
    return observe(Heard(talk(*lines), (), ()), parser=parser).mentions


def test_a_threat_somebody_reported_is_a_risk_and_not_the_clients(parser: Parser) -> None:
    found = _found(parser, "T: And then?", "C: She said she'd burn the house down if I went back to work.")
    threat = next(m for m in found if m.topic == "threat")
    assert threat.kind is Kind.RISK
    assert threat.about != "client"
    assert threat.salience >= 0.8


def test_a_question_about_anothers_suicide_threat_is_no_screening_of_the_client(parser: Parser) -> None:
    found = _found(parser, "T: Has she ever threatened to kill herself?", "C: She did. In May, on the phone.")
    assert not [m for m in found if m.topic == "suicidal ideation" and m.about == "client"]
    assert any("In May" in m.said and m.about == "someone else" for m in found)


def test_an_injury_the_clinician_sees_is_observed_with_its_place(parser: Parser) -> None:
    found = _found(
        parser,
        "C: Look, this is from Monday.",
        "T: That's on your right wrist, about an inch.",
        "C: It burned.",
        "T: I see two burns.",
    )
    seen = next(m for m in found if m.kind is Kind.OBSERVED)
    assert "two burns on the right wrist" in seen.said
    assert seen.speaker == "therapist"


def test_where_the_children_were_and_where_tonight_is_spent_are_told_whole(parser: Parser) -> None:
    found = _found(
        parser,
        "T: Where were the kids?",
        "C: Upstairs in bed. Ana woke up and heard us.",
        "T: Are you safe tonight?",
        "C: I'm at my sister's. So yeah, tonight is fine.",
    )
    topics = {m.topic: m.said for m in found}
    assert "heard us" in topics["children present"]
    assert "sister's" in topics["safety tonight"]


def test_a_list_counted_up_aloud_keeps_its_name(parser: Parser) -> None:
    talked = [f"T: Has he done thing number {n}?" if n % 2 else "C: Yes, that." for n in range(1, 13)]
    found = _found(parser, "T: This is the danger checklist.", *talked, "T: Counting them up, that's nine.")
    scores = [(m.topic, m.quantities[0].values) for m in found if m.kind is Kind.SCORE]
    assert ("Danger Assessment", (9.0,)) in scores


def test_a_value_said_before_its_name_and_an_earlier_laboratory_value(parser: Parser) -> None:
    found = _found(
        parser,
        "T: Eighty-one percent. Sleep efficiency. Last week it was seventy-four.",
        "C: Good. And my TSH is four. It was nine in March.",
    )
    scores = {m.topic: m.quantities[0].values for m in found if m.kind is Kind.SCORE}
    assert scores["Sleep efficiency"] == (74.0, 81.0)
    assert scores["TSH"] == (9.0, 4.0)


def test_the_steps_of_a_safety_plan_given_back_are_kept(parser: Parser) -> None:
    found = _found(
        parser,
        "T: How was the week?",
        "C: Hard.",
        "T: Let's do the safety plan. Who would you go to first?",
        "C: My neighbor Ines, and the library if she's out.",
        "T: Your neighbor Ines, then the library.",
        "C: Yes.",
    )
    steps = [m for m in found if m.topic == "safety plan" and m.kind is Kind.COMMITMENT]
    assert any("library" in m.said and len(m.evidence) == 2 for m in steps)
    assert all(m.polarity is Polarity.ASSERTED and m.salience >= 0.8 for m in steps)
