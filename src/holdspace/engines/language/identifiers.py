"""Finds what could tell who is spoken of: the eighteen identifiers of 45 CFR 164.514(b)(2)(i), as far as words go.

Presidio gathers what several finders see, each good at something else:

    the record     the names of everyone the record names, whole and in parts, short forms too
    the grammar    spaCy's people, places and organisations, and its proper nouns
    capitals       inside a sentence a word with a capital is a name until the list says otherwise
    patterns       dates but for the year, ages over 89, telephone and other numbers, addresses, mail, web

It is made to find too much: what is replaced needlessly is put back afterwards, what is missed has left. It is not
perfect, and evaluation/deidentify says how far it is from it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer import RecognizerResult as Found
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IpRecognizer,
    PhoneRecognizer,
    UrlRecognizer,
)
from spacy.language import Language

NAME, PLACE, DATE, NUMBER = "NAME", "PLACE", "DATE", "NUMBER"
LEAST_SCORE = 0.3
LONG_NUMBER = 5
"""Digits from which a number tells somebody apart (a ZIP code has five)."""
KINDS = {
    "PERSON": NAME,
    "ORGANIZATION": NAME,
    "RECORD": NAME,
    "CAPITAL": NAME,
    "LOCATION": PLACE,
    "ADDRESS": PLACE,
    "DATE_PART": DATE,
    "AGE": DATE,
    "PHONE_NUMBER": NUMBER,
    "CREDIT_CARD": NUMBER,
    "IP_ADDRESS": NUMBER,
    "URL": NUMBER,
    "MAIL": NUMBER,
    "LONG_NUMBER": NUMBER,
}
"""What each finding is called where it stood."""
SPACY = {"PERSON": "PERSON", "ORG": "ORGANIZATION", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
_TITLE = re.compile(r"^(?:dr|mr|mrs|ms|mx|prof|rev|jr|sr)\.?$", re.I)
_WHO = frozenset({NAME, PLACE})
_SMALL = re.compile(r"(?<![\w'’])[^\W\d_A-Z][^\W\d_]+")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")


@dataclass(frozen=True, slots=True)
class Span:
    """Where an identifier stands, and its kind."""

    start: int
    end: int
    kind: str


class Identifiers:
    """A finder for English, on a loaded spaCy pipeline. Safe for one thread at a time."""

    def __init__(self, grammar: Language) -> None:
        registry = RecognizerRegistry(recognizers=[], supported_languages=["en"])
        for recogniser in _recognisers():
            registry.add_recognizer(recogniser)
        self._analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=_Loaded(grammar),
            supported_languages=["en"],
            default_score_threshold=0,
        )

    def find(self, text: str, names: Iterable[str] = ()) -> list[Span]:
        """The identifiers in a text, in order, none inside another. `names` are those the record knows."""
        found = self._analyzer.analyze(
            text,
            language="en",
            ad_hoc_recognizers=_of_the_record(names),
            score_threshold=LEAST_SCORE,
        )
        return _joined(text, [one for one in found if not _is_nobody(text[one.start : one.end])])


def names_heard(identifiers: Identifiers, texts: Iterable[str]) -> tuple[str, ...]:
    """Names and places a whole session gives away: found somewhere in it, and nowhere written without a capital.

    A name that begins a sentence is missed there and found elsewhere; so a session is read whole before any leaves.
    """
    said = tuple(texts)
    plain = {word for text in said for word in _SMALL.findall(text)}
    found = (
        text[span.start : span.end] for text in said for span in identifiers.find(text) if span.kind in _WHO
    )
    words = {word for name in found for word in _WORD.findall(name) if _is_capital(word)}
    return tuple(
        sorted(word for word in words if word.lower().removesuffix("'s").removesuffix("’s") not in plain)
    )


class _Loaded(SpacyNlpEngine):
    """Presidio's engine around a pipeline that is loaded already: nothing is looked for by name, nothing fetched."""

    def __init__(self, grammar: Language) -> None:
        super().__init__()
        self.nlp = {"en": grammar}  # type: ignore[assignment]  # Presidio's own type is that of before it loads


class _Grammar(EntityRecognizer):
    """What spaCy calls people, places and organisations; and proper nouns it calls nothing."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[*SPACY.values(), "CAPITAL"], supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[Found]:  # noqa: ARG002
        """Presidio's signature."""
        doc = nlp_artifacts.tokens
        found = [
            Found(SPACY[entity.label_], entity.start_char, entity.end_char, 0.85)
            for entity in doc.ents
            if entity.label_ in SPACY and not _is_nobody(entity.text)
        ]
        for token in doc:
            is_first = token.is_sent_start or token.i == 0
            if (
                _is_capital(token.text)
                and (not is_first or token.pos_ == "PROPN")
                and not _is_nobody(token.text)
            ):
                found.append(Found("CAPITAL", token.idx, token.idx + len(token.text), 0.5))
        return found


def _recognisers() -> list[EntityRecognizer]:
    return [
        _Grammar(),
        PhoneRecognizer(supported_regions=("US", "GB", "CA"), leniency=0),
        CreditCardRecognizer(),
        IpRecognizer(),
        UrlRecognizer(),
        *(PatternRecognizer(kind, patterns=_patterns(kind)) for kind in ("DATE_PART", "AGE", "ADDRESS")),
        *(PatternRecognizer(kind, patterns=_patterns(kind)) for kind in ("LONG_NUMBER", "MAIL")),
    ]


