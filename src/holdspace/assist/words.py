"""Words that may judge or wound, shown with a reason and an alternative, never changed (RULES.md §5).

No model; but the lexicon is the drafting engine's, so where drafting is switched off nothing of it is loaded.
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from dataclasses import dataclass

from holdspace.access.actor import Actor
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import DRAFTING, Around


@dataclass(frozen=True, slots=True)
class WordFlag:
    """A word as it stands in the text, where, why it is shown, what to say instead, and who says so."""

    start: int
    end: int
    term: str
    reason: str
    alternative: str
    source: str


def word_flags(actor: Actor, around: Around, text: str) -> tuple[WordFlag, ...]:
    """The words of a text to look at twice, in order; none where drafting is switched off."""
    if switched_off_at(actor, DRAFTING, around):
        return ()
    from holdspace.engines.drafting.bias import flags

    return tuple(
        WordFlag(flag.start, flag.end, flag.words, flag.why, flag.instead, flag.source)
        for flag in flags(text)
    )
