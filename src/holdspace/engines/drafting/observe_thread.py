"""What a statement's thread makes of it: the talk around it says what the sentence alone does not.

The clinician's last questions tell why something was said: words told after a question about risk are part of the
risk assessment ("not since February", "she's got the pills").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from holdspace.engines.drafting.lexicon import matching
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.transcript import THERAPIST

_GRAVE = frozenset(
    {"suicidal ideation", "suicide plan", "suicidal intent", "self-harm", "attempt", "homicidal ideation"}
)
_COURSE = re.compile(
    r"\b(?:since|the last time|last time|back in|in (?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december)|(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)'s|when i was|that first week|the first week|years? ago|come back|used to (?:cut|burn|hurt|think)"
    r"|the point|not anymore|any ?more)\b",
    re.I,
)
_CUSTODY = re.compile(
    r"\b(?:pills?|meds?|medications?|tablets?|bottles?|guns?|rifles?|pistols?|shotguns?|lock ?box|safe|combination"
    r"|the week|week at a time|locked)\b",
    re.I,
)
_HOLDS = re.compile(
    r"\b(?:has|have|'s got|'ve got|got|holds?|keeps?|gives?|brings?|locked|locks|took|takes|in (?:his|her|their|my))\b",
    re.I,
)
_MEANS_ASKED = re.compile(r"\b(?:pills?|guns?|firearms?|weapons?|medications? at home|stockpil\w*)\b", re.I)
_CLARIFIED = re.compile(r"\b(?:i (?:don't|do not|didn't) mean|i mean i|what i mean|not that i)\b", re.I)
_BACK = 3
"""Turns back to which a question still governs what is said."""
MOST_SAID = 30
"""Words of a mention that a thread of risk keeps whatever the length; longer tales are weighed as usual."""


_UNARMED = re.compile(
    r"\b(?:(?:don't|do not|doesn't|never|ain't|not) (?:have|had|got|own|keep|owned)(?: \w+){0,2} (?:guns?"
    r"|rifles?|firearms?"
    r"|weapons?|pistols?)|no (?:guns?|firearms?|weapons?))\b",
    re.I,
)
_HARMLESS = re.compile(
    r"\b(?:I|we) (?:don't|do not|wouldn't|would never|never|could never|couldn't)(?: want to| wanna| ever)? "
    r"(?:hurt|harm|kill|touch) (?:anybody|anyone|nobody|him|her|them|people|a fly|a soul)\b",
    re.I,
)


def denials_in_answers(found: Iterable[Mention], said: Sequence[Statement]) -> tuple[Mention, ...]:
    """Risk mentions, with what the client ruled out in a full sentence read as the denial it is."""
    read = tuple(_as_denial(m) for m in found)
    asked = _questions(said)
    unarmed = [
        s
        for s in said
        if s.speaker != THERAPIST
        and _UNARMED.search(s.text)
        and any(_MEANS_ASKED.search(asked.get(t, "")) for t in (s.turn - 1, s.turn - 2))
    ]
    if not unarmed or any(m.topic == "access to firearms" for m in read):
        return read
    first = unarmed[0]
    denial = Mention(
        Kind.RISK,
        first.text,
        (*first.asked_evidence, first.evidence),
        speaker=first.speaker,
        about=first.speaker,
        polarity=Polarity.DENIED,
        topic="access to firearms",
        status="screened",
        salience=1.0,
    )
    return (*read, denial)


def _as_denial(mention: Mention) -> Mention:
    """ "I don't want to hurt anybody" is a denial, not words to quote under the heading of harm."""
    if (
        mention.kind is not Kind.RISK
        or mention.about != mention.speaker
        or not _HARMLESS.search(mention.said)
    ):
        return mention
    return replace(mention, polarity=Polarity.DENIED, topic="homicidal ideation", status="screened")


def in_thread(mentions: Iterable[Mention], said: Sequence[Statement]) -> tuple[Mention, ...]:
    """The told mentions, those of a risk thread marked as risk: its course, its means, what was meant."""
    asked = _questions(said)
    return tuple(_placed(m, asked) for m in mentions)


def _questions(said: Sequence[Statement]) -> dict[int, str]:
    """What the clinician said in each of her turns."""
    turns: dict[int, list[str]] = {}
    for statement in said:
        if statement.speaker == THERAPIST:
            turns.setdefault(statement.turn, []).append(statement.text)
    return {turn: " ".join(texts) for turn, texts in turns.items()}


def _placed(mention: Mention, asked: dict[int, str]) -> Mention:
    if mention.speaker == THERAPIST or mention.kind in (Kind.QUOTE, Kind.SCORE) or not mention.evidence:
        return mention
    if (
        mention.said.endswith("?")
        or mention.certainty in (Certainty.JOKE, Certainty.RETRACTED)
        or len(mention.said.split()) > MOST_SAID
    ):
        return mention
    turn = max(e.turn or 0 for e in mention.evidence)
    before = [asked[t] for t in range(turn - _BACK, turn) if t in asked]
    if not before or not (status := _status(mention, before)):
        return mention
    return replace(mention, kind=Kind.RISK, status=status, polarity=Polarity.ASSERTED, salience=1.0)


def _status(mention: Mention, before: list[str]) -> str:
    screened = any(_GRAVE & set(matching("risk", text)) for text in before[-2:])
    if screened and mention.about == mention.speaker and _COURSE.search(mention.said):
        return "course"
    if screened and _CLARIFIED.search(mention.said):
        return "course"
    means = any(_MEANS_ASKED.search(text) for text in before[-1:])
    if means and _CUSTODY.search(mention.said) and _HOLDS.search(mention.said):
        return "means"
    return ""
