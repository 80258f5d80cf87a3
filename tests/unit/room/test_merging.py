"""Two texts that began as one are put together, and no word typed in either is lost."""

import random

import pytest

from holdspace.room.merging import MOST_LINES, merged


@pytest.mark.parametrize(
    ("before", "here", "there", "text"),
    [
        ("", "one", "", "one"),
        ("one", "one two", "one", "one two"),
        ("one", "", "one", ""),  # she took it out, nobody touched it
        ("one", "one", "one\ntwo", "one\ntwo"),
        ("one", "one more", "one\ntwo", "one more\ntwo"),
        ("one\n", "one\nmore", "one\ntwo", "one\nmore\ntwo"),
        ("one", "one\n", "one\ntwo", "one\n\ntwo"),  # the line she has just begun stays hers
        ("", "here", "there", "here\nthere"),
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb", "a\nB", "a", "a\nB"),  # changed here, taken out there: it stays
        ("a\r\nb", "a\r\nb!", "a\nb", "a\nb!"),
    ],
)
def test_what_one_side_changed_is_taken_without_a_question(
    before: str, here: str, there: str, text: str
) -> None:
    found = merged(before, here, there)
    assert (found.text, found.both) == (text, ())


def test_the_same_line_changed_twice_is_kept_twice_and_named() -> None:
    found = merged("slept badly\nplan", "slept 5 h\nplan", "slept 6 h\nplan")
    assert found.text == "slept 5 h\nslept 6 h\nplan"
    assert found.both == (("slept 5 h", "slept 6 h"),)


@pytest.mark.parametrize(
    ("before", "here", "there", "text"),
    [
        ("a", "a\nx\ny", "a\nx", "a\nx\ny"),
        ("a", "a\nx", "a\nx\ntold", "a\nx\ntold"),
        ("slept", "slept well, she says", "slept well", "slept well, she says"),
    ],
)
def test_a_save_whose_answer_was_lost_is_not_said_twice(
    before: str, here: str, there: str, text: str
) -> None:
    assert merged(before, here, there).text == text


def test_the_beginning_of_a_longer_word_is_a_word_of_its_own() -> None:
    assert merged("dose", "dose 1", "dose 10").text == "dose 1\ndose 10"
    assert merged("", "no", "not sleeping").text == "no\nnot sleeping"


def test_no_word_of_either_is_lost_whatever_was_typed_where() -> None:
    rng = random.Random(5)  # noqa: S311  # cases, no secret

    def typed(lines: list[str], mark: str) -> list[str]:
        changed = list(lines)
        for number in range(rng.randint(1, 4)):
            at, word = rng.randint(0, len(changed)), f"{mark}{number}"
            if changed and rng.random() < 0.5:
                changed[min(at, len(changed) - 1)] += f" {word}"
            else:
                changed.insert(at, word)
        return changed

    for _ in range(500):
        first = [f"w{number}" for number in range(rng.randint(0, 6))]
        here, there = typed(first, "h"), typed(first, "t")
        text = merged("\n".join(first), "\n".join(here), "\n".join(there)).text
        assert {word for line in (*here, *there) for word in line.split()} <= set(text.split())


def test_long_texts_stand_one_below_the_other() -> None:
    before = "\n" * MOST_LINES
    found = merged(before + "x", before + "here", before + "there")
    assert "here" in found.text
    assert "there" in found.text