def _patterns(kind: str) -> list[Pattern]:
    return [Pattern(kind, expression, 0.9) for expression in _expressions()[kind]]


@cache
def _expressions() -> dict[str, tuple[str, ...]]:
    """The patterns, from the word lists. Presidio ignores capitals unless a pattern says otherwise."""
    told = _lists()
    plain_months = [month for month in told["months"] if month not in told["months_that_are_words"]]
    month = _any(plain_months)
    capital_month = "(?-i:" + _any([word.capitalize() for word in told["months_that_are_words"]]) + ")"
    months, day = f"(?:{month}|{capital_month})", rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_any(told['ordinals'])})"
    digit = _any(told["digits"])
    return {
        "DATE_PART": (
            rf"\b{months}\.?(?:\s+(?:the\s+)?{day})?\b",
            rf"\b(?:the\s+)?{day}\s+of\s+(?:{months}|this month|next month|last month)\b",
            rf"\b{_any(told['weekdays'])}s?\b",
            rf"\b{_any(told['holidays'])}\b",
            r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b",
            r"\b\d{1,2}/\d{1,2}\b(?!\s*(?:of|with|pain|scale))",
            rf"\bthe\s+(?:\d{{1,2}}(?:st|nd|rd|th)|{_any(told['ordinals'][12:])})\b",
        ),
        "AGE": (
            r"\b(?:9\d|1[01]\d)(?=[\s-]*(?:years?|yrs?|y/?o)\b)",
            rf"\b(?:ninety|a hundred|one hundred)(?:[\s-]{digit})?(?=[\s-]*years?\b)",
            r"(?<=\b(?:aged|turn|is|was) )(?:9\d|1[01]\d)\b(?!\s*(?:%|percent|mg|minutes|points|days|hours))",
            r"(?<=\bturned )(?:9\d|1[01]\d|ninety\S*)\b",
        ),
        "ADDRESS": (
            rf"\b\d{{1,6}}\s+(?:\w+\s+){{0,3}}?{_any(told['streets'])}\b\.?(?:\s*(?:apt|apartment|unit|suite|#)\s*\w+)?",
            r"\b(?:apartment|apt|unit|suite|room)\s+#?\d+\w*\b",
            r"\bP\.?\s?O\.?\s+Box\s+\d+\b",
        ),
        "LONG_NUMBER": (
            rf"(?<![\w.])\d(?:[\s-]?\d){{{LONG_NUMBER - 1},}}(?![\w%])",
            r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])(?-i:[A-Z0-9]+(?:-?[A-Z0-9]+)*)(?<=.{5})\b",
            rf"\b(?:{digit}[\s,-]+){{{LONG_NUMBER - 1},}}{digit}\b",
            r"\b(?:number|extension|ext|code|pin|plate|record|policy|member|account|case)\s+(?:is\s+|no\.?\s+|#\s*)*\d{3,}\w*\b",
        ),
        "MAIL": (
            r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b",
            r"\b[\w.-]+\s+at\s+[\w-]+\s+dot\s+(?:com|org|net|edu|gov|co|io|us)\b",
            r"(?<!\w)@\w{2,}",
        ),
    }


def _of_the_record(names: Iterable[str]) -> list[EntityRecognizer]:
    """One finder for every name the record knows, in whole and in parts."""
    told = _lists()
    words, capitals = set[str](), set[str]()
    for name in names:
        for part in (name.strip(), *_WORD.findall(name)):
            lowered = part.lower().strip(".-'’")
            if len(lowered) < 2 or _TITLE.match(part):  # an initial is no name
                continue
            for form in {lowered, *_short_forms(lowered)}:
                (capitals if form in told["names_that_are_words"] else words).add(form)
    expressions = [rf"\b{_any(sorted(words))}\b"] if words else []
    if capitals:
        expressions.append(rf"\b(?-i:{_any(sorted(word.capitalize() for word in capitals))})\b")
    patterns = [Pattern("record", expression, 1.0) for expression in expressions]
    return [PatternRecognizer("RECORD", patterns=patterns)] if patterns else []


def _short_forms(name: str) -> set[str]:
    return {form for forms in _lists()["short_forms"] if name in forms for form in forms}


def _joined(text: str, found: Iterable[Found]) -> list[Span]:
    """Findings that touch or overlap become one; the surest names the kind."""
    joined: list[tuple[int, int, float, str]] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        kind = KINDS[one.entity_type]
        before = joined[-1] if joined else None
        gap = text[before[1] : one.start] if before else "x"
        if before and (one.start < before[1] or (kind == before[3] and gap in (" ", "-"))):
            surer = before[2] >= one.score
            joined[-1] = (
                before[0],
                max(before[1], one.end),
                max(before[2], one.score),
                before[3] if surer else kind,
            )
        else:
            joined.append((one.start, one.end, one.score, kind))
    return [Span(start, end, kind) for start, end, _, kind in joined]


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word[0].isalpha()


def _is_nobody(words: str) -> bool:
    return all(word in _lists()["nobody"] for word in words.replace("’", "'").split("'")[0].split())


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def _lists() -> dict[str, Any]:
    path = files("holdspace.engines.language").joinpath("identifiers.yaml")
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {**told, "nobody": frozenset(map(str, told["nobody"]))}
