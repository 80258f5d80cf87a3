"""What a clinician saw of an injury, and the steps of a safety plan gone through aloud."""

import re
from collections.abc import Sequence

from holdspace.engines.drafting.mention import Kind, Mention, When
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.transcript import THERAPIST

_INJURY = re.compile(
    r"\b(?:bruis\w*|marks?|cuts?|scratch\w*|swelling|swollen|burns?|scars?|welts?|scabs?|bite|black eye|bandage\w*)\b",
    re.I,
)
_BODY = re.compile(
    r"\b(?:arms?|wrists?|neck|throat|face|eyes?|cheek|jaw|lip|hands?|fingers?|knuckles?|legs?|thighs?|shoulders?"
    r"|back|ribs?|head|forehead)\b",
    re.I,
)
_SEES = re.compile(r"\bI (?:can )?(?:see|saw|notice|noticed)\b", re.I)


def read_injuries(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """What the clinician says of an injury in sight ("I see three marks"), with the words that place it."""
    found: list[Mention] = []
    for at, statement in enumerate(said):
        if statement.speaker != THERAPIST or not (
            _SEES.search(statement.text) and _INJURY.search(statement.text)
        ):
            continue
        near = [s for s in said[max(0, at - 6) : at + 2] if abs(s.turn - statement.turn) <= 2]
        placed = [s for s in near if s is not statement and s.speaker == THERAPIST and _BODY.search(s.text)]
        placed = [s for s in placed if not s.is_question][-1:]
        where = _place_of(placed[0].text) if placed and not _BODY.search(statement.text) else ""
        text = _SEES.sub("", statement.text, count=1).strip(" .")
        found.append(
            Mention(
                Kind.OBSERVED,
                f"Observed {text}{f' on {where}' if where else ''}.",
                tuple(dict.fromkeys(s.evidence for s in (*placed, statement))),
                speaker=statement.speaker,
                topic="injury",
                status="seen",
                salience=1.0,
            )
        )
    return tuple(found)


def _place_of(text: str) -> str:
    """ "left upper arm" of "On your left upper arm, you're showing me"."""
    part = _BODY.search(text)
    words = text[: part.end()].split() if part else []
    start = next(
        (n for n in range(len(words) - 1, -1, -1) if words[n].lower() in ("your", "the", "that")), None
    )
    return " ".join(["the", *words[start + 1 :]]) if start is not None and len(words) - start <= 5 else ""


_PLANS_SAFETY = re.compile(r"\b(?:safety|crisis) plan\b", re.I)
_PLAN_SPAN = 60
"""Sentences a safety plan may take, gone through aloud."""
_STEPS = 8


def read_plan_steps(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """The steps of a safety plan as the clinician gave each back in the client's own words."""
    start = next(
        (
            n
            for n, s in enumerate(said)
            if s.speaker == THERAPIST and s.progress > 0.3 and _PLANS_SAFETY.search(s.text)
        ),
        None,
    )
    if start is None:
        return ()
    steps: list[tuple[Statement, Statement]] = []
    for at in range(start + 1, min(len(said), start + _PLAN_SPAN)):
        statement = said[at]
        if (
            statement.speaker != THERAPIST
            or statement.place
            or statement.is_question
            or not 3 <= statement.words <= 16
        ):
            continue
        words = _content(statement.text)
        source = [
            s for s in said[max(0, at - 8) : at] if s.turn == statement.turn - 1 and words & _content(s.text)
        ]
        if source and not re.search(r"\b(?:I|I'll|I'm|you|you're|sounds|that's|was|were)\b", statement.text):
            steps.append((statement, source[0]))
    return tuple(_step(*pair) for pair in steps[:_STEPS])


def _step(statement: Statement, source: Statement) -> Mention:
    return Mention(
        Kind.COMMITMENT,
        f"Safety plan: {statement.text[0].lower()}{statement.text[1:]}",
        (source.evidence, statement.evidence),
        speaker=THERAPIST,
        when=When.PLANNED,
        topic="safety plan",
        status="agreed",
        salience=0.9,
    )


def _content(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[a-z']{4,}", text.lower())} - _PLAIN


_PLAIN = frozenset(
    [
        "that",
        "this",
        "with",
        "what",
        "your",
        "have",
        "like",
        "just",
        "know",
        "well",
        "yeah",
        "okay",
        "about",
        "when",
        "them",
        "they",
        "there",
        "been",
    ]
)
