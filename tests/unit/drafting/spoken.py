"""Short talks written as lines, for the reading side: "T: …" is the clinician, "C: …" the client, "P: …" a
partner.
"""

from typing import Protocol

from holdspace.engines.drafting.mention import Mention
from holdspace.engines.transcript import Turn

_SPEAKERS = {"T": "therapist", "C": "client", "P": "partner"}


class Mentions(Protocol):
    """The mentions of a talk given as lines."""

    def __call__(
        self, *lines: str, jottings: str = "", former_names: tuple[str, ...] = ()
    ) -> tuple[Mention, ...]: ...


def talk(*lines: str) -> tuple[Turn, ...]:
    """Turns from lines, numbered from 0."""
    parted = [line.split(": ", 1) for line in lines]
    return tuple(Turn(n, _SPEAKERS.get(who, who), text) for n, (who, text) in enumerate(parted))


FILLER = (
    "T: How has your mood been since we met, and what has the anxiety been like?",
    "C: I have been anxious most mornings, and I worry about work the whole way there on the"
    " train, you know how it is.",
    "T: And then what happens when you get to the office and sit down at the desk?",
    "C: It settles a little once I am busy, but my chest is tight and I cannot focus on what"
    " they are saying to me.",
)
"""Enough clinical English around a few lines for a session to be one."""
