"""Words that may judge or wound, shown with a reason and an alternative, never changed (RULES.md §5).

No model; but the lexicon is the drafting engine's, so where drafting is switched off nothing of it is loaded.
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from holdspace.access.actor import Actor
from holdspace.assist.entries import enter_sitting
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import DRAFTING, LANGUAGE_CHECK, MARKING, Around


@dataclass(frozen=True, slots=True)
class WordFlag:
    """A word as it stands in the text, where, why it is shown, what to say instead, and who says so."""

    start: int
    end: int
    term: str
    reason: str
    alternative: str
    source: str


Marker = Callable[[str], tuple[WordFlag, ...]]
"""The words of a text to look at twice, in order."""


def marker_for(actor: Actor, around: Around) -> Marker:
    """What marks the words of one note, for one page: it asks the switch and enters itself at the first text.

    It marks none where drafting is switched off.
    """

    @cache
    def may_mark() -> bool:
        if switched_off_at(actor, DRAFTING, around):
            return False
        enter_sitting(actor, around, MARKING, LANGUAGE_CHECK, given="sentences of the note")
        return True

    return lambda text: _marked(text) if may_mark() else ()


def _marked(text: str) -> tuple[WordFlag, ...]:
    from holdspace.engines.drafting.bias import flags

    return tuple(
        WordFlag(flag.start, flag.end, flag.words, flag.why, flag.instead, flag.source)
        for flag in flags(text)
    )
