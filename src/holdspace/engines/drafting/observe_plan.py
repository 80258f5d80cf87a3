"""What was agreed: commitments with their days, homework that was done, the next appointment."""

import re
from collections.abc import Sequence
from dataclasses import replace

from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, When
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement, is_no
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_LEXICON = "plans"
PLANNING_FROM = 0.45
"""Share of the session after which plans are made; before it only a planning question opens one."""
APPOINTMENT_FROM = 0.8
"""Share of the session after which the next appointment is settled."""
_ACCEPTS = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?:yes|yeah|yep|okay|ok|sure|all right|fine|deal|agreed|i can|i could"
    r"|i will|i'll|that works|sounds|good|great|perfect|i like|can do|will do|\w+ i can do|got"
    r" it|uh-huh|mm-hm|right)\b",
    re.I,
)
_DATE = re.compile(
    r"\b(?:the )?(?:\w+-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|\w+teenth|twentieth|thirtieth)\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:mon"
    r"|tues|wednes|thurs|fri|satur|sun)day\b|\bweek|\b(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december)\b",
    re.I,
)


def read_commitments(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """What the client (or both) undertook, and the clinician's recap of it where nobody objected."""
    found: list[Mention] = []
    for at, statement in enumerate(said):
        if statement.speaker == THERAPIST:
            if _assigns(said, at):
                found.append(_commitment(statement, (statement.evidence, *_acceptance(said, at))))
        elif _undertakes(statement) or (_names_plan(statement) and not _follows_plan(said, at)):
            found.append(_with_tail(said, at))
        elif _answers_if(statement) and not _follows_plan(said, at):
            found.append(_contingency(said, at))
        elif _answers_when(statement) and found:
            found.append(_commitment(statement, (*statement.asked_evidence, statement.evidence)))
    return _with_proposals(found, said)


_PROPOSED = re.compile(
    r"\b(?:would you (?:be (?:ready|willing|able|open) to|want to|like to|try to)|(?:could|can|will) you"
    r"|are you (?:ready|willing) to) (?P<what>[a-z][^?]{8,140})\?\s*$",
    re.I,
)
_BARE = re.compile(
    r"\b(?:do|try|manage|handle) (?:it|that|this)\b|^\W*(?:yes,? |okay,? )?I(?:'m| am) (?:off|free)\b", re.I
)


def _with_proposals(found: list[Mention], said: Sequence[Statement]) -> tuple[Mention, ...]:
    """ "I'll do it then" is told with the proposal it answers ("Would you walk by the dock once?")."""
    at = {(s.turn, s.text): s for s in said}
    joined: list[Mention] = []
    for mention in found:
        first = at.get((mention.evidence[0].turn or 0, mention.evidence[0].quote))
        proposed = _PROPOSED.search(first.asked) if first is not None and _BARE.search(mention.said) else None
        last = joined[-1] if joined else None
        if first is None or proposed is None or re.search(r"\b(?:you|me|I|we|us)\b", proposed.group("what")):
            joined.append(mention)
        elif last is not None and set(first.asked_evidence) & set(last.evidence):
            evidence = tuple(dict.fromkeys((*last.evidence, *mention.evidence)))
            joined[-1] = replace(last, said=f"{last.said} {mention.said}", evidence=evidence)
        else:
            what = re.sub(r"\byour\b", "my", proposed.group("what"))
            evidence = tuple(dict.fromkeys((*first.asked_evidence, *mention.evidence)))
            joined.append(replace(mention, said=f"I will {what}. {mention.said}", evidence=evidence))
    return tuple(joined)


_FRAGMENT = re.compile(
    r"^(?:and |or |but |then |so )*(?:every|each|on|at|after|before|in|until|till|just|with"
    r"|without|twice|once|not|no|even|whichever|if|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|\w+ (?:days|times|nights|minutes)|same|big|phone|under|over|in the)\b",
    re.I,
)
TAIL_WORDS = 32


def _with_tail(said: Sequence[Statement], at: int) -> Mention:
    """A commitment with the fragments that follow it ("I'll do the reservoir. Every day, even if I'm
    tired").
    """
    parts = [said[at]]
    for statement in said[at + 1 : at + 4]:
        if (
            statement.turn != parts[0].turn
            or _undertakes(statement)
            or not (_FRAGMENT.match(statement.text) or statement.words < 5)
        ):
            break
        if sum(s.words for s in parts) + statement.words > TAIL_WORDS or statement.is_question:
            break
        if not _takes_back(statement):
            parts.append(statement)
    text = " ".join(s.text for s in parts)
    return _commitment(parts[0], tuple(s.evidence for s in parts), said=text)


def _takes_back(statement: Statement) -> bool:
    """Whether it was taken back, or only says no to what stood before it ("No, Thursday's the lab.")."""
    is_no_more = statement.certainty is Certainty.CORRECTED and is_no(statement.text)
    return is_no_more or statement.certainty is Certainty.RETRACTED


def _names_plan(statement: Statement) -> bool:
    """ "What's the first?" – "Lunch again. Tuesday and Thursday." names a plan without a verb."""
    if (
        statement.progress < PLANNING_FROM
        or statement.is_question
        or _NOT_UNDERTAKEN.search(statement.text)
        or is_no(statement.text)
        or not statement.is_self
    ):
        return False
    opened = pattern(_LEXICON, "opens_plan").search(statement.asked) is not None
    if pattern("scales", "asks_rating").search(statement.asked):
        return False
    concrete = pattern(_LEXICON, "day").search(statement.text)
    return (
        opened
        and statement.place < 3
        and bool(concrete)
        and statement.certainty is not Certainty.RETRACTED
        and not _DONE.search(statement.text)
        and not _SPOKEN_TO_HER.search(statement.text)
    )


def _follows_plan(said: Sequence[Statement], at: int) -> bool:
    """Whether the sentence before it in the turn was one already and took it as its tail."""
    before = said[at - 1] if at else None
    return (
        before is not None and before.turn == said[at].turn and (_undertakes(before) or _names_plan(before))
    )


def _commitment(statement: Statement, evidence: tuple[Evidence, ...], said: str = "") -> Mention:
    certainty = (
        Certainty.FACT
        if statement.certainty in (Certainty.HYPOTHETICAL, Certainty.CORRECTED)
        else statement.certainty
    )
    status = "tentative" if _is_tentative(statement.text) else "agreed"
    return Mention(
        Kind.COMMITMENT,
        said or statement.text,
        evidence,
        speaker=statement.speaker,
        about=statement.about if statement.speaker != THERAPIST else "client",
        polarity=statement.polarity if re.search(r"\bnot\b|n't\b", statement.text) else Polarity.ASSERTED,
        certainty=certainty,
        when=When.PLANNED,
        status=status,
    )


def _is_tentative(text: str) -> bool:
    return re.search(r"\b(?:might|may|maybe|perhaps|could|think about)\b", text, re.I) is not None


_SPOKEN_TO_HER = re.compile(
    r"\bif you\b|\bI'll (?:\w+ )?(?:bring|give|make|get|show|cook|bake|buy|owe|save|send) you\b|\bI (?:told"
    r"|said to) (?:him|her|them),? I'll",
    re.I,
)
"""A threat, a present or a tale: said to the clinician or of somebody else, not a plan."""
_NOT_UNDERTAKEN = re.compile(
    r"^that (?:I|we)(?:'ll|'d| will| would)\b|\b(?:we'll|we will|let's) (?:get|come) (?:back )?to\b|\b(?:going to"
    r"|gonna|'ll) just[.,]?$",
    re.I,
)
"""A prediction ("that I'll freeze"), a matter put off, a sentence broken off."""
_IN_SESSION = re.compile(
    r"\b(?:(?:in|out) through (?:the|your) (?:nose|mouth)|breathe|close your eyes|deep breath|sit with"
    r"|stay with (?:it|that)"
    r"|feet on the floor)\b",
    re.I,
)
"""A direction for the minute, not for the week."""
_DONE = re.compile(
    r"\b(?:I|he|she|they|we|it)(?:'d)? (?:only |just |never )?(?:made|did|went|was|were|had|got|took|came"
    r"|told|said|missed|forgot|caught"
    r"|laughed|called|hasn't|haven't|has not|have not)\b",
    re.I,
)


def _undertakes(statement: Statement) -> bool:
    text = statement.text
    will, could = pattern(_LEXICON, "will").search(text), pattern(_LEXICON, "could").search(text)
    if (
        not (will or could)
        or pattern(_LEXICON, "not_plan").search(text)
        or (statement.is_question and statement.words > 3)
    ):
        return False
    if statement.certainty in (Certainty.RETRACTED, Certainty.JOKE, Certainty.WISH) or statement.words < 3:
        return False
    if _NOT_UNDERTAKEN.search(text):
        return False
    if statement.certainty is Certainty.HYPOTHETICAL and not will:
        return False
    if re.search(r"\bif\b.{1,50}\b(?:I'd|I would)\b", text, re.I) or _SPOKEN_TO_HER.search(text):
        return False
    opened = pattern(_LEXICON, "opens_plan").search(statement.asked) is not None
    has_day = pattern(_LEXICON, "day").search(text) is not None
    if not statement.is_self:
        return False
    return (
        opened
        or (statement.progress >= PLANNING_FROM and bool(will or has_day))
        or bool(will and has_day and statement.when is When.PLANNED)
    )


def _assigns(said: Sequence[Statement], at: int) -> bool:
    """A clinician's instruction or recap in the planning part, with a day or a number, that met no "no"."""
    statement = said[at]
    if statement.progress < PLANNING_FROM or statement.is_question or not 2 <= statement.words <= 45:
        return False
    if pattern(_LEXICON, "appointment").search(statement.text) or _IN_SESSION.search(statement.text):
        return False
    concrete = pattern(_LEXICON, "day").search(statement.text) or numbers_said(statement.text)
    if concrete and _is_repeated(said, at):
        return True
    opening = re.sub(
        r"^(?:so|and|okay|great|good|then|all right|now|yes|right)[,. ]+", "", statement.text, flags=re.I
    )
    opening = re.sub(r"^(?:and|so|then)[, ]+", "", opening, flags=re.I)
    orders = re.match(pattern(_LEXICON, "assigns").pattern, opening, re.I) or pattern(
        _LEXICON, "recap"
    ).search(statement.text)
    listed = (
        statement.text.count(",") >= 1
        and pattern(_LEXICON, "day").search(statement.text)
        and not re.search(r"\b(?:I|was|were|did|had)\b", statement.text)
    )
    if not (concrete and (orders or listed)):
        return False
    return statement.words > 3 and not _is_refused(said, at)


def _is_repeated(said: Sequence[Statement], at: int) -> bool:
    """ "And group tomorrow." – "And group tomorrow.": a short plan the client says back."""
    mine = set(re.findall(r"[a-z']{4,}", said[at].text.lower()))
    answer = _next_turn(said, at)
    return (
        said[at].words <= 8
        and len(mine) >= 2
        and bool(answer)
        and not answer[0].is_question
        and mine <= set(re.findall(r"[a-z']{4,}", answer[0].text.lower()))
    )


def _next_turn(said: Sequence[Statement], at: int) -> list[Statement]:
    turn = next((s.turn for s in said[at + 1 : at + 8] if s.speaker != THERAPIST), None)
    return [s for s in said[at + 1 : at + 14] if s.turn == turn]


def _is_refused(said: Sequence[Statement], at: int) -> bool:
    answer = _next_turn(said, at)
    return bool(answer) and is_no(answer[0].text)


def _acceptance(said: Sequence[Statement], at: int) -> tuple[Evidence, ...]:
    answer = _next_turn(said, at)
    return (answer[0].evidence,) if answer and (_ACCEPTS.match(answer[0].text) or answer[0].words < 6) else ()


def _answers_if(statement: Statement) -> bool:
    """ "And if he says it again?" – "I don't answer him. I write it down." """
    asked = pattern(_LEXICON, "what_if").search(statement.asked) is not None
    acts = re.search(
        r"\b(?:I|we)\b(?!'m| am| was| think| guess| don't know| know| mean| had| did)", statement.text
    )
    return (
        asked
        and statement.place < 2
        and acts is not None
        and statement.words >= 3
        and statement.is_self
        and not statement.is_question
        and statement.certainty in (Certainty.FACT, Certainty.CORRECTED)
        and statement.when is not When.PAST
        and pattern(_LEXICON, "not_plan").search(statement.text) is None
    )


def _contingency(said: Sequence[Statement], at: int) -> Mention:
    """What the client will do if it happens, with the question as evidence and the rest of the answer."""
    parts = [said[at]]
    for statement in said[at + 1 : at + 5]:
        if (
            statement.turn != parts[0].turn
            or statement.is_question
            or sum(s.words for s in parts) + statement.words > TAIL_WORDS
            or not re.match(r"(?:I|we|and|then|two|one|three|or)\b", statement.text, re.I)
        ):
            break
        parts.append(statement)
    text = " ".join(s.text for s in parts)
    return _commitment(parts[0], (*parts[0].asked_evidence, *(s.evidence for s in parts)), said=text)


def _answers_when(statement: Statement) -> bool:
    """ "Which days?" – "Monday and Thursday." """
    asks = re.search(r"\b(?:which days?|what (?:day|time)|how (?:many|often)|when)\b", statement.asked, re.I)
    return (
        bool(asks)
        and statement.progress >= PLANNING_FROM
        and statement.place == 0
        and pattern(_LEXICON, "day").search(statement.text) is not None
    )


def read_next_appointment(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """The next appointment, settled near the end; the clinician's words with the client's yes as evidence."""
    found: list[Mention] = []
    told_apart = any(s.speaker == THERAPIST for s in said)
    for at, statement in enumerate(said):
        if statement.progress < APPOINTMENT_FROM or not pattern(_LEXICON, "appointment").search(
            statement.text
        ):
            continue
        joined = [
            s
            for s in said[max(0, at - 1) : at + 5]
            if abs(s.turn - statement.turn) <= 1
            and _DATE.search(s.text)
            and (s.turn >= statement.turn or s.speaker == THERAPIST)
        ]
        if not joined and not re.search(r"same time", statement.text, re.I):
            continue
        is_hers = statement.speaker == THERAPIST or any(s.speaker == THERAPIST for s in joined)
        if not is_hers and told_apart:
            continue
        evidence = tuple(
            dict.fromkeys([statement.evidence, *(s.evidence for s in joined), *_acceptance(said, at)])
        )
        text = " ".join(
            dict.fromkeys(
                [
                    statement.text,
                    *(s.text for s in joined if s.turn >= statement.turn or s.speaker == THERAPIST),
                ]
            )
        )
        found.append(
            Mention(Kind.NEXT_APPOINTMENT, text, evidence, speaker=statement.speaker, when=When.PLANNED)
        )
    return tuple(found[-1:])


def read_homework_done(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """What came of the homework: the answer to a question about it, or the client's own account."""
    found: list[Mention] = []
    for statement in said:
        if (
            statement.speaker == THERAPIST
            or statement.progress > 0.75
            or statement.when is When.PLANNED
            or statement.is_question
        ):
            continue
        asked = pattern(_LEXICON, "homework_done").search(statement.asked)
        told = pattern(_LEXICON, "homework_done").search(statement.text)
        did = pattern(_LEXICON, "did").search(statement.text) is not None or bool(
            numbers_said(statement.text)
        )
        if (
            not did
            or not (told or (asked and statement.place < 3))
            or statement.words < 3
            or not statement.is_self
        ):
            continue
        cue = told or asked
        topic = cue.group(0) if cue else ""
        text = (
            statement.text
            if told
            else f"{topic[0].upper()}{topic[1:]}: {statement.text[0].lower() + statement.text[1:]}"
        )
        if statement.words > 7 and not told:
            text = statement.text
        evidence = (*(statement.asked_evidence if not told else ()), statement.evidence)
        found.append(
            Mention(
                Kind.HOMEWORK_DONE,
                text,
                evidence,
                speaker=statement.speaker,
                about=statement.about,
                polarity=statement.polarity,
                certainty=statement.certainty,
                topic=topic,
            )
        )
    return tuple(found)
