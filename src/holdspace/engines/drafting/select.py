"""What the note carries: what no note may lose, then the rest by weight within her usual length.

Nothing disappears: what is not chosen is returned with the reason, and the story words it so that one step
puts it
back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from holdspace.engines.drafting.format import NoteFormat
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, When
from holdspace.engines.drafting.phrase import is_screened_denial
from holdspace.engines.drafting.session import Goal
from holdspace.engines.drafting.standing import leans
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.verify import numbers_in, stem
from holdspace.engines.drafting.wording import Chosen
from holdspace.engines.note import LeftOut, Sentence

LENGTH_SPAN = (0.7, 1.4)
"""Shortest and longest note, as multiples of her own longest, before weighty facts lengthen it."""
REPORT_SHARE = 0.8
"""Words, as a multiple of her own longest, that the report gets even when what is always kept is long."""
STRETCH = 2.4
"""How far, in multiples of her own longest, weighty facts may lengthen a note: facts win over length."""
WEIGHTY = 0.7
"""The readers' salience (0 to 1) from which a mention may stretch the length: a summary, a first time."""
PASSING = 0.4
"""The readers' salience below which a remark is said in passing and never lengthens a note."""
MOST_SCORE_WORDS = 6
"""Content words up to which a sentence about a score says no more than the score's own line."""
SPOKEN_SHARE = (0.18, 0.26)
"""Words, as a share of the words spoken, that a full session earns however short she usually writes; the second is
for weighty facts.
"""
MOST_EARNED = 350
"""Words up to which a session earns length so."""
USUAL_WORDS = 180
"""Words to aim at when no signed note tells her usual length."""

ALWAYS = frozenset(
    {Kind.RISK, Kind.SCORE, Kind.MEDICATION, Kind.COMMITMENT, Kind.NEXT_APPOINTMENT, Kind.INTERVENTION}
)
_WEIGHT = {
    Kind.HOMEWORK_DONE: 4.5,
    Kind.SUBSTANCE: 3.0,
    Kind.SLEEP: 2.5,
    Kind.INTERVENTION: 2.5,
    Kind.SYMPTOM: 2.8,
    Kind.EVENT: 2.0,
    Kind.RESPONSE: 1.8,
    Kind.STRENGTH: 1.6,
    Kind.QUOTE: 1.5,
    Kind.HISTORY: 1.6,
}
_FIELDED = frozenset({Kind.SCORE, Kind.MEDICATION, Kind.NEXT_APPOINTMENT, Kind.INTERVENTION, Kind.COMMITMENT})
"""Kinds worded from their checked fields, or joined in another way."""
_STATE = frozenset({Kind.HOMEWORK_DONE, Kind.SUBSTANCE, Kind.SLEEP, Kind.SYMPTOM, Kind.QUOTE})
_ADDRESSED = re.compile(r"\b(?:you|your|supposed to)\b", re.I)
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\blast (?:night|week)\b", re.I)
_NOT_STATED = {
    Certainty.HYPOTHETICAL: "Said only as a possibility",
    Certainty.WISH: "A wish, not an event",
    Certainty.JOKE: "Said as a joke",
    Certainty.RETRACTED: "Taken back in the session",
    Certainty.ORDER: "Asked of the note, not told",
}
TOO_LONG = "Left out to keep to the usual length"
OF_ANOTHER = "Another person's medication"
SAID_BEFORE = "Said elsewhere in the note"
_STOP = frozenset(
    [
        "the",
        "and",
        "that",
        "with",
        "for",
        "this",
        "was",
        "were",
        "has",
        "have",
        "had",
        "her",
        "his",
        "their",
        "she",
        "they",
        "not",
        "but",
        "just",
        "from",
        "what",
        "when",
        "then",
    ]
)


@dataclass(frozen=True, slots=True)
class Omitted:
    """A mention that was not chosen, and why in plain words."""

    choice: Chosen
    reason: str


