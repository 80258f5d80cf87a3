"""Ratings asked for in session: a number given, where it went from there, and what it was called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from holdspace.engines.drafting.lexicon import matching, pattern
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Quantity
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_RATINGS = (
    "importance",
    "confidence",
    "readiness",
    "willingness",
    "intent",
    "belief",
    "craving",
    "pain",
    "mood",
    "anxiety",
    "tension",
    "prediction",
)


_SCALES = "scales"
SAME_RATING_WITHIN = 12
"""Turns between ratings of one run (an exposure's numbers)."""


@dataclass(frozen=True, slots=True)
class _Rating:
    """One number given for one rating."""

    name: str
    value: float
    unit: str
    turn: int
    evidence: tuple[Evidence, ...]


def read_ratings(said: Sequence[Statement]) -> list[Mention]:
    """One mention per rating and run of it, in order of time."""
    return _joined(_ratings(said))


def _ratings(said: Sequence[Statement]) -> list[_Rating]:
    """Numbers given where a clinician asked for one, and where they went from there."""
    found: list[_Rating] = []
    for at, statement in enumerate(said):
        if statement.speaker == THERAPIST or statement.certainty is Certainty.RETRACTED:
            continue
        if _asks_rating(statement) and (statement.place < 4 or "percent" in statement.text.lower()):
            number = _settled(said, at, _first_number(statement))
            if number is not None and not any(r.turn == statement.turn for r in found):
                name, unit = _rating_name(statement, said)
                if not name:
                    continue
                evidence = (*statement.asked_evidence, statement.evidence)
                answer = tuple(s.evidence for s in said[at : at + 4] if s.turn == statement.turn)
                pair = _at_first(said, at, number)
                found += [
                    _Rating(
                        name, value, unit, statement.turn, evidence if pair is None else (*evidence, *answer)
                    )
                    for value in pair or (number,)
                ]
                continue
        if found and statement.turn - found[-1].turn <= 4 and (later := _fell_to(statement.text)) is not None:
            last = found[-1]
            if not _same_scale(last.value, later) or pattern("drugs", "drug").search(statement.text):
                continue
            found.append(_Rating(last.name, later, last.unit, statement.turn, (statement.evidence,)))
    return found


def _same_scale(one: float, other: float) -> bool:
    """Whether both can stand on one scale: nought to ten, or nought to a hundred."""
    return (one <= _TO_TEN) is (other <= _TO_TEN)


_TO_TEN = 10


_COMING_IN = re.compile(
    r"\b(?:when (?:i|we) (?:came|come|walked|got|sat|started|began)|coming in|at (?:first|the start)|before (?:this|we"
    r"|that)|this morning|last (?:week|time)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: night| morning)? (?:it )?was)\b",
    re.I,
)


def _at_first(said: Sequence[Statement], at: int, now: float) -> tuple[float, float] | None:
    """ "Three. When I came in, seven." as (7, 3): the value before and now, both in one answer; else None."""
    turn = [s for s in said[at : at + 4] if s.turn == said[at].turn]
    values = [(_COMING_IN.search(s.text) is not None, _first_number(s)) for s in turn]
    before = next((v for was, v in values if was and v is not None), None)
    after = next((v for was, v in values if not was and v is not None), None)
    if before is None or after is None or not _same_scale(before, after) or now not in (before, after):
        return None
    return before, after


_RECONSIDERS = re.compile(r"^(?:maybe|let's say|no,?|say|call it|or|well|okay|now|it's)\b", re.I)


def _settled(said: Sequence[Statement], at: int, first: float | None) -> float | None:
    """The number a speaker settles on: "Twenty-five? Maybe thirty. Let's say thirty." is thirty."""
    settled = first
    for statement in said[at + 1 : at + 4]:
        if (
            statement.turn != said[at].turn
            or settled is None
            or not _RECONSIDERS.match(statement.text)
            or statement.words > 5
        ):
            break
        later = _first_number(statement)
        settled = later if later is not None and "was" not in statement.text else settled
    return settled


def _asks_rating(statement: Statement) -> bool:
    """Whether a number was asked for, or one is given in percent."""
    if re.search(r"\bpercent\b|%", statement.text, re.I) and numbers_said(statement.text):
        return True
    return pattern(_SCALES, "asks_rating").search(statement.asked) is not None


def _first_number(statement: Statement) -> float | None:
    numbers = [
        n
        for n in numbers_said(statement.text)
        if not re.match(r"\W*(?:minutes?|weeks?|days?|years?|hours?)\b", statement.text[n.end :])
    ]
    now = [n for n in numbers if not re.search(r"\bwas\W*$", statement.text[: n.start])]
    return (
        now[-1].value
        if now and re.search(r"\b(?:say|maybe|or|now|it's)\b", statement.text, re.I) and len(now) < 3
        else (now[0].value if now else None)
    )


def _rating_name(statement: Statement, said: Sequence[Statement]) -> tuple[str, str]:
    unit = "%" if re.search(r"percent|%", statement.asked + statement.text, re.I) else ""
    for text in (statement.asked, _turn_text(said, statement.asked_turn)):
        for name in matching(_SCALES, text):
            if name == "prediction":
                return "", unit  # what was predicted stands in its own sentence, beside what came of it
            if name in _RATINGS:
                return name, unit
    if unit:
        return ("belief" if pattern(_SCALES, "asks_rating").search(statement.asked) else ""), unit
    value = _first_number(statement)
    is_distress = (value or 0) > _TO_TEN or any(_DISTRESS.search(s.text) for s in said)
    return ("SUDS" if is_distress else ""), unit


_DISTRESS = re.compile(
    r"\bSUDS?\b|\b(?:distress|anxiety|disturb\w*) (?:scale|level|number|rating|thermometer)\b", re.I
)


def _turn_text(said: Sequence[Statement], turn: int | None) -> str:
    return " ".join(s.text for s in said if s.turn == turn)


def _fell_to(text: str) -> float | None:
    match = re.search(
        r"\b(?:went|came|gone|dropped|got|come|down|fell) (?:back )?(?:down )?to (?:about |like "
        r"|maybe |around )?(?:an? )?",
        text,
        re.I,
    )
    following = [n for n in numbers_said(text) if match and n.start >= match.end() - 2]
    return (
        following[0].value if following and following[0].start - (match.end() if match else 0) < 12 else None
    )


def _joined(ratings: list[_Rating]) -> list[Mention]:
    """One mention per name: a run of distress numbers as peak and last, others as first and last."""
    groups: dict[str, list[list[_Rating]]] = {}
    for rating in ratings:
        runs = groups.setdefault(rating.name, [])
        follows = bool(runs) and _same_scale(runs[-1][-1].value, rating.value)
        if follows and (rating.name != "SUDS" or rating.turn - runs[-1][-1].turn <= SAME_RATING_WITHIN):
            runs[-1].append(rating)
        else:
            runs.append([rating])
    return [_as_mention(name, run) for name, runs in groups.items() for run in runs]


def _as_mention(name: str, run: list[_Rating]) -> Mention:
    values = [r.value for r in run]
    if len(values) == 1 or (values[0] == values[-1] and max(values) == values[0]):
        chosen: tuple[float, ...] = (values[0],)
    elif name == "SUDS":
        chosen = (max(values), values[-1]) if max(values) != values[-1] else (values[0], values[-1])
    else:
        chosen = (values[0], values[-1])
    kept = [r for r in run if r.value in chosen]
    evidence = tuple(dict.fromkeys(e for r in kept for e in r.evidence))
    said = " ".join(e.quote for e in evidence)
    return Mention(Kind.SCORE, said, evidence, topic=name, quantities=(Quantity(name, chosen, run[0].unit),))
