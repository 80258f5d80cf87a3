"""Symptoms asked about and denied: "Any shakes, sweats?" – "Nah." is as much a finding as a yes."""

import re
from collections.abc import Sequence

from holdspace.engines.drafting.lexicon import matching, pattern
from holdspace.engines.drafting.mention import Kind, Mention, Polarity
from holdspace.engines.drafting.statement import Statement, is_no
from holdspace.engines.transcript import THERAPIST

_ASKED = re.compile(
    r"\b(?:any(?! (?:other|of|way|thing|plans?)\b)|ever had|ever (?=seen|heard|blacked|passed"
    r"|fainted)|have you (?:ever )?(?:had|been)|did you (?:have|get|take)|no)\s+"
    r"(?:a |an |any |ever )?(?P<what>[a-z][\w' -]{2,40}(?:,? or (?:a |an |any )?[a-z][\w'"
    r" -]{2,30}|, [a-z][\w' -]{2,24}){0,3})",
    re.I,
)
_TRAILING = re.compile(
    r"\s+(?:this week|since|with|when|from|on the|lately|at all|these|in the|while|to get"
    r"|after|before|because|that you|you)\b.*$",
    re.I,
)
_NOT_CLINICAL = re.compile(
    r"\b(?:questions?|thoughts?|idea|chance|luck|trouble parking|rush|pressure|worries|problem"
    r" finding|need|homework|news|reason|one|more)\b",
    re.I,
)


_BARE = re.compile(
    r"^(?:(?:and|okay|so|good|now)[,.]? )*(?P<what>[A-Z]?[a-z][\w' -]{2,30}(?:(?:, | or "
    r"|, or )[a-z][\w' -]{2,30}){0,4})[?.]"
)
_SUBJECT = re.compile(
    r"\b(?:i|i'm|you|you're|we|he|she|they|it|is|are|was|were|do|does|did|have|has|had|would|could|will|can|what|how"
    r"|who|when|where|why|which|that|this|there|right|yeah|yes|no|okay|sure|really|so|not|because|still)\b",
    re.I,
)
_OR_SO = re.compile(r",? (?:or )?any(?:thing|body|one)? (?:like that|else|of (?:that|those|it))\?$", re.I)
LONGEST_BARE = 7
"""Words up to which a question without a verb is a symptom asked about ("Weight loss, trouble swallowing?")."""


def _asked_of(question: str) -> str:
    """The symptom a question asks about: "any …?", or a bare noun ("Numbness?"); "" where it asks none."""
    question = _OR_SO.sub("?", question)
    if asked := _ASKED.search(question):
        return _TRAILING.sub("", asked.group("what")).strip(" ,")
    bare = _BARE.match(question)
    if bare is None or _SUBJECT.search(bare.group("what")):
        return ""
    what = bare.group("what").strip(" ,")
    return what[0].lower() + what[1:] if len(what.split()) <= LONGEST_BARE else ""


def _clinical(what: str) -> str:
    """Those of the things asked about that are symptoms; "" where none is."""
    parts = [p.strip() for p in re.split(r",? or (?:any )?|, (?:any )?", what) if p.strip()]
    return ", ".join(_FULLER.get(p, p) for p in parts if pattern("symptoms", "asked").search(p))


_FULLER = {
    "anything extra": "taking anything extra",
    "extra": "taking anything extra",
    "anything for it": "taking anything for it",
    "vision": "vision changes",
    "speech": "speech changes",
    "weight": "weight change",
}
"""What a bare word asks for: "Vision?" – "No." denies a change of it, not the thing."""


_PLAIN_NO = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?:(?:oh|god|well|um|uh|yeah|i mean|honestly|ah|mm),?\s+)*"
    r"(?:no|nah|nope|never|none|nothing|neither|not (?:at all|really|a (?:one|bit|thing|single)|any|once|that|this"
    r"|since|lately|anymore))\b",
    re.I,
)
"""A no to what was asked; "Not hungry." is a finding of its own and denies nothing asked."""


def _undisputed(what: str, statement: Statement, said: Sequence[Statement]) -> str:
    """Those of the things asked about that the speaker does not report in this answer or the one before it."""
    told = " ".join(
        s.text
        for s in said
        if s.speaker == statement.speaker
        and statement.turn - 2 <= s.turn <= statement.turn
        and not is_no(s.text)
    )
    reported = _beginnings(told)
    return ", ".join(part for part in what.split(", ") if not reported & _beginnings(part))


def _beginnings(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{3,}", text.lower())}


def read_denials(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """What was asked with "any …?" outside risk, and denied."""
    found: list[Mention] = []
    opening: dict[int, str] = {}
    for statement in said:
        opening.setdefault(statement.turn, statement.text)
        if (
            statement.speaker == THERAPIST
            or statement.place
            or not _PLAIN_NO.match(statement.text)
            or (not statement.is_self and statement.words > 3)
        ):
            continue
        if matching("risk", statement.asked):
            continue
        what = _clinical(_asked_of(statement.asked) or _asked_of(opening.get(statement.asked_turn or 0, "")))
        what = _undisputed(what, statement, said) if what else ""
        if what and not _NOT_CLINICAL.search(what):
            found.append(
                Mention(
                    Kind.SYMPTOM,
                    f"No {what}",
                    (*statement.asked_evidence, statement.evidence),
                    speaker=statement.speaker,
                    about=statement.speaker,
                    polarity=Polarity.DENIED,
                    topic=what,
                    status="screened",
                    salience=0.6,
                )
            )
    return tuple(found)
