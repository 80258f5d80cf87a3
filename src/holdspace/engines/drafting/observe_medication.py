"""Medication: which drug, what dose, and what happened to it; whose it is, and what was only offered.

A run of sentences from the first that names a drug (or answers a question that does) to the next drug is
read as one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from holdspace.engines.drafting.lexicon import matching, pattern
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, Quantity, When
from holdspace.engines.drafting.people import OTHER
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement, is_no
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_LEXICON = "drugs"
STATUSES = (
    "missed",
    "declined",
    "deferred",
    "offered",
    "stopped",
    "raised",
    "lowered",
    "started",
    "unchanged",
)
"""In the order in which one wins where several fit: what was not taken is never written as taken."""
_FROM_TO = re.compile(r"\bfrom\b(.{1,30}?)\bto\b(.{1,24})", re.I)
_NOT_DOSE = re.compile(
    r"^[\s-]*(?:(?:more )?(?:days?|weeks?|months?|years?|hours?|minutes?|nights?|times?"
    r"|pounds?|lbs?|o'clock|in the (?:morning|evening)|pm|am|percent|people|of (?:the )?\w+day"
    r"|thirty|pills?)\b)",
    re.I,
)
_TIME_BEFORE = re.compile(r"\b(?:at|since|until|by|in|around|for|about(?= \w+ (?:weeks|days)))\s*$", re.I)
_LATER = re.compile(r"\b(?:now|today|down to|up to|to)\b", re.I)
_WORTH = (
    "missed",
    "side effect",
    "adherence",
    "raised",
    "lowered",
    "started",
    "stopped",
    "declined",
    "deferred",
    "offered",
    "unchanged",
)
RUN_AT_MOST = 7


def read_medication(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """One mention per drug and statement of it; another person's drug is about that person."""
    found: list[Mention] = []
    at = 0
    current = ""
    while at < len(said):
        statement = said[at]
        named = _drug_in(statement)
        if statement.speaker == THERAPIST:
            current = named or (current if _near(said, at, current) else "")
            found += _recap(statement, named)
            at += 1
            continue
        drug = (
            named
            or _asked_drug(statement)
            or (current if _continues(statement) or _takes_up(said, at) else "")
        )
        if not drug:
            current = ""
            at += 1
            continue
        run = _run(said, at, drug)
        found += _mentions(run, drug, said, at)
        current = drug
        at += len(run)
    return (*found, *_changed(said, found))


_WAS_NOW = re.compile(r"\b(?:was|been|from)\b(?P<was>.{1,40}?)\b(?:now|to)\b(?P<now>.{1,40})", re.I)
_NEAR_DRUG = 16
"""Sentences either way within which the drug is named whose dose "was nine hundred and now it's twelve hundred"."""


def _changed(said: Sequence[Statement], found: Sequence[Mention]) -> list[Mention]:
    """A change of dose told without the drug's name, where only one drug is spoken of nearby."""
    told = {(m.topic.lower(), q.values) for m in found for q in m.quantities}
    more: list[Mention] = []
    for at, statement in enumerate(said):
        change = _WAS_NOW.search(statement.text)
        if statement.speaker == THERAPIST or change is None or _drug_in(statement) or not statement.is_self:
            continue
        pair = _pair(change.group("was"), change.group("now"))
        if len(_dose_numbers(statement.text)) < 2 or len(pair) < 2 or pair[0] == pair[1] or min(pair) < 5:
            continue
        if any(pattern("scales", "lab").search(s.text) for s in said[max(0, at - 3) : at + 2]):
            continue  # "the AST was eighty-eight and now it's sixty-one"
        near = [s for s in said[max(0, at - _NEAR_DRUG) : at + 4] if _drug_in(s)]
        drugs = {_drug_in(s).lower() for s in near}
        if len(drugs) != 1:
            continue
        drug = _drug_in(near[-1])
        if (drug.lower(), pair) in told:
            continue
        echo = _echo(said, at + 1, drug)
        evidence = (near[-1].evidence, statement.evidence, *((echo.evidence,) if echo else ()))
        unit = "mg" if echo and re.search(r"\bmilligram|\bmg\b", echo.text, re.I) else ""
        more.append(
            Mention(
                Kind.MEDICATION,
                statement.text,
                evidence,
                speaker=statement.speaker,
                about=statement.speaker,
                topic=drug,
                status="raised" if pair[1] > pair[0] else "lowered",
                quantities=(Quantity(drug, pair, unit),),
            )
        )
    return more


