"""A `Style` as the habits she reads and corrects, and back. Her correction wins over what was learnt.

Values are words, as kept and shown (`holdspace.assist.voice` says how each reads).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median

from holdspace.engines.drafting.session import Person
from holdspace.engines.drafting.style import SHORT_FORMS, Style

SAYING = {
    "share": ("shared", "shares"),
    "report": ("reported", "reports"),
    "rpt": ("reported", "Rpts"),
    "state": ("stated", "states"),
    "voice": ("voiced", "voices"),
    "note": ("noted", "notes"),
    "say": ("said", "says"),
}
"""Past and present of the words that introduce a report."""
SCORE_JOINTS = {"was": ", was ", "(was)": " (was ", "(from)": " (from ", "compared with": ", compared with "}
QUOTE_MARKS = {"double": '"', "single": "'"}
_SECTION = re.compile(r"([A-Z][A-Za-z ]{0,30}): (.+)")


def habits_of(style: Style) -> dict[str, str]:
    """The style's habits by key."""
    return {
        "naming": style.label,
        "self": style.own_name,
        "sentences": "fragments" if style.is_fragments else "full",
        "tense": "past" if style.is_past else "present",
        "saying": next((verb for verb, forms in SAYING.items() if style.saying in forms), "report"),
        "short_forms": ",".join(short for _, short in style.short_forms),
        "risk": "short" if style.risk_short else "words",
        "plans": style.will,
        "next_visit": style.return_phrase,
        "scores": _key(SCORE_JOINTS, style.score_joint),
        "quote_marks": _key(QUOTE_MARKS, style.quote_mark),
        "length": str(style.usual_words) if style.usual_words else "",
    }


def corrected(style: Style, corrections: Mapping[str, str]) -> Style:
    """The style with her corrections in it. The verb of saying follows the tense, whichever of them she corrected."""
    said = {**habits_of(style), **corrections}
    is_past = said["tense"] == "past"
    past, present = SAYING[said["saying"]]
    return replace(
        style,
        label=said["naming"],
        own_name=said["self"],
        is_fragments=said["sentences"] == "fragments",
        is_past=is_past,
        saying=past if is_past else present,
        short_forms=tuple(pair for pair in SHORT_FORMS if pair[1] in said["short_forms"].split(",")),
        risk_short=said["risk"] == "short",
        will=said["plans"],
        return_phrase=said["next_visit"],
        score_joint=SCORE_JOINTS[said["scores"]],
        quote_mark=QUOTE_MARKS[said["quote_marks"]],
        usual_words=int(said["length"] or 0),
    )


def named_for(style: Style, client: Person, *, first_name: str) -> Style:
    """The style for one client: where the label is the word that stands for a first name, hers instead."""
    if style.label != first_name:
        return style
    return replace(style, label=client.name.split()[0] if client.name.split() else "Client")


def section_words(signed_notes: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The usual length of each section, in words, in the order the sections come in her notes."""
    counts: dict[str, list[int]] = {}
    for note in signed_notes:
        for line in note.splitlines():
            if found := _SECTION.match(line):
                counts.setdefault(found[1], []).append(len(found[2].split()))
    return tuple((name, round(median(words))) for name, words in counts.items())


def _key(table: Mapping[str, str], value: str) -> str:
    return next(key for key, kept in table.items() if kept == value)
