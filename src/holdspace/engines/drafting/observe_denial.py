"""Symptoms asked about and denied: "Any shakes, sweats?" – "Nah." is as much a finding as a yes."""

import re
from collections.abc import Sequence

from holdspace.engines.drafting.lexicon import matching
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


def read_denials(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """What was asked with "any …?" outside risk, and denied."""
    found: list[Mention] = []
    for statement in said:
        if (
            statement.speaker == THERAPIST
            or statement.place
            or not is_no(statement.text)
            or (not statement.is_self and statement.words > 3)
        ):
            continue
        asked = _ASKED.search(statement.asked)
        if not asked or matching("risk", statement.asked):
            continue
        what = _TRAILING.sub("", asked.group("what")).strip(" ,")
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
