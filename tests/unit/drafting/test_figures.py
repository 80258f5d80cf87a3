"""Numbers as people say them become figures; words that only look like numbers stay words."""

import pytest

from holdspace.engines.drafting.figures import with_figures


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("about a forty", "about a 40"),
        ("eighty-eight and now sixty-one", "88 and now 61"),
        ("a hundred and ten", "110"),
        ("one hundred and five", "105"),
        ("two hundred", "200"),
        ("five and a half hours", "5.5 hours"),
        ("five, six minutes", "5-6 minutes"),
        ("two to three drinks", "2 to 3 drinks"),
        ("four out of seven", "4 of 7"),
        ("fifty percent", "50%"),
        ("three-thirty", "3:30"),
        ("the twenty-first at two", "the 21st at 2"),
        ("on the eighth.", "on the 8th."),
        ("in twenty fourteen", "in 2014"),
        ("call nine eight eight", "call 988"),
        ("one beer", "1 beer"),
        ("he called at eleven-forty", "he called at 11:40"),
        ("the thyroid is two point one", "the thyroid is 2.1"),
        ("I was on one-fifty", "I was on 150"),
    ],
)
def test_spoken_numbers_become_figures(said: str, written: str) -> None:
    assert with_figures(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "one plate",
        "one of them",
        "that one",
        "the first time",
        "a second thought",
        "one time on the plane",
        "the level was four-ten",
    ],
)
def test_words_that_measure_nothing_stay_words(said: str) -> None:
    assert with_figures(said) == said
