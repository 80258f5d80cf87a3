"""Word lists as data: each YAML file in `lexicon/` names its source and date, and is checked when it is
read.
"""

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeAlias

import yaml

Entries: TypeAlias = dict[str, list[str]]


class LexiconError(ValueError):
    """A lexicon file that is not one: no source, no date, or a pattern that does not compile."""


def parse_lexicon(name: str, text: str) -> Entries:
    """The entries of a lexicon file, a list of patterns under each key; checked before anything uses them."""
    content = yaml.safe_load(text)
    if (
        not isinstance(content, dict)
        or not content.get("source")
        or not isinstance(content.get("date"), date)
    ):
        raise LexiconError(f"{name}: a lexicon says its source and its date")
    entries = content.get("entries")
    if not isinstance(entries, dict) or not entries:
        raise LexiconError(f"{name}: a lexicon has entries")
    for key, patterns in entries.items():
        if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            raise LexiconError(f"{name}: {key} is not a list of patterns")
        _compiled(name, key, tuple(patterns))
    return entries


def _compiled(name: str, key: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    try:
        return re.compile(r"\b(?:" + "|".join(patterns) + r")", re.I)
    except re.error as error:
        raise LexiconError(f"{name}: {key}: {error}") from error


@cache
def entries(name: str) -> Entries:
    """The entries of a shipped lexicon, in the file's order (earlier keys win where two match)."""
    text = files("holdspace.engines.drafting").joinpath("lexicon", f"{name}.yaml").read_text(encoding="utf-8")
    return parse_lexicon(name, text)


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """One expression for all patterns under a key, from a word's start, whatever the case."""
    return _compiled(name, key, tuple(entries(name)[key]))


def matching(name: str, text: str) -> list[str]:
    """The keys of a lexicon with a hit in the text, in the file's order."""
    return [key for key in entries(name) if pattern(name, key).search(text)]


def words(listed: str) -> frozenset[str]:
    """A short word list as one writes it: words divided by blanks."""
    return frozenset(listed.split())