def select(
    mentions: Iterable[Mention],
    style: Style,
    words_of: Callable[[Mention], int],
    *,
    goals: tuple[Goal, ...] = (),
    prior_note: str = "",
    words_spoken: int = 0,
) -> tuple[tuple[Chosen, ...], tuple[Omitted, ...]]:
    """Choose within the clinician's length; `words_of` tells how many words a mention's plain wording
    takes.
    """
    context = _stems(
        " ".join([prior_note, *(o.text for g in goals for o in g.objectives), *(g.text for g in goals)])
    )
    folded = fold(mentions)
    weighed = [weigh(mention, context, place) for place, mention in enumerate(folded)]
    chosen: list[Chosen] = []
    omitted: list[Omitted] = []
    usual = max(style.usual_words or USUAL_WORDS, len(prior_note.split()))
    used = floor = 0
    for choice in sorted(weighed, key=lambda c: (not c.is_always, not c.mention.quantities, -c.salience)):
        reason, cost = _why_not(
            choice,
            chosen,
            max(_room(choice, usual, words_spoken), floor + REPORT_SHARE * usual) - used,
            words_of,
        )
        if reason:
            omitted.append(Omitted(choice, reason))
        else:
            chosen.append(choice)
            used += cost
            floor += cost * choice.is_always
    return tuple(chosen), tuple(omitted)


def _room(choice: Chosen, usual: int, words_spoken: int) -> float:
    weighty = _is_weighty(choice.mention)
    earned = min(MOST_EARNED, SPOKEN_SHARE[weighty] * words_spoken)
    return max((STRETCH if weighty else LENGTH_SPAN[1]) * usual, earned)


def _is_weighty(mention: Mention) -> bool:
    """What the readers mark so, and the client's own symptoms, nights, drinking, homework and dated events."""
    if mention.salience >= WEIGHTY:
        return True
    if mention.about != "client" or mention.salience < PASSING:
        return False
    return mention.kind in _STATE or bool(numbers_in(mention.said)) or _DAY.search(mention.said) is not None


def _why_not(
    choice: Chosen, chosen: list[Chosen], room: float, words_of: Callable[[Mention], int]
) -> tuple[str, int]:
    mention = choice.mention
    if mention.origin == "session" and mention.certainty in _NOT_STATED and mention.kind is not Kind.RISK:
        return _NOT_STATED[mention.certainty], 0
    if mention.kind is Kind.MEDICATION and mention.about != "client":
        return OF_ANOTHER, 0
    if mention.origin == "session" and any(_covers(other.mention, mention) for other in chosen):
        return SAID_BEFORE, 0
    words = words_of(mention)
    if not words:
        return "Too little was said to word it", 0
    if not choice.is_always and words > room:
        return TOO_LONG, 0
    return "", words


def weigh(mention: Mention, context: frozenset[str], place: int = 0) -> Chosen:
    """How much a mention matters: its kind, figures, the plan and last note it touches, and whose it is."""
    always = mention.origin != "session" or mention.kind in ALWAYS
    always |= is_screened_denial(mention) or _is_use(mention)
    if mention.kind is Kind.RISK and mention.certainty is Certainty.JOKE:
        always = False
    salience = _WEIGHT.get(mention.kind, 1.0)
    salience += 0.6 * bool(numbers_in(mention.said)) + 0.25 * min(4, len(_stems(mention.said) & context))
    salience += (
        3.0 * (mention.salience - 0.5) + 0.5 * bool(mention.objective) + 0.3 * (len(mention.evidence) > 1)
    )
    if mention.origin == "session":
        salience -= 1.2 * (_ADDRESSED.search(mention.said) is not None)
    salience -= 0.8 * (mention.about != "client") + 0.4 * (mention.when is When.PAST)
    if always:
        salience += 0.05 * len(
            _stems(mention.said)
        )  # the fuller statement first, so that it covers the shorter
    salience -= 0.03 * max(0, len(mention.said.split()) - 16)
    return Chosen(mention, salience, always and _is_hers(mention), place)


_USED = re.compile(
    r"^(?:(?:yeah|yes|and|so|well),? )*I (?:drank|used(?! to)|relapsed|slipped|got (?:drunk|high)"
    r"|had a (?:slip|lapse))\b",
    re.I,
)


def _is_use(mention: Mention) -> bool:
    """The client's own drinking or use, told as such: no note may lose it."""
    told = (
        mention.kind is Kind.SUBSTANCE
        and mention.about == mention.speaker
        and mention.when is not When.PLANNED
    )
    return told and mention.certainty is Certainty.FACT and _USED.search(mention.said) is not None


