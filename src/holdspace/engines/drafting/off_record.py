"""Find what the client asked to keep out, and whether the clinician agreed.

A span starts with the request and ends where the talk moves on. Agreed: gone for good. Refused ("I do have
to write
that one down"): stays. No clear answer: kept out, and the clinician is asked, without its content.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.transcript import THERAPIST, OffRecordSpan, Turn

_LEXICON = "off_record"
ANSWER_WITHIN = 5
"""Turns after a request in which the clinician's answer is looked for."""
FOLLOW_AT_MOST = 14
"""Turns after the answer through which the talk is followed."""

_CONTENT = re.compile(r"[A-Za-z][a-z']{3,}")
_PLAIN = frozenset(
    [
        "that",
        "this",
        "there",
        "what",
        "when",
        "where",
        "which",
        "with",
        "have",
        "just",
        "like",
        "know",
        "about",
        "your",
        "you're",
        "don't",
        "didn't",
        "they",
        "them",
        "then",
        "really",
        "because",
        "would",
        "could",
        "should",
        "want",
        "going",
        "think",
        "thing",
        "things",
        "something",
        "anything",
        "nothing",
        "people",
        "time",
        "week",
        "okay",
        "yeah",
        "right",
        "well",
        "write",
        "writing",
        "down",
        "said",
        "tell",
        "told",
        "been",
        "were",
        "from",
        "into",
        "here",
        "much",
        "still",
        "very",
        "some",
        "maybe",
        "little",
        "thank",
        "thanks",
        "need",
        "keep",
        "leave",
        "record",
        "notes",
        "note",
        "file",
        "chart",
        "paper",
        "does",
        "will",
        "good",
        "feel",
        "make",
        "made",
    ]
)
_ANAPHORA = re.compile(
    r"^(?:\[[^\]]*\] ?)?(?:(?:so|and|but|well|yeah|okay|no|thank you|thanks)[,.]? )*(?:it|that"
    r"|this|she|he|they|her|him|them|what do I do|I just|I don't)\b",
    re.I,
)
_THANKS = re.compile(r"^(?:okay|ok|thank|thanks|good|yeah|all right|I appreciate)\b", re.I)


_POINTS_BACK = re.compile(
    r"^(?:(?:oh|yeah|yes|right|well|um|uh|okay|so)[,.]? )*(?:that|it|this|he|she|they)\b", re.I
)
"""A request that begins with "that's hers" asks about what the clinician has just brought up."""


class Answer(StrEnum):
    """What the clinician said to the request."""

    AGREED = "agreed"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to keep something out: the turns it covers and the answer it got."""

    span: OffRecordSpan
    answer: Answer


def requests(turns: Sequence[Turn]) -> tuple[Request, ...]:
    """All requests in order; spans do not overlap."""
    found: list[Request] = []
    at = 0
    while at < len(turns):
        if turns[at].speaker != THERAPIST and _asks(turns[at].text):
            request = _follow(turns, at)
            found.append(request)
            at = _place(turns, request.span.last_turn, at)
        elif at and turns[at].speaker == THERAPIST and _seals_alone(turns[at].text):
            found.append(Request(OffRecordSpan(turns[at - 1].index, turns[at].index), Answer.AGREED))
        at += 1
    return (*found, *_named_again(turns, found))


def _seals_alone(text: str) -> bool:
    """ "And that stays out, too.": she takes out what was just said without having been asked."""
    return pattern(_LEXICON, "seals").search(text) is not None and "?" not in text


_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-ZÀ-Þ][\w'-]{2,}\b")
_CALENDAR = re.compile(
    r"^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Christmas|Thanksgiving|Easter|I'\w+|God|Mr|Mrs|Dr|Okay|English)",
)


def _named_again(turns: Sequence[Turn], found: Sequence[Request]) -> list[Request]:
    """Later turns that name somebody whom only an off-record span had named."""
    again: list[Request] = []
    common = {w for t in turns for w in re.findall(r"\b[a-z][\w']*", t.text)}
    for request in found:
        if request.answer is Answer.REFUSED:
            continue
        first, last = request.span.first_turn, request.span.last_turn
        earlier = " ".join(t.text for t in turns if t.index < first)
        inside = " ".join(f" {t.text}" for t in turns if first <= t.index <= last)
        names = {n.removesuffix("'s") for n in _NAME.findall(inside) if not _CALENDAR.match(n)}
        names = {n for n in names if n not in earlier and n.lower() not in common}
        again += [
            Request(OffRecordSpan(t.index, t.index), request.answer)
            for t in turns
            if t.index > last and any(re.search(rf"\b{re.escape(n)}\b", t.text) for n in names)
        ]
    return again


def _asks(text: str) -> bool:
    """Whether one of its sentences asks that something be kept out; telling of one's own diary does not."""
    return any(
        pattern(_LEXICON, "request").search(sentence)
        and not pattern(_LEXICON, "not_request").search(sentence)
        for sentence in re.split(r"(?<=[.?!])\s+", text)
    )


