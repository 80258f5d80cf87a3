"""Evidence on the page: quotes marked where they were said, question and answer together."""

from hypothesis import given
from hypothesis import strategies as st

from holdspace.engines.note import Evidence
from holdspace.engines.transcript import Turn
from holdspace.ui.evidence import clock, marked, passages

TURNS = tuple(
    Turn(index, "therapist" if index % 2 == 0 else "client", text, index * 10.0, index * 10.0 + 8)
    for index, text in enumerate(
        [
            "How was the week?",
            "Long.",
            "And the pill?",
            "I missed one, Monday.",
            "Just Monday.",
            "Yes.",
            "Good.",
            "Fine.",
        ]
    )
)


def test_a_quote_is_marked_in_its_turn_with_the_question_before_it() -> None:
    ((question, answer, after),) = passages(TURNS, [Evidence(3, "missed one")])
    assert question.is_around
    assert after.is_around
    assert answer.pieces == (("I ", False), ("missed one", True), (", Monday.", False))
    assert (answer.speaker, answer.at) == ("Client", "0:30")


def test_turns_far_apart_are_passages_of_their_own_and_neighbours_are_one() -> None:
    assert [len(p) for p in passages(TURNS, [Evidence(0, "week"), Evidence(6, "Good")])] == [2, 3]
    assert [len(p) for p in passages(TURNS, [Evidence(1, "Long"), Evidence(3, "one")])] == [5]


def test_evidence_without_a_turn_or_of_a_turn_that_is_gone_shows_no_passage() -> None:
    assert passages(TURNS, [Evidence(None, "her jotting"), Evidence(99, "removed")]) == ()


def test_typed_transcripts_show_no_clock() -> None:
    ((line,),) = passages([Turn(0, "client", "Hello.")], [Evidence(0, "Hello")])
    assert line.at == ""


def test_a_quote_is_found_whatever_its_capitals_spacing_and_quotation_marks() -> None:
    assert ("I’m a  Drunk", True) in marked("He said I’m a  Drunk today", ["i'm a drunk"])


def test_overlapping_quotes_are_marked_once() -> None:
    assert marked("one two three", ["one two", "two three"]) == (("one two three", True),)


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=3))
def test_marking_never_changes_the_words(text: str, phrases: list[str]) -> None:
    assert "".join(words for words, _ in marked(text, phrases)) == text


def test_the_clock_reads_like_a_clock() -> None:
    assert [clock(s) for s in (0, 247.9, 3725)] == ["0:00", "4:07", "1:02:05"]
