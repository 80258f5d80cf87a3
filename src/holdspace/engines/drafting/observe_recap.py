"""A clinician's summary as evidence: "So that's ninety to forty", "Four of seven days", "He said he'd take
the kids".

It counts only where it gives back what the client has just said: a number or two content words in common,
and no
"no" in reply.
"""

import re
from collections.abc import Sequence

from holdspace.engines.drafting.clean import sentence_start
from holdspace.engines.drafting.figures import with_figures
from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.drafting.observe_topic import heading_of
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement, is_no
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_BACK = 4
"""Turns back in which the client's own words are looked for."""
_CHANGE = re.compile(
    r"\b(?:from\b.+\bto|to\b|was|were|down|up|at the start|by the end|now|predicted|came true"
    r"|out of|of (?:the |your )?(?:last )?seven|then)\b",
    re.I,
)
_CLOCK = re.compile(r"\d:\d\d|\b(?:nights|days|hours|minutes|times|o'clock)\b", re.I)
"""A time or a count of nights is no rating, whatever was rated before it."""
_NAMES = (
    ("sleep efficiency", re.compile(r"sleep efficiency", re.I)),
    ("willingness", re.compile(r"willing", re.I)),
    ("tension", re.compile(r"tension|tense", re.I)),
    ("anxiety", re.compile(r"anxi|nervous|scared", re.I)),
    ("prediction", re.compile(r"predict", re.I)),
    ("belief", re.compile(r"believ|belief|thought|true", re.I)),
    ("pain", re.compile(r"\bpain", re.I)),
    ("urge", re.compile(r"urge|crav", re.I)),
    ("distress", re.compile(r"distress|disturb|SUD", re.I)),
    ("mood", re.compile(r"mood", re.I)),
)
_STOP = frozenset(
    [
        "that",
        "this",
        "with",
        "what",
        "your",
        "you're",
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
        "were",
        "would",
        "could",
        "said",
        "says",
        "told",
        "then",
        "than",
    ]
)


def read_recaps(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """Summaries with a figure, or of some length, that give back the client's words."""
    found: list[Mention] = []
    for at, statement in enumerate(said):
        if statement.speaker != THERAPIST or statement.is_question or not 3 <= statement.words <= 45:
            continue
        source = _given_back(said, at)
        if source and not _is_refused(said, at):
            found.append(_mention(statement, source, _context(said, at), _asked(said, at)))
    return tuple(found)


def _given_back(said: Sequence[Statement], at: int) -> tuple[Evidence, ...]:
    """The client's sentences it rests on."""
    statement = said[at]
    numbers = {n.value for n in numbers_said(statement.text)}
    words = _words(statement.text)
    before = [
        s for s in said[max(0, at - 24) : at] if s.speaker != THERAPIST and statement.turn - s.turn <= _BACK
    ]
    by_number = [s for s in before if numbers & {n.value for n in numbers_said(s.text)}]
    by_word = [s for s in before if len(words & _words(s.text)) >= 2]
    opens = (
        re.match(
            r"(?:so|and so|okay,? so|two|three|four|five|\w+ (?:of|to|at|on)|you|he|she|that's)\b",
            statement.text,
            re.I,
        )
        is not None
    )
    if numbers and (by_number or by_word):
        return tuple(s.evidence for s in (by_number + by_word)[:2])
    return tuple(s.evidence for s in by_word[:2]) if opens and by_word and statement.words >= 6 else ()


def _is_refused(said: Sequence[Statement], at: int) -> bool:
    reply = next((s for s in said[at + 1 : at + 8] if s.turn == said[at].turn + 1), None)
    return (
        reply is not None
        and is_no(reply.text)
        and re.match(r"(?:no|nah),? (?:that's|I|it's) (?:it|good|fine)\b", reply.text, re.I) is None
    )


def _context(said: Sequence[Statement], at: int) -> str:
    return " ".join(s.text for s in said[max(0, at - 10) : at + 1])


def _asked(said: Sequence[Statement], at: int) -> str:
    """The question whose answer is given back."""
    return next((s.asked for s in reversed(said[max(0, at - 6) : at]) if s.speaker != THERAPIST), "")


def _mention(statement: Statement, source: tuple[Evidence, ...], context: str, asked: str) -> Mention:
    numbers = numbers_said(statement.text)
    is_score = (
        len(numbers) >= 2 and _CHANGE.search(statement.text) is not None
    ) or "percent" in statement.text.lower()
    kind = Kind.SCORE if is_score else _kind(statement)
    topic = ""
    if is_score and statement.words < 8 and not _CLOCK.search(with_figures(statement.text)):
        topic = next((name for name, cue in _NAMES if cue.search(context)), "")
    topic = topic or (heading_of(asked) if is_score and statement.words < 12 else "")
    text = (
        f"{sentence_start(topic)}: {statement.text}"
        if topic and topic not in statement.text.lower()
        else statement.text
    )
    return Mention(
        kind,
        text,
        (*source, statement.evidence),
        speaker=THERAPIST,
        topic=topic,
        status="recap",
        when=statement.when,
        polarity=statement.polarity,
        salience=0.8 if numbers else 0.55,
    )


def _kind(statement: Statement) -> Kind:
    """Sleep, substance, symptom or plan by its words; else an event."""
    text = statement.text
    if pattern("topics", "sleep").search(text):
        return Kind.SLEEP
    if pattern("topics", "substance").search(text):
        return Kind.SUBSTANCE
    if (
        statement.progress > 0.6
        and pattern("plans", "day").search(text)
        and not re.search(r"\b(?:was|were|did|had)\b", text)
    ):
        return Kind.COMMITMENT
    return Kind.SYMPTOM if pattern("topics", "symptom").search(text) else Kind.EVENT


def _words(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[a-z']{4,}", text.lower()) if w not in _STOP}
