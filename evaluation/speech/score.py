"""How well a session was heard: whose words were given to whom, and how many words are wrong. Values in, values out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from holdspace.engines.transcript import CLIENT, THERAPIST, Transcript, Turn, Word

REACH_S = 0.1
"""How far a word's middle may lie outside the turn it was said in: its times are not exact."""
SHORT_S = 1.0
_TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_IN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: number for number, word in enumerate(_TO_NINETEEN.split())}
TENS = {word: 10 * number for number, word in enumerate(_IN_TENS.split(), start=2)}


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it was really said."""

    speaker: str
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Speakers:
    """Of how many turns in which anything was heard the speaker is right; the same of short ones and of words."""

    turns: int
    right: int
    short: int
    short_right: int
    words: int
    words_right: int
    wrong_and_marked: int


def words_of(text: str) -> list[str]:
    """Words without case, marks or ways of writing numbers."""
    plain = re.findall(r"[a-z0-9']+", text.lower().replace("-", " ").replace("’", "'"))
    found: list[str] = []
    for word in plain:
        if (
            word in UNITS
            and found
            and found[-1].isdecimal()
            and int(found[-1]) in TENS.values()
            and UNITS[word] < 10
        ):
            found[-1] = str(int(found[-1]) + UNITS[word])
        else:
            found.append(str(UNITS.get(word, TENS.get(word, word))))
    return found


def wrong_words(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to change, add or drop to come from one to the other."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, start=1):
        above, row = row, [index]
        for column, other in enumerate(heard, start=1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (word != other)))
    return row[-1]


def speakers(said: Sequence[Said], heard: Transcript) -> Speakers:
    """Compare turn by turn. Labels nobody named are taken for the person whose words they mostly have."""
    given = [(word, turn) for turn in heard.turns for word in turn.words]
    inside = [(one, [pair for pair in given if _is_in(pair[0], one)]) for one in said]
    names = _named(inside)
    turns = right = short = short_right = words = words_right = marked = 0
    for one, pairs in inside:
        if not pairs:
            continue
        own = sum(names[turn.speaker] == one.speaker for _, turn in pairs)
        is_right, is_short = 2 * own > len(pairs), one.end_s - one.start_s < SHORT_S
        turns, right = turns + 1, right + is_right
        short, short_right = short + is_short, short_right + (is_short and is_right)
        words, words_right = words + len(pairs), words_right + own
        marked += not is_right and any(turn.is_doubtful for _, turn in pairs)
    return Speakers(turns, right, short, short_right, words, words_right, marked)


def _is_in(word: Word, said: Said) -> bool:
    return said.start_s - REACH_S <= (word.start_s + word.end_s) / 2 <= said.end_s + REACH_S


def _named(inside: Sequence[tuple[Said, Sequence[tuple[Word, Turn]]]]) -> dict[str, str]:
    votes: dict[str, Counter[str]] = {}
    for one, pairs in inside:
        for _, turn in pairs:
            votes.setdefault(turn.speaker, Counter())[one.speaker] += 1
    return {
        label: label if label in (THERAPIST, CLIENT) else counted.most_common(1)[0][0]
        for label, counted in votes.items()
    }
