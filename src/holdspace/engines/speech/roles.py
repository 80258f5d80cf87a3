"""Which of two voices is the therapist's: a guess from how they talk, which one click swaps.

Therapists ask more of what they say, and say less. Measured shares, not content: the same words from either
chair count the same. When the two hardly differ nobody is named, and the labels stay `speaker 1` and
`speaker 2`.
"""

from collections.abc import Sequence

from holdspace.engines.speech.turns import Phrase
from holdspace.engines.transcript import CLIENT, THERAPIST

CLEAR = 0.1
"""Lead in questions and brevity, together, below which nobody is named."""
BREVITY = 0.3
"""How much of the lead speaking less is worth beside asking more."""


def guess_roles(phrases: Sequence[Phrase]) -> tuple[str, str]:
    """Labels for speakers 0 and 1."""
    lead = _therapist_like(phrases, 0) - _therapist_like(phrases, 1)
    if abs(lead) < CLEAR or len({phrase.speaker for phrase in phrases}) < 2:
        return "speaker 1", "speaker 2"
    return (THERAPIST, CLIENT) if lead > 0 else (CLIENT, THERAPIST)


def _therapist_like(phrases: Sequence[Phrase], speaker: int) -> float:
    own = [phrase for phrase in phrases if phrase.speaker == speaker]
    if not own:
        return 0.0
    asked = sum(phrase.text.endswith("?") for phrase in own) / len(own)
    said = sum(len(phrase.words) for phrase in own) / sum(len(phrase.words) for phrase in phrases)
    return asked + BREVITY * (1.0 - said)
