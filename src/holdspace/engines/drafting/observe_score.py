"""Scores and ratings: a measure's total, a rating asked for in session, a laboratory value, a count that
changed.

Values stand in order of time, so `(85, 40)` fell. A name comes from the question, the sentence, or, for
"the form",
from the record that holds the earlier value.
"""

import re
from collections.abc import Iterable, Sequence

from holdspace.engines.drafting.clean import sentence_start
from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.drafting.mention import Kind, Mention, Quantity
from holdspace.engines.drafting.observe_rating import read_ratings
from holdspace.engines.drafting.spoken_numbers import Said, numbers_said
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_LEXICON = "scales"
_EARLIER = re.compile(
    r"\b(?:was|were|last (?:time|week|month|session|visit)|before|from|used to be|three weeks"
    r" ago|two weeks ago|a month ago|ago)\b",
    re.I,
)
_RECORDED = re.compile(
    r"\b([A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-\d+)?|ISI|BDI)\b(?: (?:total|score))?[^\d.;]{0,16}(\d{1,3})\b"
)
_UNITS_AFTER = re.compile(
    r"^[\s-]*(?:days?|weeks?|months?|years?|hours?|minutes?|nights?|o'clock|in the (?:morning"
    r"|evening)|pm|am|times|rounds|attacks?|milligrams?|mg)\b",
    re.I,
)
_LAST_MONTH = re.compile(
    r"(?:and )?(?:last|back in|in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|the (?:spring|summer|fall|winter))|at (?:intake|the start)|before)\b.{0,30}\b(?:was|were)\b",
    re.I,
)


def read_scores(said: Sequence[Statement], record: Iterable[str] = ()) -> tuple[Mention, ...]:
    """All scores. `record` (jottings, last note, plan) may name a form that nobody names aloud."""
    joined = " ".join(record)
    measured = _measures(said, joined)
    ratings = read_ratings(said)
    labs = _labs(said)
    return (*measured, *ratings, *labs, *_changes(said, joined))


def _measures(said: Sequence[Statement], record: str) -> list[Mention]:
    """A measure by name, or "the form" with its number; the earlier value from the same talk."""
    found: list[Mention] = []
    used: set[int] = set()
    for at, statement in enumerate(said):
        names = _scales_in(statement.text)
        is_form = (
            pattern(_LEXICON, "form").search(_window(said, at))
            and pattern(_LEXICON, "form_score").search(statement.text)
        ) or (statement.speaker == THERAPIST and _TALLY.search(statement.text))
        if (
            statement.turn in used
            or not (names or is_form)
            or (statement.is_question and not numbers_said(statement.text))
        ):
            continue
        score = _total(said, at)
        if score is None:
            continue
        values, evidence = score
        counted = _TALLY.search(statement.text) is not None and statement.speaker == THERAPIST
        named = _last_named(said, at) if counted and not names else ""
        name = _proper(names[0]) if names else named or _named_in(record, values) or _called(said, at)
        if name:
            used |= {e.turn for e in evidence if e.turn is not None}
            found.append(
                Mention(
                    Kind.SCORE,
                    statement.text,
                    evidence,
                    speaker=statement.speaker,
                    topic=name,
                    quantities=(Quantity(name, values),),
                )
            )
    return found


_TALLY = re.compile(
    r"\b(?:count(?:ing|ed)? (?:it|them|that|those)(?: all)? up|add(?:ing|ed)? (?:it|them|that)(?: all)? up|"
    r"tall(?:y|ied)|(?:your|the) total|altogether (?:that's|it's))\b",
    re.I,
)
_NAMED_WITHIN = 60
"""Sentences back in which a list that was gone through aloud got its name."""


def _last_named(said: Sequence[Statement], at: int) -> str:
    """The measure last named before a tally: its items may take many turns."""
    for statement in reversed(said[max(0, at - _NAMED_WITHIN) : at]):
        names = _scales_in(statement.text) if statement.speaker == THERAPIST else []
        if names:
            return _proper(names[-1])
    return ""


_FORM_CALLED = re.compile(
    r"\b((?:(?!the|a|an|that|this|your|my|one|same|little|filled|did|have|with|on|of|and|in|is|for|whole|long|short)"
    r"[a-z]+ ){1,2})(questionnaire|inventory|scale|survey|screener|checklist|index|measure|one (?=is|was|came))",
    re.I,
)


