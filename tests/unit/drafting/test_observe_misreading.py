"""What once was misread: each talk here put something into a note that was not so, or lost it."""

from collections.abc import Iterable

import pytest

from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity
from tests.unit.drafting.spoken import FILLER, Mentions


def denied(found: Iterable[Mention]) -> set[str]:
    return {
        part
        for m in found
        if m.polarity is Polarity.DENIED and m.status == "screened"
        for part in m.topic.split(", ")
    }


def scores(found: Iterable[Mention]) -> list[tuple[str, tuple[float, ...]]]:
    return [(q.name, q.values) for m in found if m.kind is Kind.SCORE for q in m.quantities]


def test_what_the_clinician_gave_back_is_not_denied_by_a_no_to_the_next_question(mentions: Mentions) -> None:
    found = mentions(
        "T: And side effects, top to bottom?",
        "C: Not hungry. I've dropped five pounds. Dry mouth. And my jaw, I'm clenching.",
        "T: Five pounds, no lunch appetite, dry mouth, jaw. Heart racing, chest pain, anything like that?",
        "C: No chest pain. No.",
    )
    assert denied(found) == {"heart racing", "chest pain"}


def test_a_plan_of_something_else_screens_for_no_suicide_plan(mentions: Mentions) -> None:
    found = mentions(
        "T: There's no plan to move today, as far as I understand?", "P: No. No plan. I just looked."
    )
    assert not [m for m in found if m.kind is Kind.RISK]


def test_a_laboratory_value_is_no_dose(mentions: Mentions) -> None:
    found = mentions(
        "T: Are you taking the naltrexone?",
        "C: Yeah. Fifty. In the morning.",
        "T: Did you get your labs?",
        "C: It was the AST. It was eighty-eight and now it's sixty-one.",
    )
    doses = [q.values for m in found if m.kind is Kind.MEDICATION for q in m.quantities]
    assert (88.0, 61.0) not in doses
    assert ("AST", (88.0, 61.0)) in scores(found)


def test_a_dose_is_no_later_value_of_a_pain_rating(mentions: Mentions) -> None:
    found = mentions(
        "T: And the pain, zero to ten, today?",
        "C: Six.",
        "T: What happened with Dr. Guidry?",
        "C: I was on forty, the oxycodone, and I'm down to thirty.",
    )
    assert ("pain", (6.0,)) in scores(found)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("What's the tension now, zero to ten?", "Three. When I came in, seven.", ("tension", (7.0, 3.0))),
        (
            "How much do you believe it, that thought, zero to ten?",
            "When I came in, a nine. From here? A five.",
            ("belief", (9.0, 5.0)),
        ),
    ],
)
def test_two_moments_in_one_answer_are_a_course(
    mentions: Mentions, question: str, answer: str, expected: tuple[str, tuple[float, ...]]
) -> None:
    assert expected in scores(mentions(f"T: {question}", f"C: {answer}"))


def test_a_form_value_before_its_earlier_value_is_the_one_now(mentions: Mentions) -> None:
    found = mentions(
        "T: I've got your anxiety form. Fifteen. It was ten in September.",
        "C: It went up five? I mean, yeah.",
        jottings="GAD 15 (10)",
    )
    assert ("GAD-7", (10.0, 15.0)) in scores(found)


def test_somebody_elses_drug_told_in_an_answer_is_not_the_clients(mentions: Mentions) -> None:
    found = mentions(
        "T: And the lithium, are you keeping on with it?",
        "C: There's a girl at the agency, Crystal, she quit hers cold, says she feels terrific.",
    )
    assert [m.about for m in found if m.kind is Kind.MEDICATION] == ["someone else"]


def test_another_drink_in_the_answer_is_not_told_under_the_drug_asked_about(mentions: Mentions) -> None:
    found = mentions(
        "T: And anything else for sleep? Melatonin, wine?",
        "C: I stopped the melatonin six weeks ago. Wine, no, I'm Christian.",
    )
    told = [m.said for m in found if m.kind is Kind.MEDICATION]
    assert told
    assert not any("Wine" in said for said in told)


def test_what_is_called_a_joke_later_is_one_and_what_stands_near_it_is_not(mentions: Mentions) -> None:
    found = mentions(
        "T: Any guns?",
        "C: She's got the pills. I don't have a gun. I have a very good knife.",
        "T: And the knives are for chickens.",
        "C: They're for chickens.",
        "T: I understand it was a joke.",
    )
    stated = " ".join(m.said for m in found if m.certainty is Certainty.FACT)
    assert "knife" not in stated
    assert "gun" in stated


