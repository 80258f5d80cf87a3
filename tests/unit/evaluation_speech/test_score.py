"""How hearing is scored: what counts as the same word, and what counts as the right person."""

import pytest
from evaluation.speech.score import (
    Edits,
    GoldTurn,
    HeardWord,
    speakers,
    word_errors,
    word_errors_of,
)
from evaluation.speech.wording import words_of


def turn(speaker: str, start: float, end: float, text: str = "") -> GoldTurn:
    """A gold turn."""
    return GoldTurn(speaker, text, start, end)


def word(at: float, speaker: str, text: str = "word", *, doubtful: bool = False) -> HeardWord:
    """A recognised word of 0.2 s around `at`."""
    return HeardWord(text, at - 0.1, at + 0.1, speaker, doubtful)


TALK = (turn("therapist", 0, 2), turn("client", 3, 5), turn("therapist", 6, 6.5), turn("partner", 8, 10))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Okay, I'm fine.", "ok im fine"),
        ("It’s well-known", "it's well known"),
        ("seven point five milligrams", "7.5 mg"),
        ("a hundred fifty-three", "153"),
        ("one hundred and five", "105"),
        ("one thousand two hundred", "1,200"),
        ("twenty fourteen", "2014"),
        ("two thousand four", "2004"),
        ("at eight thirty", "at 8:30"),
        ("at nine oh five", "at 9:05"),
        ("November third", "November 3rd"),
        ("the twenty-first", "the 21st"),
        ("forty percent", "40%"),
        ("two hundred dollars", "$200"),
        ("somethin' hollerin'.", "something hollering"),
        ("Mm-hm. Mm-hmm.", "Mhm mmhmm"),
        ("Uh-huh.", "uh huh"),
        ("Dr. Lowenthal", "doctor Lowenthal"),
    ],
)
def test_two_ways_to_write_the_same_words_are_alike(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("fifteen", "fifty"), ("7.5", "75"), ("can", "can't"), ("I do not", "I do")]
)
def test_what_means_something_else_stays_different(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


def test_and_between_other_numbers_is_kept() -> None:
    assert words_of("two and three") == ["two", "and", "three"]


def test_the_same_words_have_no_errors() -> None:
    assert word_errors("No thoughts of it.", "no thoughts of it") == Edits(0, 0, 0, said=4)


def test_each_kind_of_error_is_counted() -> None:
    assert word_errors("the dog went to the lake", "the dog walked the lake now") == Edits(1, 1, 1, said=6)


def test_the_rate_is_errors_by_words_said() -> None:
    assert word_errors("one two three four", "one two four five six").rate == pytest.approx(3 / 4)


def test_inventing_from_silence_counts_whole() -> None:
    assert word_errors("", "thank you").rate == 2.0


def test_silence_heard_as_silence_is_no_error() -> None:
    assert word_errors("", "").rate == 0.0


def test_a_session_is_compared_in_the_order_it_was_said() -> None:
    gold = [turn("client", 3, 5, "I slept"), turn("therapist", 0, 2, "How are you?")]
    heard = [word(4.5, "b", "slept"), word(0.5, "a", "how are you"), word(3.5, "b", "I")]

    assert word_errors_of(gold, heard).rate == 0.0


def test_unnamed_labels_are_matched_so_that_most_words_are_right() -> None:
    heard = [word(1, "x"), word(4, "y"), word(4.4, "y"), word(4.6, "x"), word(9, "z")]

    found = speakers(TALK, heard)

    assert found.person_of == {"x": "therapist", "y": "client", "z": "partner"}
    assert (found.words, found.words_right, found.of_words) == (5, 4, 0.8)


def test_two_labels_are_never_one_person() -> None:
    found = speakers([turn("client", 0, 4)], [word(1, "x"), word(2, "x"), word(3, "y")])

    assert found.person_of == {"x": "client"}
    assert found.words_right == 2


def test_one_label_for_everybody_is_right_for_one_person_only() -> None:
    found = speakers(TALK, [word(0.5, "x"), word(1, "x"), word(4, "x"), word(6.2, "x"), word(9, "x")])

    assert found.turns.right == 2


def test_an_enrolled_person_taken_for_another_stays_wrong() -> None:
    swapped = [word(1, "client"), word(4, "therapist")]

    assert speakers(TALK[:2], swapped).turns.right == 2
    assert speakers(TALK[:2], swapped, named=["therapist"]).turns.right == 0


def test_a_turn_goes_to_whom_most_of_its_words_were_given() -> None:
    heard = [word(0.5, "therapist"), word(1, "therapist"), word(1.5, "client"), word(4, "client")]

    assert speakers(TALK[:2], heard, named=["therapist", "client"]).turns.right == 2


def test_half_the_words_of_a_turn_are_not_enough() -> None:
    heard = [word(0.5, "therapist"), word(1.5, "client")]

    assert speakers(TALK[:1], heard, named=["therapist"]).turns.right == 0


def test_words_given_to_nobody_are_wrong() -> None:
    found = speakers(TALK[:1], [word(1, "")])

    assert (found.turns.right, found.words_right) == (0, 0)


def test_a_turn_without_words_is_unheard() -> None:
    tally = speakers(TALK[:2], [word(1, "x")]).turns

    assert (tally.turns, tally.right, tally.unheard) == (2, 1, 1)
    assert (tally.of_heard, tally.of_all) == (1.0, 0.5)


def test_turns_under_a_second_are_told_apart() -> None:
    short = speakers(TALK, [word(1, "x"), word(6.2, "y"), word(4, "y")]).short

    assert (short.turns, short.right) == (1, 0)


def test_doubtful_turns_are_told_apart_from_sure_ones() -> None:
    heard = [word(1, "therapist"), word(4, "therapist", doubtful=True), word(9, "b")]

    found = speakers(TALK, heard, named=["therapist"])

    assert (found.doubtful.turns, found.doubtful.right) == (1, 0)
    assert (found.sure.turns, found.sure.right) == (2, 2)


def test_while_two_people_speak_a_word_is_right_for_either() -> None:
    gold = [turn("therapist", 0, 2), turn("client", 1.5, 3)]
    heard = [word(1, "therapist"), word(1.7, "therapist"), word(1.8, "client"), word(2.5, "client")]

    found = speakers(gold, heard, named=["therapist", "client"])

    assert (found.words_right, found.turns.right) == (4, 2)


def test_while_two_people_speak_a_third_persons_word_is_wrong_for_both() -> None:
    gold = [turn("therapist", 0, 2), turn("client", 1.5, 2.1)]
    heard = [word(1.7, "partner"), word(1.8, "partner")]

    found = speakers(gold, heard, named=["therapist", "client", "partner"])

    assert (found.turns.right, found.turns.unheard, found.words_right) == (0, 0, 0)


def test_a_word_swallowed_by_who_spoke_over_it_leaves_its_turn_unheard() -> None:
    gold = [turn("therapist", 0, 2), turn("client", 1.5, 2)]

    found = speakers(gold, [word(1, "therapist"), word(1.7, "therapist")], named=["therapist", "client"])

    assert (found.turns.right, found.turns.unheard) == (1, 1)


def test_a_word_just_beside_a_turn_belongs_to_it() -> None:
    found = speakers(TALK[:2], [word(2.3, "therapist")], named=["therapist"])

    assert (found.turns.right, found.outside) == (1, 0)


def test_a_word_far_from_every_turn_is_outside() -> None:
    found = speakers(TALK[:1], [word(1, "x"), word(20, "x")])

    assert (found.words, found.outside) == (1, 1)


def test_nothing_heard_leaves_every_turn_unheard() -> None:
    found = speakers(TALK, [])

    assert (found.turns.unheard, found.turns.of_all, found.of_words) == (4, 0.0, 1.0)
