"""What was taken back: a slip corrected, a word withdrawn, a joke called one."""

import re
from dataclasses import replace

from holdspace.engines.drafting.mention import Certainty
from holdspace.engines.drafting.statement import JOKE, Statement
from holdspace.engines.transcript import THERAPIST

_TAKEN_BACK = re.compile(
    r"^(?:oh,? )?(?:well,? ?[—-]?\s?)?(?:okay,?\.? )?(?:no,? wait|wait|actually|scratch that|sorry|i mean|correction"
    r"|no (?:you know what|it was|that's|not|make that)|i take (?:it|that) back|let me)\b"
    r"|^(?:oh,? |well,? )?no, (?=\w)",
    re.I,
)
_BARE_NO = re.compile(r"^(?:no|nope|wait|sorry|scratch that|hang on)(?:,? (?:no|wait|sorry))*[.,!]*$", re.I)
""" "To a hundred and fifty. No. A hundred." takes the first back."""
_UNDONE = re.compile(
    r"\b(?:doesn't count|crossed? it out|cross (?:it|that) off|take that (?:one )?off|scratch"
    r" that|strike that|i take (?:it|that) back|i lied|that's not true|that's a lie|never mind"
    r"|i made that up)\b",
    re.I,
)
_CALLED_JOKE = re.compile(r"\b(?:a joke|was joking|you're joking|were joking|kidding)\b", re.I)
_JOKE_BACK = 4
"""Turns back to which "I understand it was a joke" reaches."""


_LAUGHS = re.compile(r"^\[(?:laughs|laughing|chuckles|both laugh)\w*\]", re.I)
_TALL_TALE = re.compile(
    r"\bI(?:'ve)? (?:told|said to|tell) (?:\w+ ){1,3}?I(?:'m| am) (?:going to|gonna)\b", re.I
)
"""A plan only reported as said to somebody, and laughed at."""


def joked(said: list[Statement]) -> list[Statement]:
    """What either calls a joke a little later was one: the sentences that share its words."""
    for at, statement in enumerate(said):
        after = said[at + 1 : at + 6]
        if _TALL_TALE.search(statement.text.replace(",", "")) and any(_LAUGHS.match(s.text) for s in after):
            said[at] = replace(statement, certainty=Certainty.JOKE)
        if not _CALLED_JOKE.search(statement.text):
            continue
        near_by = (s for s in said[max(0, at - 6) : at + 1] if s.turn >= statement.turn - 2)
        words = {w for s in near_by for w in _long_words(s.text)}
        for back in range(at - 1, -1, -1):
            near = said[back]
            if near.turn < statement.turn - _JOKE_BACK:
                break
            own = _long_words(near.text)
            if near.speaker != THERAPIST and own and len(words & own) >= 0.6 * len(own):
                said[back] = replace(near, certainty=Certainty.JOKE)
    return said


def _long_words(text: str) -> set[str]:
    return {w[:3] for w in re.findall(r"[a-z']{5,}", text.lower()) if w not in _COMMON}


_COMMON = frozenset({"about", "don't"})


_MISSAID = re.compile(
    r"\b(?:don't know why i (?:just )?said|i (?:only|just) said|i shouldn't have said|it"
    r" wasn't|that wasn't) (\w+)",
    re.I,
)


def withdrawn(said: list[Statement]) -> list[Statement]:
    """ "I don't know why I said Sunday" takes back what the speaker had just said of Sunday."""
    for at, statement in enumerate(said):
        cue = _MISSAID.search(statement.text)
        if not cue or not _alike(cue.group(1), cue.group(1)):
            continue
        for back in range(at, -1, -1):
            near = said[back]
            if near.turn < statement.turn - 3:
                break
            if near.speaker == statement.speaker and re.search(rf"\b{cue.group(1)}\b", near.text, re.I):
                said[back] = replace(near, certainty=Certainty.RETRACTED)
    return said


def corrected(said: list[Statement]) -> list[Statement]:
    """Mark what the next sentence takes back, and the correction."""
    for at in range(1, len(said)):
        text, earlier = said[at].text, said[at - 1]
        if _UNDONE.search(text):
            said[at] = replace(said[at], certainty=Certainty.RETRACTED)
        elif _BARE_NO.match(text) and _alike(earlier.text, _rest(said, at + 1)):
            said[at - 1] = replace(earlier, certainty=Certainty.RETRACTED)
            if at + 1 < len(said):
                said[at + 1] = replace(said[at + 1], certainty=Certainty.CORRECTED)
        elif _TAKEN_BACK.match(text) and _alike(earlier.text, _rest(said, at)):
            said[at - 1] = replace(earlier, certainty=Certainty.RETRACTED)
            said[at] = replace(said[at], certainty=Certainty.CORRECTED)
        elif JOKE.search(text):
            said[at - 1] = replace(earlier, certainty=Certainty.JOKE)
    return said


def _rest(said: list[Statement], at: int) -> str:
    return " ".join(s.text for s in said[at : at + 3])


_FIGURE = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif"
    r"|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)\b",
    re.I,
)
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)


def _alike(one: str, other: str) -> bool:
    """Whether both hold a figure, or both a day: only like replaces like."""
    return any(kind.search(one) and kind.search(other) for kind in (_FIGURE, _DAY))