def test_a_prediction_is_not_a_promise(mentions: Mentions) -> None:
    found = mentions(
        *FILLER, "T: And the prediction for Tuesday?", "C: That I'll freeze on Tuesday, totally blank."
    )
    assert not [m for m in found if m.kind is Kind.COMMITMENT]


def test_a_direction_for_the_minute_is_not_homework(mentions: Mentions) -> None:
    found = mentions(*FILLER, "T: In through the nose, four times, out twice as long.", "C: Okay.")
    assert not [m for m in found if m.kind is Kind.COMMITMENT]


def test_a_short_plan_said_back_is_agreed(mentions: Mentions) -> None:
    found = mentions(*FILLER, "T: And group tomorrow.", "C: And group tomorrow. That's two in one week.")
    assert any("group tomorrow" in m.said.lower() for m in found if m.kind is Kind.COMMITMENT)


def test_what_was_planned_is_told_with_what_came_of_it(mentions: Mentions) -> None:
    found = mentions(
        "T: You were going to try to go by the parents' group this week. How did that go?",
        "C: I went. I sat in the back.",
    )
    done = [m.said for m in found if m.kind is Kind.HOMEWORK_DONE]
    assert done == ["I planned to go by the parents' group this week. I went. I sat in the back."]


def test_ordinary_words_in_capitals_only_name_skills(mentions: Mentions) -> None:
    found = mentions(
        "T: Give it time, please, and not too fast. What would you be giving up?", "C: I don't know."
    )
    assert "DBT skills work" not in [m.topic for m in found]


def test_pills_told_as_a_means_are_no_medication(mentions: Mentions) -> None:
    found = mentions(
        "T: Have you ever tried to kill yourself?",
        "C: Yes. Two years ago. The Tylenol. I took the whole bottle and told nobody.",
    )
    assert not [m for m in found if m.kind is Kind.MEDICATION]
    assert any(m.kind is Kind.RISK and "whole bottle" in m.said for m in found)


def test_a_bare_no_between_two_figures_takes_the_first_back(mentions: Mentions) -> None:
    found = mentions(
        "T: And the sertraline?",
        "C: So he put me up, on the sertraline. To a hundred and fifty. No. A hundred.",
    )
    told = [m for m in found if m.kind is Kind.MEDICATION]
    assert {value for m in told for q in m.quantities for value in q.values} <= {100.0}


@pytest.mark.parametrize(
    "said",
    [
        "He says he's depressed too, he says the doctor's got him on the Prozac.",
        "She takes the Xanax every night.",
    ],
)
def test_a_drug_somebody_else_is_on_is_theirs(mentions: Mentions, said: str) -> None:
    found = mentions("T: What does your cousin say?", f"C: {said}")
    assert "client" not in [m.about for m in found if m.kind is Kind.MEDICATION]


def test_a_tall_tale_that_is_laughed_at_is_a_joke(mentions: Mentions) -> None:
    found = mentions(
        "C: I told Pru, I'm going to run away to Laughlin with the mailman.", "T: [laughs] And Benny?"
    )
    assert {m.certainty for m in found if "Laughlin" in m.said} <= {Certainty.JOKE}


def test_a_rating_is_no_drink_and_no_plan_whatever_the_question_names(mentions: Mentions) -> None:
    found = mentions(
        *FILLER,
        "T: How important is it to you right now not to drink, zero to ten?",
        "C: Ten. It was a ten before, too.",
        "T: On the wanting. Zero to ten, the craving, this week?",
        "C: Saturday night it was a nine. This week it's a three, maybe.",
    )
    assert not [m for m in found if m.kind in (Kind.SUBSTANCE, Kind.COMMITMENT)]
    assert ("craving", (9.0, 3.0)) in scores(found)


def test_like_a_rope_is_no_means(mentions: Mentions) -> None:
    found = mentions("T: How is it at home?", "C: They both pull. So I'm like a rope.")
    assert not [m for m in found if m.kind is Kind.RISK]


def test_a_figure_corrected_with_no_and_another_is_not_told(mentions: Mentions) -> None:
    found = mentions(
        "T: How is the sleep?", "C: The longest is three hours. No, last night was four. From ten to two."
    )
    told = " ".join(m.said for m in found if m.certainty not in (Certainty.RETRACTED, Certainty.JOKE))
    assert "four" in told
    assert "three hours" not in told


def test_a_day_corrected_in_a_plan_is_not_told(mentions: Mentions) -> None:
    found = mentions(
        *FILLER,
        "T: What's the next step?",
        "C: I'll do two practice tests. Tuesday and Thursday. No, Thursday's the lab. Tuesday and Saturday.",
    )
    told = " ".join(m.said for m in found if m.kind is Kind.COMMITMENT)
    assert "Saturday" in told
    assert "Tuesday and Thursday" not in told