def _drug_in(statement: Statement) -> str:
    hits = [m.group(0) for m in pattern(_LEXICON, "drug").finditer(statement.text)]
    return hits[-1] if hits else ""


def _asked_drug(statement: Statement) -> str:
    hit = pattern(_LEXICON, "drug").search(statement.asked)
    if hit is None or statement.place >= 5 or (statement.place and not _says_of_drug(statement)):
        return ""
    of_others = pattern("topics", "substance").search(statement.text) is not None
    return "" if of_others or _OTHERS.search(statement.text) else hit.group(0)


_OTHERS = re.compile(
    r"\b(?:hers|theirs|his own|her own|(?:a|this) (?:girl|guy|woman|man|fella|lady))\b", re.I
)


def _says_of_drug(statement: Statement) -> bool:
    """Whether a further sentence of the answer is still about the drug: a dose, a change, an effect, "it"."""
    return (
        _continues(statement)
        or bool(_dose_numbers(statement.text))
        or any(pattern(_LEXICON, k).search(statement.text) for k in _WORTH)
    )


def _near(said: Sequence[Statement], at: int, current: str) -> bool:
    return bool(current) and any(current in s.text for s in said[max(0, at - 6) : at])


def _continues(statement: Statement) -> bool:
    """Whether it speaks on of the drug named before: "the pill", a missed one, "still on …", "was … and
    now …".
    """
    text = statement.text
    if any(pattern(_LEXICON, k).search(text) for k in ("pronoun", "missed", "side effect")):
        return True
    on_it = re.search(r"\b(?:still on|stay\w*'? on|on the|down to|up to|now it's|now I'm on)\b", text, re.I)
    return on_it is not None and bool(_dose_numbers(text))


def _takes_up(said: Sequence[Statement], at: int) -> bool:
    """Whether it opens the answer to a turn that named a drug and the answer says what became of it."""
    statement = said[at]
    turn = [s for s in said[at : at + 5] if s.turn == statement.turn]
    asked = any(
        s.speaker == THERAPIST and s.turn == statement.turn - 1 and _drug_in(s)
        for s in said[max(0, at - 8) : at]
    )
    return (
        asked
        and statement.place == 0
        and any(pattern(_LEXICON, k).search(s.text) for s in turn for k in _WORTH)
    )


def _run(said: Sequence[Statement], at: int, drug: str) -> list[Statement]:
    """From here to the end of the turn, or to where another drug is named."""
    run = [said[at]]
    for statement in said[at + 1 : at + RUN_AT_MOST]:
        other = _drug_in(statement)
        if (
            statement.turn != said[at].turn
            or (other and other.lower() != drug.lower())
            or _offers_another(statement)
        ):
            break
        run.append(statement)
    return run[: _last_worth(run) + 1]


def _offers_another(statement: Statement) -> bool:
    """Whether it turns to a further, unnamed drug ("he wanted to give me another one")."""
    return pattern(_LEXICON, "offered").search(statement.text) is not None and not _drug_in(statement)


def _last_worth(run: list[Statement]) -> int:
    worth = [
        n
        for n, s in enumerate(run)
        if numbers_said(s.text) or any(pattern(_LEXICON, k).search(s.text) for k in _WORTH)
    ]
    return max([0, *worth])