def _place(turns: Sequence[Turn], index: int, start: int) -> int:
    return next((at for at in range(start, len(turns)) if turns[at].index == index), start)


def _follow(turns: Sequence[Turn], at: int) -> Request:
    answered, answer = _answer(turns, at)
    if answer is Answer.REFUSED:
        return Request(OffRecordSpan(turns[at].index, turns[answered].index), answer)
    last = _end(turns, at, answered)
    return Request(OffRecordSpan(turns[_start(turns, at)].index, turns[last].index), answer)


def _start(turns: Sequence[Turn], at: int) -> int:
    """The matter begins a turn earlier when the clinician brought it up and the request points back to it."""
    was_brought_up = at > 0 and turns[at - 1].speaker == THERAPIST
    return at - 1 if was_brought_up and _POINTS_BACK.match(turns[at].text) else at


def _answer(turns: Sequence[Turn], at: int) -> tuple[int, Answer]:
    """Where the clinician answers and what; a bare "sure" counts only in the very next turn."""
    for step in range(at + 1, min(len(turns), at + 1 + ANSWER_WITHIN)):
        if turns[step].speaker != THERAPIST:
            continue
        text = turns[step].text
        if pattern(_LEXICON, "refusal").search(text) and not _negated_refusal(text):
            return step, Answer.REFUSED
        if pattern(_LEXICON, "conditional").search(text):
            continue  # "tell me roughly what it is, and I'll be honest about whether I can"
        if pattern(_LEXICON, "agreement").search(text):
            return step, Answer.AGREED
        if step == at + 1 and _is_plain_yes(text):
            return step, Answer.AGREED
    return at, Answer.UNCLEAR


def _is_plain_yes(text: str) -> bool:
    return re.match(pattern(_LEXICON, "short_agreement").pattern, text, re.I) is not None and "?" not in text


def _negated_refusal(text: str) -> bool:
    """ "I don't have to write that down" agrees."""
    return (
        re.search(r"\b(?:don't|do not|won't|doesn't|needn't) (?:\w+ )?(?:have|need) to\b", text, re.I)
        is not None
    )


def _end(turns: Sequence[Turn], at: int, answered: int) -> int:
    """Follow the matter past the answer: while its words come back, it is pointed at, or it is sealed once
    more.
    """
    told = [t.text for t in turns[at : answered + 1] if t.speaker != THERAPIST]
    matter, has_content = _words(told), any(len(text.split()) > 14 for text in told)
    last = answered
    for step in range(answered + 1, min(len(turns), answered + 1 + FOLLOW_AT_MOST)):
        turn = turns[step]
        if pattern(_LEXICON, "resume").search(turn.text):
            return step
        if not has_content and turn.speaker != THERAPIST:
            matter |= _words([turn.text])
            has_content = len(turn.text.split()) > 8
            last = step
        elif _sealed_later(turns, step) or (_belongs(turn, matter) and not _restates(turn)):
            last = step
        elif _restates(turn) or _moves_on(turn, step - last):
            break
    return last


def _restates(turn: Turn) -> bool:
    """Whether the clinician says what may be noted after all."""
    return turn.speaker == THERAPIST and pattern(_LEXICON, "may_note").search(turn.text) is not None


def _sealed_later(turns: Sequence[Turn], step: int) -> bool:
    ahead = turns[step : step + 6]
    return any(t.speaker == THERAPIST and _seals(t.text) for t in ahead)


def _seals(text: str) -> bool:
    agreed = pattern(_LEXICON, "agreement").search(text) or pattern(_LEXICON, "resume").search(text)
    return agreed is not None and "?" not in text


def _belongs(turn: Turn, matter: set[str]) -> bool:
    if len(_words([turn.text]) & matter) >= 1 and "?" not in turn.text[-2:]:
        return True
    return turn.speaker != THERAPIST and bool(
        _ANAPHORA.match(turn.text) or (_THANKS.match(turn.text) and len(turn.text.split()) < 25)
    )


def _moves_on(turn: Turn, gap: int) -> bool:
    """A clinician's new subject ends the matter; a client's only after a turn between."""
    if turn.speaker != THERAPIST:
        return gap > 1
    return not _ANAPHORA.match(turn.text) and len(turn.text.split()) > 3


def _words(texts: Iterable[str]) -> set[str]:
    joined = " ".join(texts)
    return {w.lower() for w in _CONTENT.findall(joined)} - _PLAIN