def _called(said: Sequence[Statement], at: int) -> str:
    """What a form was called aloud ("the grief questionnaire", "the health anxiety one"); "" if nothing named it."""
    for text in (said[at].text, _window(said, at)):
        if hit := _FORM_CALLED.search(text):
            form = "questionnaire" if hit.group(2).lower().startswith("one") else hit.group(2).lower()
            return sentence_start(f"{hit.group(1).strip()} {form}")
    return ""


def _scales_in(text: str) -> list[str]:
    """The scales named; those whose names are ordinary words ("scared", "ace", "faq") only in capitals."""
    hits = [m.group(0) for m in pattern(_LEXICON, "measure").finditer(text)]
    return [h for h in hits if h.isupper() or not pattern(_LEXICON, "ordinary_word").fullmatch(h)]


def _window(said: Sequence[Statement], at: int) -> str:
    return " ".join(s.text for s in said[max(0, at - 5) : at + 2])


def _proper(name: str) -> str:
    if re.fullmatch(r"[a-zA-Z][a-z]+(?: [a-z]+)+", name):
        return "Danger Assessment" if name.lower().startswith("danger") else name[0].upper() + name[1:]
    bare = name.upper().strip(" -").replace(" ", "-")
    return {
        "PHQ": "PHQ-9",
        "PHQ-NINE": "PHQ-9",
        "GAD": "GAD-7",
        "GAD-SEVEN": "GAD-7",
        "PCL": "PCL-5",
        "PCL5": "PCL-5",
        "PHQ9": "PHQ-9",
        "GAD7": "GAD-7",
        "EDINBURGH": "EPDS",
    }.get(bare, bare)


def _total(said: Sequence[Statement], at: int) -> tuple[tuple[float, ...], tuple[Evidence, ...]] | None:
    """The value now and the earlier one, from this sentence and the few after it."""
    now: float | None = None
    before: float | None = None
    evidence: list[Evidence] = []
    for statement in said[_from(said, at) : at + 5]:
        for number in _plain_numbers(statement.text):
            is_earlier = (
                _EARLIER.search(statement.text[max(0, number.start - 18) : number.start]) is not None
                or (
                    now is not None
                    and re.match(
                        r"\W+(?:last|before|in |a month|\w+ (?:weeks?|months?) ago)",
                        statement.text[number.end :],
                    )
                    is not None
                )
                or (now is not None and _LAST_MONTH.match(statement.text) is not None)
            )
            if is_earlier and before is None:
                before = number.value
            elif now is None and not is_earlier:
                now = number.value
            else:
                continue
            evidence.append(statement.evidence)
    if now is None:
        return None
    return ((before, now) if before is not None else (now,)), tuple(dict.fromkeys(evidence))


def _from(said: Sequence[Statement], at: int) -> int:
    """Where the value stands: the sentence before, for a name that only comes after it ("84. Sleep efficiency.")."""
    before = said[at - 1] if at else None
    is_bare = (
        before is not None
        and before.turn == said[at].turn
        and before.words <= 2
        and numbers_said(before.text)
    )
    if is_bare and _EARLIER.search(said[at].text):
        return at - 1  # "Fifteen. It was ten in September."
    follows = before is not None and before.turn == said[at].turn and said[at].words <= 4
    return at - 1 if follows and not numbers_said(said[at].text) else at


def _plain_numbers(text: str) -> list[Said]:
    text_at = re.sub(
        r"\b(?:PHQ|GAD|PCL|EDE|AUDIT|OQ|CORE)[- ]?(?:9|7|5|2|nine|seven|five|45|10)\b",
        lambda m: "x" * len(m.group(0)),
        text,
        flags=re.I,
    )
    return [n for n in numbers_said(text_at) if not _UNITS_AFTER.match(text[n.end :])]


def _named_in(record: str, values: tuple[float, ...]) -> str:
    """The measure the record names beside one of these values ("PHQ-9 was 12"), or the only one it names."""
    names = [
        (m.group(1), float(m.group(2)))
        for m in _RECORDED.finditer(record)
        if pattern(_LEXICON, "measure").match(m.group(1))
    ]
    by_value = [name for name, value in names if value in values]
    named = by_value or _scales_in(record)
    return _proper(named[0]) if named else ""


