"""Who a first name or a pronoun stands for, and whom a sentence is about.

A sentence is about its subject; a "he" or "she" means the last person named whom the pronoun can mean.
"""

import re
from dataclasses import dataclass

from spacy.tokens import Span, Token

from holdspace.engines.drafting.lexicon import entries, pattern
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import CLIENT, THERAPIST

OTHER = "someone else"
"""About a person whose relation to the client was not said."""

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
class Person:
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


class Named:
    """Who a first name or a pronoun stands for, as far as the session has said ("my wife, Tasha")."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {}
        self.recent: list[Person] = []
        self.strangers: list[int] = []

    def meant_by(self, pronoun: str) -> Person | None:
        """The last person named whom the pronoun can mean; None where nobody can be meant."""
        return next((p for p in self.recent if pronoun in p.pronouns), None)

    def is_sure(self, person: Person, pronoun: str, turn: int) -> bool:
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
        person = Person(role, words, evidence)
        self.recent = [person, *(p for p in self.recent if p.role != role)][:_REMEMBERED]

    def learn(self, text: str) -> None:
        """Take in the first names that stand beside a role."""
        for role in entries("people"):
            for hit in pattern("people", role).finditer(text):
                after = re.match(r"[,']?s?,? (?:is |named |called |here )?([A-Z][a-z]+)\b", text[hit.end() :])
                if after and after.group(1) not in ("I", "And", "But", "So"):
                    self.roles.setdefault(after.group(1), role)


def subject_of(span: Span, speaker: str, people: Named, evidence: Evidence) -> tuple[str, Person | None]:
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


def with_name(text: str, person: Person) -> str:
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


def _role_of(subject: Token, span: Span, people: Named) -> str:
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


def _remember(span: Span, people: Named, evidence: Evidence, owner: re.Pattern[str] | None = None) -> None:
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
