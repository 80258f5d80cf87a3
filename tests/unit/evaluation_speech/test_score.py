"""The counts by which hearing is judged."""

import pytest
from evaluation.speech.score import Said, speakers, words_of, wrong_words

from holdspace.engines.transcript import Transcript, Turn, Word


def heard(*turns: tuple[str, float, str]) -> Transcript:
    """Turns of a speaker, a beginning, and words of half a second each."""
    made = []
    for index, (speaker, start, text) in enumerate(turns):
        words = tuple(
            Word(word, start + n / 2, start + n / 2 + 0.4, 0.9) for n, word in enumerate(text.split())
        )
        made.append(Turn(index, speaker, text, words[0].start_s, words[-1].end_s, words))
    return Transcript(tuple(made), "en")


SAID = (
    Said("therapist", "How was it?", 0.0, 1.5),
    Said("client", "Bad.", 2.0, 2.5),
    Said("client", "I slept four hours.", 3.0, 5.0),
)


def given(*names: str) -> Transcript:
    """Every word right, each turn under the name given."""
    return heard(*((name, one.start_s, one.text) for name, one in zip(names, SAID, strict=True)))


def test_numbers_case_and_marks_make_no_wrong_word() -> None:
    assert words_of("Thirty-five minutes, TWO times.") == words_of("35 minutes 2 times")


@pytest.mark.parametrize(
    ("said", "found", "wrong"),
    [("a b c", "a b c", 0), ("a b c", "a c", 1), ("a", "a b", 1), ("a b", "b a", 2)],
)
def test_wrong_words_are_changed_added_and_dropped_ones(said: str, found: str, wrong: int) -> None:
    assert wrong_words(said.split(), found.split()) == wrong


def test_each_turn_counts_once_and_short_ones_apart() -> None:
    counted = speakers(
        SAID,
        heard(
            ("therapist", 0.0, "How was it?"),
            ("therapist", 2.0, "Bad."),
            ("client", 3.0, "I slept four hours."),
        ),
    )
    assert (counted.turns, counted.right, counted.short, counted.short_right) == (3, 2, 1, 0)
    assert (counted.words, counted.words_right) == (8, 7)


def test_unnamed_labels_are_whoever_they_mostly_are_and_named_ones_are_held_to_their_name() -> None:
    unnamed = heard(
        ("speaker 1", 0.0, "How was it?"),
        ("speaker 2", 2.0, "Bad."),
        ("speaker 2", 3.0, "I slept four hours."),
    )
    swapped = heard(
        ("client", 0.0, "How was it?"), ("therapist", 2.0, "Bad."), ("therapist", 3.0, "I slept four hours.")
    )
    assert speakers(SAID, unnamed).right == 3
    assert speakers(SAID, swapped).right == 0


def test_a_turn_in_which_nothing_was_heard_is_no_turn() -> None:
    assert speakers(SAID, heard(("therapist", 0.0, "How was it?"))).turns == 1
