"""The pages on security that follow from data: the standard's requirements, and what to do when something is wrong."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from holdspace.chart.incident import incident

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).with_name("asvs.toml")
MADE = "<!-- Written by `make docs`; edit the data, not this page. -->"
MET, NOT_APPLICABLE, NOT_MET = "met", "not applicable", "not met"
CHAPTERS = {
    1: "Encoding and cleaning", 2: "Validation and business logic", 3: "The browser", 4: "Requests and services",
    5: "Files", 6: "Signing in", 7: "Sign-ins that last", 8: "Who may do what", 9: "Self-contained tokens",
    10: "OAuth and OIDC", 11: "Cryptography", 12: "Secure lines", 13: "Configuration", 14: "Data protection",
    15: "Code and architecture", 16: "Logs and errors", 17: "WebRTC",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement, where it stands, and what shows it."""

    number: str
    level: int
    says: str
    stands: str
    by: tuple[str, ...]
    why: str

    @property
    def chapter(self) -> int:
        """The standard's chapter."""
        return int(self.number[1:].split(".")[0])

    @property
    def tests(self) -> tuple[str, ...]:
        """What of it is a test."""
        return tuple(shown for shown in self.by if shown.startswith("tests/") and "::" in shown)

    @property
    def files(self) -> tuple[str, ...]:
        """What of it is a file to read."""
        return tuple(shown for shown in self.by if "::" not in shown)


def requirements() -> tuple[Requirement, ...]:
    """All of them, in order. A short name that stands for no test is an error."""
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    names: dict[str, str] = told["shown"]
    found = [_requirement(number, row, names) for number, row in told["requirements"].items()]
    return tuple(sorted(found, key=lambda one: [int(part) for part in one.number[1:].split(".")]))


def _requirement(number: str, row: dict[str, Any], names: dict[str, str]) -> Requirement:
    by = tuple(shown if "/" in shown else names[shown] for shown in row.get("by", ()))
    return Requirement(number, row["level"], row["says"], row["is"], by, row.get("why", ""))


def security() -> str:
    """The table of requirements, with how many hold."""
    every = requirements()
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    parts = ["# Security, requirement by requirement", MADE, _head(every, told)]
    for chapter, rows in groupby(every, key=lambda one: one.chapter):
        lines = [
            "| requirement | level | in short | stands | shown by |",
            "|---|---|---|---|---|",
            *map(_line, rows),
        ]
        parts += [f"## {chapter}. {CHAPTERS[chapter]}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _head(every: tuple[Requirement, ...], told: dict[str, Any]) -> str:
    counts = Counter(one.stands for one in every)
    applicable = [one for one in every if one.stands != NOT_APPLICABLE]
    with_test = sum(bool(one.tests) for one in applicable)
    return (
        f"Source: {told['source']} ({told['date']:%Y-%m-%d}). The numbers and levels are the standard's, the words are ours and "
        "shorter; where they differ, the standard counts. The table itself is under the same licence, CC BY-SA 4.0.\n\n"
        f"Of {len(every)} requirements of levels 1 and 2, {len(applicable)} apply here: **{counts[MET]} are met, {counts[NOT_MET]} are not**; "
        f"{counts[NOT_APPLICABLE]} are about what is not here, and say so. {with_test} of the {len(applicable)} "
        f"({100 * with_test // len(applicable)} %) name a test, or a rule `make lint` holds the source to, that fails when they no longer hold."
    )


def _line(one: Requirement) -> str:
    shown = "<br>".join(f"`{what}`" for what in one.by)
    words = f"{one.stands}{f' ({one.why})' if one.why else ''}"
    return f"| {one.number} | {one.level} | {one.says} | {words} | {shown or '–'} |"


def when_wrong() -> str:
    """What to do when something is wrong: the same words as in the app."""
    told = incident()
    parts = [
        f"# {told.title}",
        MADE,
        told.lead,
        "The same page is in the app: on the page of the practice, and on the log's.",
    ]
    for part in told.parts:
        parts += [f"## {part.heading}", "\n".join(f"{n}. {step}" for n, step in enumerate(part.steps, 1))]
    return (
        "\n\n".join([*parts, f"Sources: {told.source}. As of {told.date}. This is not legal advice."]) + "\n"
    )
