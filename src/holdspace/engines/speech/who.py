"""Who said which words: phrases for the people in the room, and who those people are, as far as it can be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdspace.engines.speech.port import Voice
from holdspace.engines.speech.roles import guess_roles
from holdspace.engines.speech.speakers import (
    Windowed,
    leanings,
    people_in,
    she_and_another,
    under_words,
    whose,
)
from holdspace.engines.speech.turns import Phrase, attribute
from holdspace.engines.transcript import CLIENT, THERAPIST, Word


@dataclass(frozen=True, slots=True)
class Company:
    """Who is in the room: how many people at most, and the therapist's own voice where she gave it."""

    people: int = 2
    therapist: Voice | None = None


ALONE_WITH_CLIENT = Company()


def who_spoke(
    words: Sequence[Word], windows: Sequence[Windowed], company: Company
) -> tuple[list[Phrase], tuple[str, ...]]:
    """Phrases by the voices under them, and the label of each speaker.

    Of two people both are named, by her voice or else by how they talk. Of more only she is, because the client's
    words must not become another's: the rest are `speaker 2` and so on until somebody says who they are.
    """
    windows = under_words(windows, words)
    means = people_in(windows, company.people)
    if means is None and company.people > 1 and company.therapist is not None:
        means = she_and_another(windows, company.therapist)
    if means is None:
        return attribute(words, ()), nameless(2)
    phrases = attribute(words, leanings(windows, means))
    hers = whose(means, company.therapist) if company.therapist is not None else None
    if hers is None:
        return phrases, guess_roles(phrases) if len(means) == 2 else nameless(len(means))
    names = list(nameless(len(means))) if len(means) > 2 else [CLIENT, CLIENT]
    names[hers] = THERAPIST
    return phrases, tuple(names)


def nameless(count: int) -> tuple[str, ...]:
    """Labels for people nobody has named."""
    return tuple(f"speaker {number}" for number in range(1, count + 1))
