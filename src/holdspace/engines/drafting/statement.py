"""A sentence as somebody said it, with what it answers, whom it is about, and how it was meant.

Question and answer are read together: a statement knows the question before it. About whom, asserted or
denied, fact
or supposition, now or then are worked out once here, in the manner of ConText (Harkema et al. 2009): cues
in the
sentence first, then what the sentences before it in the same turn established.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from holdspace.engines.drafting.lexicon import entries, pattern
from holdspace.engines.drafting.mention import Certainty, Polarity, When
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import CLIENT, THERAPIST, Turn

OTHER = "someone else"
"""About a person whose relation to the client was not said."""

_BREAK = re.compile(r"(?<=[.?!…])[\"”’']?\s+(?=[\"“'‘\[A-Z0-9])")
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
_JOKE = re.compile(
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
_TAKEN_BACK = re.compile(
    r"^(?:oh,? )?(?:well,? ?[—-]?\s?)?(?:okay,?\.? )?(?:no,? wait|wait|actually|scratch that"
    r"|sorry|i mean|correction|no,? (?:you know what|it was|that's|not|make that)|i take (?:it"
    r"|that) back|let me)\b",
    re.I,
)
_UNDONE = re.compile(
    r"\b(?:doesn't count|crossed? it out|cross (?:it|that) off|take that (?:one )?off|scratch"
    r" that|strike that|i take (?:it|that) back|i lied|that's not true|that's a lie|never mind"
    r"|i made that up)\b",
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
        """Whether it asks."""
        return self.text.rstrip("\"”'").endswith("?")

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


def statements(
    turns: Sequence[Turn], parser: Parser, former_names: Sequence[str] = ()
) -> tuple[Statement, ...]:
    """Every sentence of every turn in order; sentences that hold a former name are not there."""
    found: list[Statement] = []
    people = _Named()
    before: Turn | None = None
    for place, turn in enumerate(turns):
        said = _of_turn(turn, before, parser(turn.text), people, place / max(1, len(turns) - 1))
        found += [s for s in said if not any(re.search(rf"\b{re.escape(n)}\b", s.text) for n in former_names)]
        before = turn
    return tuple(_withdrawn(found))


_MISSAID = re.compile(
    r"\b(?:don't know why i (?:just )?said|i (?:only|just) said|i shouldn't have said|it"
    r" wasn't|that wasn't) (\w+)",
    re.I,
)


def _withdrawn(said: list[Statement]) -> list[Statement]:
    """ "I don't know why I said Sunday" takes back what the speaker had just said of Sunday."""
    for at, statement in enumerate(said):
        cue = _MISSAID.search(statement.text)
        if not cue or not _alike(cue.group(1), cue.group(1)):
            continue
        for back in range(at, -1, -1):
            near = said[back]
            if near.turn < statement.turn - 3:
                break
            if near.speaker == statement.speaker and re.search(rf"\b{cue.group(1)}\b", near.text, re.I):
                said[back] = replace(near, certainty=Certainty.RETRACTED)
    return said


_WOMEN = frozenset({"mother", "sister", "daughter", "aunt"})
_MEN = frozenset({"father", "brother", "son", "uncle"})
_GENDERED = (
    (
        "she",
        re.compile(
            r"\b(?:wife|girlfriend|granddaughter|grandm\w+|nana|niece|(?:mother|sister)-in-law)\b", re.I
        ),
    ),
    (
        "he",
        re.compile(
            r"\b(?:husband|boyfriend|grandson|grand(?:pa|father)|nephew|(?:father|brother|son)-in-law)\b",
            re.I,
        ),
    ),
)
_GROUPS = re.compile(r"\b(?:kids|children|parents|folks|in-laws|grandkids|\w+s)$", re.I)
PRONOUNS = frozenset({"he", "she", "they"})
_REMEMBERED = 12
"""People remembered, most recent first: a pronoun seldom reaches further back."""

_SURE_WITHIN = 2
"""Turns back within which a name may stand in for its pronoun."""


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody named: the role, the words that named them ("my brother"), and the sentence they stood in."""

    role: str
    words: str
    evidence: Evidence

    @property
    def pronouns(self) -> frozenset[str]:
        """The pronouns that can mean them."""
        if self.role in _WOMEN:
            return frozenset({"she"})
        if self.role in _MEN:
            return frozenset({"he"})
        if _GROUPS.search(self.words):
            return frozenset({"they"})
        gendered = next((who for who, cue in _GENDERED if cue.search(self.words)), "")
        return frozenset({gendered}) if gendered else PRONOUNS


