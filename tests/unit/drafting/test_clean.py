"""Fillers, false starts and repeats go; hedges and content stay."""

import pytest

from holdspace.engines.drafting.clean import clean


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Um, so I, I went to the, the store.", "I went to the store"),
        ("I'm building him a, it's dumb, I'm building him a go-kart", "I'm building him a go-kart"),
        ("No, I— well, my shoes did", "my shoes did"),
        ("[laughs] It was like a forty, you know", "It was about a forty"),
        ("I went late, which was dumb because it's packed. And I paid", "I went late. I paid"),
        ("Mir, mirtazapine", "mirtazapine"),
        ("No, I slept", "I slept"),
        ("No fights.", "No fights"),
        ("I looked at it, I'm gonna be honest, I looked at it.", "I looked at it"),
        ("I don't have the combination, I don't want it", "I don't have the combination, I don't want it"),
        ("I ain't had that since August", "I have not had that since August"),
        ("I'm doin' all right 'cause I walk", "I'm doing all right because I walk"),
    ],
)
def test_spoken_words_become_written_ones(said: str, written: str) -> None:
    assert clean(said) == written


@pytest.mark.parametrize(
    "said", ["maybe five or six", "probably ten carts", "I think it helped", "I like it"]
)
def test_hedges_and_verbs_are_not_fillers(said: str) -> None:
    assert clean(said) == said


def test_nothing_but_noise_leaves_nothing() -> None:
    assert clean("[sighs] Um. Uh, you know.") == ""


def test_a_word_left_hanging_at_the_end_is_dropped() -> None:
    assert clean("A bit sore in the mornings, but.") == "A bit sore in the mornings"
