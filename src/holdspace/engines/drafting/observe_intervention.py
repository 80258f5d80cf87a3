"""Interventions in the field's terms, only where a turn of the clinician shows them.

A term that could be small talk (a reflection, a summary) needs its own cue; none is inferred from the
diagnosis or
the plan.
"""

import re
from collections.abc import Sequence

from holdspace.engines.drafting.lexicon import entries, pattern
from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_LEXICON = "interventions"
_PROMISED = re.compile(
    r"\b(?:next (?:time|week|session)|leave the|for next|we might come back|some other (?:time"
    r"|day)|not today|after this|last (?:time|week)|the other day)\b",
    re.I,
)
_OPEN = re.compile(r"^(?:so |and |okay,? )*(?:what|how|tell me|where|walk me)\b", re.I)
EVIDENCE_AT_MOST = 3
COMMON = frozenset({"risk assessment", "medication review", "homework review"})
"""What most sessions contain; named, but with the least weight."""
MI_CUES = 2
"""Motivational terms that must be shown before open questions and reflections are named as such."""
SOFT_CUES = 2
"""Turns that must show a term whose cues ordinary talk can hold."""
_SOFT = frozenset(
    {
        "affirmation",
        "safety planning",
        "problem solving",
        "meaning-making and reflection",
        "grief work",
        "relapse prevention",
    }
)
_MI = frozenset(
    {
        "motivational rulers",
        "elicit-provide-elicit with permission",
        "exploration of ambivalence",
        "affirmation",
        "summary",
        "looking-forward question",
    }
)


def read_interventions(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """One mention per intervention, with up to three turns that show it."""
    own = [s for s in said if s.speaker == THERAPIST]
    shown: dict[str, list[Evidence]] = {}
    for name in entries(_LEXICON):
        hits = [s for s in own if pattern(_LEXICON, name).search(s.text) and not _PROMISED.search(s.text)]
        if len({s.turn for s in hits}) >= (SOFT_CUES if name in _SOFT else 1):
            shown[name] = [s.evidence for s in hits[:EVIDENCE_AT_MOST]]
    shown |= _conversation(own, said, shown)
    return tuple(_mention(name, tuple(evidence)) for name, evidence in shown.items())


def _mention(name: str, evidence: tuple[Evidence, ...]) -> Mention:
    said = " ".join(e.quote for e in evidence)
    return Mention(
        Kind.INTERVENTION,
        said,
        evidence,
        speaker=THERAPIST,
        topic=name,
        status="common" if name in COMMON else "",
    )


def _conversation(
    own: Sequence[Statement], said: Sequence[Statement], shown: dict[str, list[Evidence]]
) -> dict[str, list[Evidence]]:
    """Open questions and reflections, where the session is motivational and has enough of both."""
    if len(_MI & shown.keys()) < MI_CUES:
        return {}
    asked = [s for s in own if s.is_question and _OPEN.match(s.text)]
    mirrored = [s for s in own if not s.is_question and _reflects(s, said)]
    found = {}
    if len(asked) >= 3:
        found["open questions"] = [s.evidence for s in asked[:EVIDENCE_AT_MOST]]
    if len(mirrored) >= 3:
        found["reflections"] = [s.evidence for s in mirrored[:EVIDENCE_AT_MOST]]
    return found


def _reflects(statement: Statement, said: Sequence[Statement]) -> bool:
    """Whether it gives back the client's words of the turn before."""
    words = _content(statement.text)
    before = [s for s in said if s.turn == statement.turn - 1]
    return (
        len(words) >= 2
        and bool(before)
        and len(words & _content(" ".join(s.text for s in before))) >= 0.6 * len(words)
    )


def _content(text: str) -> set[str]:
    return {
        w
        for w in re.findall(r"[a-z']{4,}", text.lower())
        if w not in {"that", "this", "with", "what", "your", "you're", "have", "like"}
    }