def _mentions(run: list[Statement], drug: str, said: Sequence[Statement], at: int) -> list[Mention]:
    told = [s for s in run if s.certainty is not Certainty.RETRACTED and not s.is_question]
    whole = " ".join(s.text for s in told)
    if not told or not re.search(r"\w{3,}", whole):
        return []
    text, offer = _apart(whole, drug)
    status = _status(text, told)
    echo = _echo(said, at + len(run), drug)
    doses = _doses(told, echo) if status not in ("declined", "offered", "deferred") else ()
    status = _by_doses(status, doses)
    evidence = (*_question(run[0], drug), *(s.evidence for s in told), *((echo.evidence,) if echo else ()))
    about = _whose(told, drug, run[0].speaker)
    denied = is_no(told[0].text) and not doses
    mention = Mention(
        Kind.MEDICATION,
        text,
        evidence,
        speaker=run[0].speaker,
        about=about,
        polarity=Polarity.DENIED if denied else Polarity.ASSERTED,
        certainty=_certainty(told),
        when=When.PLANNED if told[0].when is When.PLANNED and not doses else When.NOW,
        topic=drug,
        status=status,
        quantities=(
            Quantity(
                drug,
                doses,
                "mg" if re.search(r"\b(?:mg|milligram)", text + (echo.text if echo else ""), re.I) else "",
            ),
        )
        if doses
        else (),
    )
    if not offer:
        return [mention]
    kind = pattern(_LEXICON, "generic").search(offer)
    another = replace(
        mention, said=offer, topic=kind.group(0) if kind else "", status=_status(offer, told), quantities=()
    )
    return [mention, another]


def _apart(text: str, drug: str) -> tuple[str, str]:
    """A sentence that goes on to an unnamed drug, cut before it: "he kept the amlodipine | and asked did I
    want something for mood".
    """
    named = text.lower().find(drug.lower())
    other = pattern(_LEXICON, "generic").search(text, max(0, named))
    if named < 0 or other is None:
        return text, ""
    cut = max(
        text.rfind(" and ", named, other.start()),
        text.rfind(". ", named, other.start()),
        text.rfind(", ", named, other.start()),
    )
    return (
        (text[:cut].strip(" ,"), re.sub(r"^[ .,]+(?:and )?", "", text[cut:])) if cut > named else (text, "")
    )


_FAMILY = frozenset(
    [
        "partner",
        "ex-partner",
        "mother",
        "father",
        "stepparent",
        "in-law",
        "parent",
        "sister",
        "brother",
        "grandchild",
        "grandparent",
        "son",
        "daughter",
        "child",
        "aunt",
        "uncle",
        "cousin",
        "friend",
        "roommate",
        "neighbor",
        "coworker",
    ]
)


_TAKES = re.compile(
    r"\b(?:he|she|they)(?:'s|'re| is| was| are| were)? (?:also )?(?:on|takes?|taking|took|uses?|used)\b", re.I
)


_HAS_ON = re.compile(r"\b(?:got|has|have|had|put|puts|keeps?) (?:him|her|them|my \w+) on\b[^.]{0,16}$", re.I)
"""The doctor's got him on it: another's, whoever tells it."""


def _whose(told: list[Statement], drug: str, speaker: str) -> str:
    """Whose drug it is: another's only where a sentence says so by name or "she's on …"; prescribers
    prescribe to the client.
    """
    if _OTHERS.search(told[0].text) and not re.search(r"\b(?:I|my|me)\b", told[0].text):
        return OTHER
    for statement in told:
        named = drug.lower() in statement.text.lower()
        before = statement.text.lower().split(drug.lower())[0]
        kin = any(
            role in _FAMILY and pattern("people", role).search(before) for role in matching("people", before)
        )
        if named and _HAS_ON.search(before):
            return OTHER
        if named and statement.about in (*_FAMILY, OTHER) and (kin or _TAKES.search(statement.text)):
            return statement.about
        if named and re.search(r"\b(?:my|his|her|their) [\w-]+'s\s*$", before):
            return next((role for role in matching("people", before) if role in _FAMILY), speaker)
    return speaker


def _question(statement: Statement, drug: str) -> tuple[Evidence, ...]:
    return statement.asked_evidence if drug.lower() not in statement.text.lower() else ()


def _status(text: str, told: list[Statement]) -> str:
    if re.search(r"\b(?:haven't|didn't|not|never|hasn't|no) (?:\w+ ){0,2}miss", text, re.I):
        return "taken"
    found = _hits(text)
    if (
        "declined" in found
        and not any(k in found for k in ("offered", "deferred"))
        and told[0].about == told[0].speaker
    ):
        return "declined"
    return found[0] if found else ""