def _is_hers(mention: Mention) -> bool:
    """Another person's medication, drinking or illness is context; violence is kept whoever it concerns."""
    if mention.about in ("client", mention.speaker) or mention.origin != "session":
        return True
    return (
        mention.kind is Kind.RISK
        and re.search(r"violen|abuse|threat|child|homicid", mention.topic) is not None
    )


def fold(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Join what a note says in one breath: the denials of risk, and the interventions."""
    rest: list[Mention] = []
    denials: dict[tuple[str, Kind], list[Mention]] = {}
    done: list[Mention] = []
    for mention in mentions:
        if is_screened_denial(mention):
            denials.setdefault((mention.about, mention.kind), []).append(mention)
        elif mention.origin == "session" and mention.kind is Kind.INTERVENTION:
            done.append(mention)
        else:
            rest.append(mention)
    rest = _with_its_time(_once_each(_one_name_a_score(rest)))
    affirmed = {m.topic for m in rest if _is_affirmed_risk(m)} | _jotted_ideation(rest)
    kept = {who: [m for m in group if m.topic not in affirmed] for who, group in denials.items()}
    joined = [_join(group) for group in kept.values() if group] + ([_join(done)] if done else [])
    return (*rest, *joined)


def _one_name_a_score(mentions: list[Mention]) -> list[Mention]:
    """The same figures of the same moment under two names are one score: the instrument's name stays."""
    scores = [m for m in mentions if m.kind is Kind.SCORE and m.quantities and m.origin == "session"]

    def is_double(mention: Mention) -> bool:
        return any(
            other is not mention
            and _turns(other) & _turns(mention)
            and [q.values for q in other.quantities] == [q.values for q in mention.quantities]
            and _is_instrument(other)
            and not _is_instrument(mention)
            for other in scores
        ) or any(
            other is not mention
            and other.quantities[0].name == mention.quantities[0].name
            and _is_instrument(other)
            and len(mention.quantities[0].values) == 1 < len(other.quantities[0].values)
            for other in scores
        )

    return [m for m in mentions if m not in scores or not is_double(m)]


def _is_instrument(mention: Mention) -> bool:
    return re.search(r"[A-Z]{3}", mention.quantities[0].name) is not None


def _once_each(mentions: list[Mention]) -> list[Mention]:
    """What two mentions of a kind both rest on is told once: the second is joined to the first."""
    out: list[Mention] = []
    for mention in mentions:
        at = next((n for n, other in enumerate(out) if _overlaps(other, mention)), -1)
        if at < 0:
            out.append(mention)
        else:
            out[at] = _told_together(out[at], mention)
    return out


def _overlaps(one: Mention, other: Mention) -> bool:
    """Whether the speaker's own sentences behind them overlap, and both are told from those sentences."""
    if one.kind is not other.kind or one.about != other.about or one.polarity is not other.polarity:
        return False
    if one.kind in _FIELDED or one.origin != "session" or one.origin != other.origin:
        return False
    return bool(
        {e.quote for e in one.evidence if e.quote in one.said}
        & {e.quote for e in other.evidence if e.quote in other.said}
    )


def _told_together(one: Mention, other: Mention) -> Mention:
    evidence = tuple(sorted(dict.fromkeys((*one.evidence, *other.evidence)), key=lambda e: e.turn or 0))
    pieces = dict.fromkeys(p for m in (one, other) for p in re.split(r"(?<=[.?!])\s+", m.said) if p)
    return replace(one, said=" ".join(pieces), evidence=evidence, salience=max(one.salience, other.salience))


def _with_its_time(mentions: list[Mention]) -> list[Mention]:
    """A promise that only says when, or "do it", goes on from the promise before it."""
    out: list[Mention] = []
    last = -1
    for mention in mentions:
        is_promise = mention.kind is Kind.COMMITMENT and not mention.said.rstrip().endswith("?")
        if not is_promise or mention.origin != "session":
            out.append(mention)
            continue
        if last >= 0 and leans(mention.said) and _near(out[last], mention):
            more = "" if _bare(mention.said) in _bare(out[last].said) else f" {mention.said}"
            said = f"{out[last].said.rstrip('. ')}.{more}"
            evidence = tuple(dict.fromkeys((*out[last].evidence, *mention.evidence)))
            out[last] = replace(out[last], said=said, evidence=evidence)
        else:
            last = len(out)
            out.append(mention)
    return out


def _near(one: Mention, other: Mention) -> bool:
    """Whether the same speaker said the second right after the first."""
    if not _turns(one) or not _turns(other) or one.speaker != other.speaker or one.about != other.about:
        return False
    return -1 <= min(_turns(other)) - max(_turns(one)) <= 3


def _turns(mention: Mention) -> set[int]:
    return {e.turn for e in mention.evidence if e.turn is not None}


def _is_affirmed_risk(mention: Mention) -> bool:
    """A risk reported of the client now: a denial of the same thing must not stand beside it."""
    stated = (
        mention.certainty in (Certainty.FACT, Certainty.CORRECTED) and mention.polarity is Polarity.ASSERTED
    )
    hers = mention.about == mention.speaker and mention.status == "affirmed"
    return mention.kind is Kind.RISK and stated and hers and mention.when is not When.PAST


def _jotted_ideation(mentions: Iterable[Mention]) -> set[str]:
    """ "suicidal ideation" when her jottings report it ("SI 4/7, no plan") rather than rule it out."""
    jotted = " ".join(m.said for m in mentions if m.origin == "jottings")
    found = re.search(
        r"(?<!no )(?<!denies )(?<!denied )(?<!den )\b(?:passive |active )?SI\b(?!\s*(?:-|denied|neg|/HI))",
        jotted,
    )
    return {"suicidal ideation"} if found else set()


def _join(group: list[Mention]) -> Mention:
    topics = dict.fromkeys(part.strip() for m in group for part in (m.topic or m.said).split(";"))
    evidence = tuple(dict.fromkeys(e for m in group for e in m.evidence))
    return replace(group[0], topic="; ".join(topics), evidence=evidence, said=" ".join(m.said for m in group))


def _covers(kept: Mention, other: Mention) -> bool:
    """Whether a kept mention already says all the content and numbers of another."""
    if _bare(other.said) == _bare(kept.said) and kept.about == other.about and not other.quantities:
        return True
    if len(other.said) > 3 and _bare(other.said) in _bare(kept.said) and kept.kind is other.kind:
        return True
    if (kept.kind is Kind.RISK) != (other.kind is Kind.RISK) or kept.about != other.about:
        return False
    if kept.kind is Kind.INTERVENTION is not other.kind:
        return False  # a term for what was done says nothing of what was said
    mine, theirs = _stems(kept.said + " " + kept.topic), _stems(other.said + " " + other.topic)
    if not theirs or not _numbers(other) <= _numbers(kept):
        return False
    turns = {e.turn for e in other.evidence} & {e.turn for e in kept.evidence}
    is_score = kept.kind is Kind.SCORE and other.kind is Kind.SCORE and bool(kept.quantities)
    if turns and _numbers(other) and len(theirs) <= (MOST_SCORE_WORDS if is_score else 3):
        return True  # the same figures of the same moment in fewer words
    return len(theirs & mine) >= (0.65 if other.kind is Kind.COMMITMENT else 0.8) * len(theirs)


def _bare(said: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', said.lower()))} "


def _numbers(mention: Mention) -> set[str]:
    values = {f"{v:g}" for q in mention.quantities for v in q.values}
    return values | numbers_in(mention.said)


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(
        stem(w) for w in re.findall(r"[a-z][a-z'-]+", text.lower()) if len(w) > 2 and w not in _STOP
    )


def put_back(
    omitted: Iterable[Omitted], word: Callable[[Mention], str], fmt: NoteFormat
) -> tuple[LeftOut, ...]:
    """Each omitted mention with the sentence and section that would bring it back in one step."""
    spare: list[LeftOut] = []
    for item in omitted:
        mention = item.choice.mention
        text = word(mention)
        sentence = Sentence(text, mention.origin, mention.evidence) if text else None
        spare.append(LeftOut(item.reason, mention.evidence, fmt.section_for(mention.kind.value), sentence))
    return tuple(spare)
