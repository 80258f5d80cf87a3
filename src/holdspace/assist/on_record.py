"""Which turns may be shown around a quote: what was asked to be kept off the record is not shown beside it either.

Rules, no model; but they are the drafting engine's, so where drafting is switched off nothing of it is loaded.
"""
# ruff: noqa: PLC0415  # importing an engine is what the switches decide about

from collections.abc import Sequence

from holdspace.access.actor import Actor
from holdspace.assist.entries import enter_sitting
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import DRAFTING, KEEPING_OFF, RULES, Around
from holdspace.engines.transcript import Turn
from holdspace.errors import NothingToDraft


def on_record(actor: Actor, around: Around, turns: Sequence[Turn]) -> frozenset[int]:
    """The numbers of the turns drafting may use; none where that cannot be told, or drafting is switched off."""
    if switched_off_at(actor, DRAFTING, around):
        return frozenset()
    enter_sitting(actor, around, KEEPING_OFF, RULES, given="transcript")
    from holdspace.engines.drafting.read import on_record as told

    try:
        return frozenset(turn.index for turn in told(turns))
    except NothingToDraft:  # nobody has said who is who
        return frozenset()
