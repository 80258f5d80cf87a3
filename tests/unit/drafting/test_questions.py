"""The handful of questions: what was not asked, not seen, and not heard clearly."""

from holdspace.engines.drafting.mention import Kind, Polarity
from holdspace.engines.drafting.questions import MOST, questions_for
from holdspace.engines.note import Question
from holdspace.engines.transcript import Turn, Word
from tests.unit.drafting.voices import jotted, said

COMPLETE = [
    said(Kind.RISK, "No", polarity=Polarity.DENIED, topic="suicidal ideation"),
    jotted(Kind.OBSERVED, "looks lighter"),
    said(Kind.NEXT_APPOINTMENT, "next Tuesday"),
]


def heard(text: str, probability: float) -> Turn:
    words = tuple(Word(w, 65.0, 66.0, probability) for w in text.split())
    return Turn(3, "client", text, words=words)


def test_a_complete_session_raises_no_question() -> None:
    assert questions_for(COMPLETE, [heard("took fifty of sertraline", 0.9)], "looks lighter", ()) == ()


def test_what_is_missing_is_asked_never_filled_in() -> None:
    texts = " ".join(q.text for q in questions_for([], [], "", ()))
    assert "risk" in texts
    assert "mental status" in texts
    assert "next appointment" in texts


def test_a_doubtful_number_drug_or_denial_is_asked_with_the_moment() -> None:
    (question,) = questions_for(COMPLETE, [heard("not fifty sertraline nice", 0.2)], "", ())
    assert "1:05" in question.text
    assert "nice" not in question.text
    assert question.evidence[0].turn == 3


def test_questions_stay_a_handful_and_are_asked_once() -> None:
    asked = [Question(f"q{n}", ()) for n in range(20)] + [Question("q0", ())]
    assert len(questions_for(COMPLETE, [], "", asked)) == MOST
