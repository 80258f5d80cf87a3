"""Flag words that stigmatize or cast doubt, with the reason and an alternative. Never changes a word.

The lexicon is `lexicon/bias.yaml`, each term with its source. Quotations are left alone: a client may say
anything.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from holdspace.engines.note import Draft, WordFlagJson
from holdspace.errors import BadInput

LEXICON = Path(__file__).parent / "lexicon" / "bias.yaml"
_QUOTED = re.compile(
    r"\"[^\"]*\"|“[^”]*”"
    r"|(?<!\w)'(?!\d\ds)(?:[^']|(?<=\w)'(?=\w))*'(?!\w)|‘(?:[^’]|(?<=\w)’(?=\w))*’(?!\w)"
)
"""Quotations, in single marks too: an apostrophe within a word ends none, and '90s begins none."""


@dataclass(frozen=True, slots=True)
class Term:
    """A pattern to flag, what to write instead, why, and the published source."""

    pattern: re.Pattern[str]
    instead: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A flagged word: where it stands in the text, and what the lexicon says of it."""

    start: int
    end: int
    words: str
    instead: str
    why: str
    source: str


def flags(text: str, *, lexicon: Path = LEXICON, preferred: tuple[str, ...] = ()) -> tuple[Flag, ...]:
    """Flags in a text, in order. `preferred` are words this person uses of themself, which override the
    list.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    kept = {word.lower() for word in preferred}
    found = [
        Flag(match.start(), match.end(), match.group(0), term.instead, term.why, term.source)
        for term in load_terms(lexicon)
        for match in term.pattern.finditer(text)
        if match.group(0).lower() not in kept and not any(a <= match.start() < b for a, b in quoted)
    ]
    return tuple(sorted(found, key=lambda flag: flag.start))


def flags_in(draft: Draft) -> tuple[WordFlagJson, ...]:
    """The flags of a whole draft, each with its section and the index of its sentence there."""
    return tuple(
        WordFlagJson(
            section=section.name,
            sentence=place,
            start=flag.start,
            end=flag.end,
            term=flag.words,
            reason=flag.why,
            alternative=flag.instead,
            source=flag.source,
        )
        for section in draft.sections
        for place, sentence in enumerate(section.sentences)
        for flag in flags(sentence.text)
    )


@cache
def load_terms(path: Path) -> tuple[Term, ...]:
    """Read and check a lexicon. Raises BadInput naming the entry that is wrong."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or set(document) != {"date", "sources", "terms"}:
        raise BadInput(f"The lexicon {path.name} needs exactly: date, sources, terms.")
    return tuple(_term(path, entry, document["sources"]) for entry in document["terms"])


def _term(path: Path, entry: dict[str, str], sources: dict[str, str]) -> Term:
    if set(entry) != {"pattern", "instead", "why", "source"} or entry["source"] not in sources:
        raise BadInput(f"The lexicon {path.name} has a wrong entry: {entry.get('pattern', '?')}.")
    return Term(re.compile(entry["pattern"], re.I), entry["instead"], entry["why"], sources[entry["source"]])