def _labs(said: Sequence[Statement]) -> list[Mention]:
    """ "It was the AST. It was eighty-eight and now it's sixty-one." """
    found: list[Mention] = []
    for at, statement in enumerate(said):
        name = pattern(_LEXICON, "lab").search(statement.text)
        if (
            not name
            or (statement.is_question and not numbers_said(statement.text))
            or ("pressure" in name.group(0) and not numbers_said(statement.text))
        ):
            continue
        near = [s for s in said[at : at + 4] if s.turn <= statement.turn + 1]
        score = _total_of(near)
        if score and not any(m.topic == name.group(0) for m in found):
            found.append(
                Mention(
                    Kind.SCORE,
                    " ".join(s.text for s in near),
                    tuple(s.evidence for s in near),
                    topic=name.group(0),
                    quantities=(Quantity(name.group(0), score),),
                )
            )
    return found


_THEN = re.compile(
    r",? (?:back )?(?:in (?:january|february|march|april|may|june|july|august|september|october|november|december|the)"
    r"|last (?:time|week|month|visit|year|spring|summer|fall|winter)|before|\w+ (?:weeks?|months?) ago)\b",
    re.I,
)


def _total_of(near: list[Statement]) -> tuple[float, ...]:
    text = " ".join(s.text for s in near)
    numbers = _plain_numbers(text)
    values = list(dict.fromkeys(n.value for n in numbers))
    earlier = [n.value for n in numbers if _THEN.match(text[n.end :])]
    if len(values) == 2 and len(set(earlier)) == 1:  # "It's 0.7. It was 0.5 in October."
        return (earlier[0], next(v for v in values if v != earlier[0]))
    if (
        len(values) >= 2
        and re.search(r"\b(?:was|from)\b", text)
        and re.search(r"\b(?:now|to|today|up|down)\b", text)
    ):
        return (values[0], values[1])
    return (values[0],) if len(values) == 1 else ()


def _changes(said: Sequence[Statement], record: str) -> list[Mention]:
    """A count that changed, in the words of whoever summed it up ("Two. And that's down from four")."""
    found: list[Mention] = []
    for at, statement in enumerate(said):
        if not _is_change(statement) or (statement.is_question and statement.speaker != THERAPIST):
            continue
        noun = _counted(said, at, record)
        numbers = _plain_change(said, at)
        if noun and numbers:
            evidence = tuple(
                dict.fromkeys(s.evidence for s in said[max(0, at - 2) : at + 1] if numbers_said(s.text))
            )
            found.append(
                Mention(
                    Kind.SCORE,
                    statement.text,
                    evidence or (statement.evidence,),
                    speaker=statement.speaker,
                    topic=noun,
                    quantities=(Quantity(noun, numbers),),
                )
            )
    return _first_per_value(found)


def _is_change(statement: Statement) -> bool:
    return re.search(
        r"\bdown from\b|\bup from\b|\b(?:it )?was (?:\w+[- ]?\w*) last (?:week|time|month)\b",
        statement.text,
        re.I,
    ) is not None and bool(numbers_said(statement.text))


def _plain_change(said: Sequence[Statement], at: int) -> tuple[float, ...]:
    text = said[at].text
    numbers = numbers_said(text)
    before = next((n for n in numbers if re.search(r"\b(?:from|was)\s*$", text[: n.start], re.I)), None)
    now = next((n for n in numbers if n is not before), None)
    if before is None:
        return ()
    if now is None:
        earlier = [n for s in said[max(0, at - 2) : at] for n in numbers_said(s.text)]
        now = earlier[-1] if earlier else None
    return (before.value, now.value) if now is not None and now.value != before.value else ()


def _counted(said: Sequence[Statement], at: int, record: str) -> str:
    """What is counted: the last countable thing said; failing that, what the plan counts."""
    for back in range(at, max(-1, at - 9), -1):
        hits = [m.group(0).lower() for m in pattern(_LEXICON, "count_noun").finditer(said[back].text)]
        if hits:
            return _plural(hits[-1])
    planned = [m.group(0).lower() for m in pattern(_LEXICON, "count_noun").finditer(record)]
    counted = next((n for n in planned if n not in ("days", "nights", "hours")), "")
    return _plural(counted)


def _plural(noun: str) -> str:
    if noun.endswith(("attack", "attacks")):
        return "panic attacks"
    return noun if not noun or noun.endswith("s") else f"{noun}s"


def _first_per_value(found: list[Mention]) -> list[Mention]:
    unique: dict[tuple[float, ...], Mention] = {}
    for mention in found:
        unique.setdefault(mention.quantities[0].values, mention)
    return list(unique.values())