class _Named:
    """Who a first name or a pronoun stands for, as far as the session has said ("my wife, Tasha")."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {}
        self.recent: list[_Person] = []
        self.strangers: list[int] = []

    def meant_by(self, pronoun: str) -> _Person | None:
        """The last person named whom the pronoun can mean; None where nobody can be meant."""
        return next((p for p in self.recent if pronoun in p.pronouns), None)

    def is_sure(self, person: _Person, pronoun: str, turn: int) -> bool:
        """Whether nobody else can be meant: one person of that gender lately, and no other name beside."""
        lately = [
            p for p in self.recent if pronoun in p.pronouns and (p.evidence.turn or 0) >= turn - _SURE_WITHIN
        ]
        return lately == [person] and person.pronouns == {pronoun} and pronoun != "they"

    def met_stranger(self, turn: int) -> bool:
        """Whether somebody was named lately of whom nothing is known, who can be meant as well."""
        return any(at >= turn - _SURE_WITHIN for at in self.strangers)

    def meet(self, span: Span, turn: int) -> None:
        """Note that somebody of unknown gender was named."""
        if any(t.pos_ == "PROPN" and t.ent_type_ not in ("DATE", "TIME") and not _kin(t.text) for t in span):
            self.strangers.append(turn)

    def name(self, role: str, words: str, evidence: Evidence) -> None:
        """Somebody is named, and becomes the one a later pronoun means."""
        person = _Person(role, words, evidence)
        self.recent = [person, *(p for p in self.recent if p.role != role)][:_REMEMBERED]

    def learn(self, text: str) -> None:
        """Take in the first names that stand beside a role."""
        for role in entries("people"):
            for hit in pattern("people", role).finditer(text):
                after = re.match(r"[,']?s?,? (?:is |named |called |here )?([A-Z][a-z]+)\b", text[hit.end() :])
                if after and after.group(1) not in ("I", "And", "But", "So"):
                    self.roles.setdefault(after.group(1), role)


def _of_turn(
    turn: Turn, before: Turn | None, doc: Doc, people: _Named, progress: float
) -> Iterator[Statement]:
    people.learn(turn.text)
    asked, asked_turn = (
        _question_of(before) if before is not None and before.speaker != turn.speaker else ("", None)
    )
    offset = 0
    said: list[Statement] = []
    for place, text in enumerate(sentences(turn.text)):
        offset = turn.text.find(text, offset)
        span = doc.char_span(offset, offset + len(text), alignment_mode="expand")
        offset += len(text)
        about, told, named_in = turn.speaker, "", None
        if span is not None:
            about, meant = _about(span, turn.speaker, people, Evidence(turn.index, text))
            if meant is not None:
                told, named_in = _with_name(text, meant), meant.evidence
        said.append(
            Statement(
                turn.index,
                place,
                turn.speaker,
                text,
                asked,
                asked_turn,
                about,
                _polarity(text),
                _certainty(text),
                _when(text),
                progress,
                told,
                named_in,
            )
        )
        if text.endswith("?") and len(text.split()) > 2:
            asked, asked_turn = text, turn.index
    return iter(_corrected(said))


def _question_of(turn: Turn) -> tuple[str, int | None]:
    """What the turn asks: its last question with the sentence before a very short one; else its last
    sentence.
    """
    pieces = sentences(turn.text)
    if not pieces:
        return "", None
    last = next((n for n in range(len(pieces) - 1, -1, -1) if pieces[n].endswith("?")), len(pieces) - 1)
    first = last - 1 if last and len(pieces[last].split()) < 6 else last
    start = turn.text.find(pieces[first])
    end = turn.text.find(pieces[last], start) + len(pieces[last])
    return turn.text[start:end], turn.index


def _polarity(text: str) -> Polarity:
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


def _certainty(text: str) -> Certainty:
    if _JOKE.search(text):
        return Certainty.JOKE
    if _SUPPOSED.search(text):
        return Certainty.HYPOTHETICAL
    return Certainty.WISH if _WISH.search(text) else Certainty.FACT


def _when(text: str) -> When:
    if _PLANNED.search(text):
        return When.PLANNED
    return When.PAST if _PAST.search(text) else When.NOW


def _corrected(said: list[Statement]) -> list[Statement]:
    """Mark what the next sentence takes back, and the correction."""
    for at in range(1, len(said)):
        text, earlier = said[at].text, said[at - 1]
        if _UNDONE.search(text) and at:
            said[at] = replace(said[at], certainty=Certainty.RETRACTED)
        elif _TAKEN_BACK.match(text) and _alike(earlier.text, _rest(said, at)):
            said[at - 1] = replace(earlier, certainty=Certainty.RETRACTED)
            said[at] = replace(said[at], certainty=Certainty.CORRECTED)
        elif _JOKE.search(text):
            said[at - 1] = replace(earlier, certainty=Certainty.JOKE)
    return said


def _rest(said: list[Statement], at: int) -> str:
    return " ".join(s.text for s in said[at : at + 3])


_FIGURE = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif"
    r"|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b",
    re.I,
)
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)


def _alike(one: str, other: str) -> bool:
    """Whether both hold a figure, or both a day: only like replaces like."""
    return any(kind.search(one) and kind.search(other) for kind in (_FIGURE, _DAY))


def _about(span: Span, speaker: str, people: _Named, evidence: Evidence) -> tuple[str, _Person | None]:
    """Whom the sentence is about and, where a pronoun stands for them, who was named."""
    subject = _main_subject(span)
    turn = evidence.turn or 0
    people.meet(span, turn)
    whose = _role_of(subject, span, people) if subject is not None else ""
    if whose and subject is not None and speaker == THERAPIST:
        _remember(span, people, evidence, _YOURS)
        return whose, None
    if whose and subject is not None:
        _remember(span, people, evidence)
        people.name(whose, _noun_phrase(subject, span), evidence)
        return whose, None
    if speaker == THERAPIST:
        _remember(span, people, evidence, _YOURS)
        return CLIENT, None
    if subject is not None and subject.lower_ in PRONOUNS:
        if subject.i > span.start:
            _remember(span.doc[span.start : subject.i], people, evidence)
        meant = people.meant_by(subject.lower_)
        _remember(span, people, evidence)
        if meant is None or people.met_stranger(turn):
            return OTHER, None
        return meant.role, meant if people.is_sure(meant, subject.lower_, turn) else None
    _remember(span, people, evidence)
    return speaker, None


def _noun_phrase(subject: Token, span: Span) -> str:
    return span.doc[max(span.start, subject.left_edge.i) : subject.i + 1].text


def _with_name(text: str, person: _Person) -> str:
    """The sentence with its first he, she or they as who is meant: "he had two beers", "my brother had …"."""
    if not re.match(r"(?:my|our)\b", person.words, re.I) and not person.words[:1].isupper():
        return ""
    words = re.sub(r"^(My|Our)\b", lambda m: m.group(0).lower(), person.words)
    if words.lower() in text.lower() or len(words.split()) > 4:
        return ""
    they = re.search(r"\b(he|she|they)('s|'d|'ll|'re|'ve)?\b", text, re.I)
    if they is None or (they.group(1).lower() == "they" and "they" not in person.pronouns):
        return ""
    at_start = not re.search(r"\w", text[: they.start()])
    name = words[0].upper() + words[1:] if at_start else words
    return f"{text[: they.start()]}{name}{they.group(2) or ''}{text[they.end() :]}"


def _main_subject(span: Span) -> Token | None:
    subjects = [t for t in span if t.dep_ in ("nsubj", "nsubjpass")]
    if any(t.lower_ in ("i", "we") and t.head.dep_ in ("ROOT", "conj", "ccomp") for t in subjects):
        main = next(t for t in subjects if t.lower_ in ("i", "we"))
        first = subjects[0]
        return first if first.head.dep_ == "ROOT" and _is_person(first) and first.i < main.i else main
    return next((t for t in subjects if t.head.dep_ in ("ROOT", "conj")), subjects[0] if subjects else None)


def _is_person(token: Token) -> bool:
    return token.lower_ in ("he", "she", "they") or token.pos_ == "PROPN" or _kin(token.text) != ""


def _kin(text: str) -> str:
    return next((role for role in entries("people") if pattern("people", role).match(text)), "")


def _role_of(subject: Token, span: Span, people: _Named) -> str:
    phrase = span.doc[subject.left_edge.i : subject.i + 1].text
    role = next((r for r in entries("people") if pattern("people", r).search(phrase)), "")
    if role:
        return role
    if (
        subject.pos_ == "PROPN"
        and subject.ent_type_ in ("PERSON", "ORG", "GPE", "")
        and subject.text[:1].isupper()
    ):
        return people.roles.get(subject.text, OTHER if subject.ent_type_ == "PERSON" else "")
    return people.roles.get(subject.text, "")


_YOURS = re.compile(r"\b(?:your) (?:\w+ )?$", re.I)
_ANYONES = re.compile(r"\b(?:my|our|the|his|her|their|[A-Z][a-z]+'s) (?:\w+ )?$", re.I)


def _remember(span: Span, people: _Named, evidence: Evidence, owner: re.Pattern[str] | None = None) -> None:
    """A person named as object becomes the one a later "he" or "she" means; of a clinician's, only "your" kin."""
    for role in entries("people"):
        hit = pattern("people", role).search(span.text)
        if hit is None:
            continue
        whose = (owner or _ANYONES).search(span.text[: hit.start()])
        if owner is not None and whose is None:
            continue
        lead = re.sub(r"^your\b", "my", whose.group(0), flags=re.I) if whose else ""
        people.name(role, f"{lead}{hit.group(0)}", evidence)
        return