_NOT_DONE = re.compile(
    r"\b(?:didn't|did not|don't|not|never|won't|haven't|hasn't|wouldn't|isn't|no|ain't)(?: \w+){0,2}\s*$",
    re.I,
)


def _hits(text: str) -> list[str]:
    """The statuses the text shows; a change denied ("I didn't go up") was put off."""
    found = []
    for status in STATUSES:
        hit = pattern(_LEXICON, status).search(text)
        if hit is None:
            continue
        undone = (
            status in ("raised", "lowered", "started", "stopped")
            and _NOT_DONE.search(text[: hit.start()]) is not None
        )
        found.append("deferred" if undone and status != "stopped" else "unchanged" if undone else status)
    return sorted(set(found), key=STATUSES.index)


def _echo(said: Sequence[Statement], at: int, drug: str) -> Statement | None:
    """The clinician's repetition of drug or dose in the next turn, if there is one."""
    for statement in said[at : at + 3]:
        if statement.speaker != THERAPIST:
            continue
        if not statement.is_question and (
            drug.lower() in statement.text.lower()
            or re.search(r"\b(?:mg|milligrams?)\b", statement.text, re.I)
        ):
            return statement
    return None


def _doses(told: list[Statement], echo: Statement | None) -> tuple[float, ...]:
    """Doses in order of time: what it was, what it is; () where no number is plainly a dose."""
    for text in [s.text for s in told] + ([echo.text] if echo else []):
        if (change := _FROM_TO.search(text)) and (pair := _pair(change.group(1), change.group(2))):
            return pair
    found: list[float] = []
    for statement in told:
        found += _dose_numbers(statement.text)
    if not found and echo is not None:
        found = _dose_numbers(echo.text)
    return _in_time(list(dict.fromkeys(found)), " ".join(s.text for s in told))


def _pair(one: str, other: str) -> tuple[float, ...]:
    first, second = numbers_said(one), numbers_said(other)
    return (first[-1].value, second[0].value) if first and second else ()


def _dose_numbers(text: str) -> list[float]:
    found = []
    for number in numbers_said(text):
        if _NOT_DOSE.match(text[number.end :]) or number.value < 0.1:
            continue
        if (
            _TIME_BEFORE.search(text[: number.start])
            and not re.match(r"\s*(?:mg|milligram)", text[number.end :], re.I)
            and not re.search(r"\b(?:kept|still|stay\w*|hold|sit)\b.*\bat\s*$", text[: number.start], re.I)
        ):
            continue
        if number.value <= 4 and not re.match(r"\s*(?:mg|milligram)", text[number.end :], re.I):
            continue
        found.append(number.value)
    return found[:3]


def _in_time(values: list[float], text: str) -> tuple[float, ...]:
    if len(values) <= 1:
        return tuple(values)
    if re.search(r"\b(?:was|were|had|used to be|had been|been on)\b", text, re.I) and _LATER.search(text):
        return (values[0], values[1])
    return (values[0],)


def _by_doses(status: str, doses: tuple[float, ...]) -> str:
    if len(doses) == 2 and status in ("", "started", "unchanged", "raised", "lowered"):
        return "raised" if doses[1] > doses[0] else "lowered"
    return status


def _certainty(told: list[Statement]) -> Certainty:
    kinds = {s.certainty for s in told}
    return Certainty.FACT if Certainty.FACT in kinds or Certainty.CORRECTED in kinds else told[0].certainty


def _recap(statement: Statement, named: str) -> list[Mention]:
    """A clinician's own summary with drug and dose ("so that is fifteen milligrams, since Thursday")
    stands as evidence.
    """
    if not named or statement.is_question or not _dose_numbers(statement.text):
        return []
    return [
        Mention(
            Kind.MEDICATION,
            statement.text,
            (statement.evidence,),
            speaker=THERAPIST,
            topic=named,
            status=_status(statement.text, [statement]),
        )
    ]
