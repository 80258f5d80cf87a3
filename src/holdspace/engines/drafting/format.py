"""Note formats are data: which sections a note has and which kinds of mention each one takes.

A format is one YAML file in `formats/` (or a practice's own folder). Adding one is writing a file; the
schema is in
docs/how-to/add-a-note-format.md and is enforced here, so a wrong file fails when it is loaded and says where.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from holdspace.engines.drafting.mention import Kind
from holdspace.errors import BadInput

FORMATS = Path(__file__).parent / "formats"

OBJECTIVES = "objectives"
"""Not a kind of mention: the line that names the plan's objectives this session addressed."""

MOST_LETTERS = 100_000
MOST_NAMED = 10

_PLACES = frozenset(kind.value for kind in Kind) | {OBJECTIVES}


class BadFormat(BadInput):
    """A format file that breaks the schema."""

    code = "bad-format"


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One section: its full name, the heading a short note uses ("S"), and what belongs in it."""

    name: str
    heading: str
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoteFormat:
    """A whole format. Every kind of mention has exactly one section, so no fact is lost by changing
    format.
    """

    name: str
    sections: tuple[FormatSection, ...]
    source: str
    date: str

    def section_for(self, place: str) -> str:
        """The name of the section that takes this kind."""
        return next(section.name for section in self.sections if place in section.takes)


def known_formats(own: Path | None = None) -> tuple[str, ...]:
    """Names of the formats that come with Holdspace and of those in a practice's `own` folder, in alphabetical order.

    A file of its own that breaks the schema is passed over here; loading it says what is wrong.
    """
    names = {load_format_file(path).name for path in FORMATS.glob("*.yaml")}
    names |= {path.stem.upper() for path in (own.glob("*.yaml") if own else ()) if path.stem.isalnum()}
    return tuple(sorted(names))


def load_format(name: str, own: Path | None = None) -> NoteFormat:
    """The format called `name` in any letter case; the practice's own file wins over ours of the same name.

    Raises BadFormat when there is none or its file is wrong.
    """
    found = [
        folder / f"{name.lower()}.yaml"
        for folder in (own, FORMATS)
        if folder and _holds(folder, name.lower())
    ]
    if not found:
        known = ", ".join(known_formats(own))
        raise BadFormat("There is no note format of that name.", then=f"Choose one of {known}.")
    return load_format_file(found[0])


def _holds(folder: Path, name: str) -> bool:
    return name.isalnum() and (folder / f"{name}.yaml").is_file()


def load_format_file(path: Path) -> NoteFormat:
    """Read and check one format file."""
    try:
        document = yaml.safe_load(_text_of(path))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _wrong(path, "it is not YAML") from None
    if not isinstance(document, dict) or set(document) != {"format", "source", "date", "sections"}:
        raise _wrong(path, "needs exactly: format, source, date, sections")
    name, source, day = (_word(path, document[key]) for key in ("format", "source", "date"))
    if not isinstance(document["sections"], list):
        raise _wrong(path, "sections is not a list")
    sections = tuple(_section(path, entry) for entry in document["sections"])
    _check_places(path, sections)
    return NoteFormat(name, sections, source, day)


def _text_of(path: Path) -> str:
    """A format is a page of text; of far more nothing is read."""
    with path.open(encoding="utf-8") as file:
        text = file.read(MOST_LETTERS + 1)
    if len(text) > MOST_LETTERS:
        raise _wrong(path, "it is far longer than a format")
    return text


def _section(path: Path, entry: object) -> FormatSection:
    if not isinstance(entry, dict) or set(entry) != {"name", "heading", "takes"}:
        raise _wrong(path, "each section needs exactly: name, heading, takes")
    takes = entry["takes"]
    if not isinstance(takes, list) or not all(isinstance(place, str) for place in takes):
        raise _wrong(path, "takes is not a list of words")
    return FormatSection(_word(path, entry["name"]), _word(path, entry["heading"]), frozenset(takes))


def _named(place: str) -> str:
    """A slip by its name, where it looks like one; a message repeats no text."""
    return place if re.fullmatch(r"[a-z_ -]{1,40}", place) else "something that is no kind's name"


def _word(path: Path, value: object) -> str:
    """A single value as text. A list would do too, but a nested one could unpack to any length."""
    if not isinstance(value, str | int | float | date):
        raise _wrong(path, "format, source, date, name and heading are words")
    return str(value)


def _check_places(path: Path, sections: tuple[FormatSection, ...]) -> None:
    taken = [place for section in sections for place in section.takes]
    unknown = sorted(set(taken) - _PLACES)
    twice = sorted({place for place in taken if taken.count(place) > 1})
    missing = sorted(_PLACES - set(taken))
    for what, places in (("unknown", unknown), ("in two sections", twice), ("in no section", missing)):
        if places:
            raise _wrong(path, f"{what}: {', '.join(_named(place) for place in places[:MOST_NAMED])}")


def _wrong(path: Path, why: str) -> BadFormat:
    return BadFormat(f"The note format file {path.name} cannot be used: {why}.", then="Correct the file.")
