"""A sentence as somebody said it, with what it answers, whom it is about, and how it was meant.

Question and answer are read together: a statement knows the question before it. About whom, asserted or
denied, fact
or supposition, now or then are worked out once here, in the manner of ConText (Harkema et al. 2009): cues
in the
sentence first, then what the sentences before it in the same turn established.
"""

import re
from dataclasses import dataclass

from holdspace.engines.drafting.mention import Certainty, Polarity, When
from holdspace.engines.drafting.order import is_order
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import CLIENT

_BREAK = re.compile(r"(?<=[.?!…])[\"”’']?\s+(?=[^\sa-zß-öø-ÿ,;:)\]—–(-]|---|- \[)")
"""Before anything but a small letter or what goes on with a sentence: markup, other alphabets and signs in front of an
order must not swallow what was said before it.
"""
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Jr|Sr|vs|etc)\.|\b[ap]\.m\.)$")
_LEADING_NO = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?:(?:oh|god|well|um|uh|yeah|i mean|so|honestly|ah|like|mm),?\s+)*"
    r"(?:no\b|nah\b|nope\b|never\b|not\b|none\b|nothing\b|nobody\b|neither\b|mm-mm|hell no|god"
    r" no|absolutely not|of course not)",
    re.I,
)
_LEADING_YES = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?:(?:oh|well|um|uh|i mean|so|honestly|ah|okay),?\s+)*"
    r"(?:yes|yeah|yep|yup|sure|sometimes|a little|a bit|kind of|sort of|once|twice|i (?:do|did"
    r"|have|am|was|think so|guess so)\b|maybe|of course|every)",
    re.I,
)
_NEGATED = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|neither|without|cannot|haven't|hasn't|hadn't|don't"
    r"|doesn't|didn't|isn't|aren't"
    r"|wasn't|weren't|won't|can't|couldn't|wouldn't|ain't|shouldn't)\b",
    re.I,
)
JOKE = re.compile(
    r"\b(?:that's a joke|just kidding|(?:i'm|just) (?:joking|kidding)|kidding|joke\b|figure of"
    r" speech|that's an expression|just an expression)",
    re.I,
)
_WISH = re.compile(r"\b(?:i wish|if only|i'd love (?:to|it if)|would be nice|i dream of)\b", re.I)
_SUPPOSED = re.compile(
    r"\bwhat if\b|\bif\b.{1,60}\b(?:would|'d|could|might)\b|\b(?:would|'d|could"
    r"|might)\b.{1,60}\bif\b|\bi could(?:'ve| have)\b|\bi would(?:'ve| have)\b|\bcould've\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:used to|back (?:in|then|when)|years? ago|months? ago|weeks ago|as a (?:kid|child"
    r"|teenager|teen)|when i was (?:a |little|young|in |\w+teen|\d)|growing up|last (?:year"
    r"|spring|summer|fall|autumn|winter)"
    r"|in the (?:spring|summer|fall|autumn|winter|past|eighties|nineties)|in (?:19|20)\d\d|in"
    r" (?:january|february|march|april|june|july|august|september|october|november|december)"
    r"|(?:march|april|may|june|july|august|january|february) of last year|before (?:the|my|we"
    r"|i)|in twenty\b|since (?:the|my) )",
    re.I,
)
_PLANNED = re.compile(
    r"\b(?:i'll|i will|we'll|we will|(?:i'm|we're|i am|we are) (?:gonna|going to)|i might|i"
    r" plan|planning to|tomorrow|next (?:week|month|time|mon|tues|wednes|thurs|fri|satur"
    r"|sun)\w*)\b",
    re.I,
)


_INVERTED = re.compile(
    r"^(?:do|does|did|am|are|is|was|were|can|could|should) (?:i|he|she|they|you|we)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a turn. `asked` is the question it answers (by somebody else, in the turn before),
    or "". Where its subject is a "he", "she" or "they" that was named before, `told` is the sentence with that
    name in its place, and `named_in` where the name was said.
    """

    turn: int
    place: int
    speaker: str
    text: str
    asked: str = ""
    asked_turn: int | None = None
    about: str = CLIENT
    polarity: Polarity = Polarity.ASSERTED
    certainty: Certainty = Certainty.FACT
    when: When = When.NOW
    progress: float = 0.0
    told: str = ""
    named_in: Evidence | None = None

    @property
    def evidence(self) -> Evidence:
        """Its own words as evidence."""
        return Evidence(self.turn, self.text)

    @property
    def asked_evidence(self) -> tuple[Evidence, ...]:
        """The question it answers, as evidence, if there is one."""
        return (Evidence(self.asked_turn, self.asked),) if self.asked and self.asked_turn is not None else ()

    @property
    def is_question(self) -> bool:
        """Whether it asks, or repeats what somebody asked ("Do I drink, do I take anything.")."""
        return self.text.rstrip("\"”'").endswith("?") or _INVERTED.match(self.text) is not None

    @property
    def is_self(self) -> bool:
        """Whether the speaker speaks of their own life."""
        return self.about == self.speaker or self.about == CLIENT == self.speaker

    @property
    def words(self) -> int:
        """Length in words."""
        return len(self.text.split())


def sentences(text: str) -> list[str]:
    """The sentences of a turn, verbatim."""
    pieces: list[str] = []
    start = 0
    for gap in _BREAK.finditer(text):
        piece = text[start : gap.start() + len(gap.group(0).rstrip())]
        if _ABBREVIATION.search(piece):
            continue
        pieces.append(piece.strip())
        start = gap.end()
    pieces.append(text[start:].strip())
    return [p for p in pieces if re.search(r"\w", p)]


def polarity_of(text: str) -> Polarity:
    """Denied where it opens with a no or is negated near its start."""
    if _LEADING_NO.match(text):
        return Polarity.DENIED
    opening = " ".join(text.split()[:9])
    return Polarity.DENIED if _NEGATED.search(opening) else Polarity.ASSERTED


def is_no(text: str) -> bool:
    """Whether an answer begins with a no."""
    return _LEADING_NO.match(text) is not None


def is_yes(text: str) -> bool:
    """Whether an answer begins with a yes."""
    return not is_no(text) and _LEADING_YES.match(text) is not None


def certainty_of(text: str) -> Certainty:
    """How it was meant: fact, supposition, wish or joke."""
    if is_order(text):
        return Certainty.ORDER
    if JOKE.search(text):
        return Certainty.JOKE
    if _SUPPOSED.search(text):
        return Certainty.HYPOTHETICAL
    return Certainty.WISH if _WISH.search(text) else Certainty.FACT


def when_of(text: str) -> When:
    """Planned, past or now."""
    if _PLANNED.search(text):
        return When.PLANNED
    return When.PAST if _PAST.search(text) else When.NOW
