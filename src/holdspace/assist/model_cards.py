"""Model cards: what each model and each of our own rules is, in words a client can be shown.

A card is a file of `cards/`. It carries the 31 source attributes of 45 CFR 170.315(b)(11)(iv)(B) (ONC HTI-1); what is
the same for every model by others, or for all our rules, stands once in `cards/common.toml`. Nothing of an engine is
loaded to show a card.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from holdspace.assist.rules import SWITCHES
from holdspace.weights.catalogue import Entry, catalogue

Kind = Literal["model", "rules"]

OURS = Path(__file__).parents[1]
NOT_CARDS = ("common.toml", "figures.toml")
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "Details and output": {
        "developer": "Developer, and how to reach them",
        "funding": "Who paid for it",
        "output": "What comes out",
        "output_type": "Kind of output",
    },
    "Purpose": {
        "use": "Intended use",
        "population": "For which clients",
        "users": "For which users",
        "role": "Its part in decisions",
    },
    "Not to be used for": {
        "out_of_scope": "Where it must not be used",
        "risks": "Known risks and limits",
    },
    "How it was made": {
        "criteria": "What went into the training data and what was kept out",
        "variables": (
            "Whether race, ethnicity, language, orientation, gender, sex, date of birth, social or health data go in"
        ),
        "demographics": "Whom the training data stand for",
        "relevance": "How near the training data are to a therapy room",
    },
    "Fairness while it was made": {
        "fairness": "What was done so that its output is fair",
        "bias": "How bias is kept small",
    },
    "Checked by others": {
        "external_data": "On what, and where",
        "external_party": "By whom",
        "external_demographics": "Whom those data stand for",
        "external_process": "How",
    },
    "Figures": {
        "validity": "On data like the training data",
        "fairness_figures": "Fairness, on data like the training data",
        "external_validity": "On other data",
        "external_fairness": "Fairness, on other data",
        "outcomes": "Studies of what its use changes for clients",
    },
    "Kept watch over": {
        "monitoring": "How its figures are watched",
        "local_validity": "Figures in this practice",
        "fairness_monitoring": "How fairness is watched",
        "local_fairness": "Fairness in this practice",
    },
    "Changes": {
        "updates": "How and how often it changes",
        "correction": "How and how soon faults are mended",
    },
}
"""The 31 source attributes, by their nine groups, in the rule's order."""


class BadCard(ValueError):
    """A card's file that breaks the schema; the message says which and where."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure, with the place in docs/explanation/fidelity.md that has it."""

    id: str
    what: str
    value: str
    goal: str
    on: date


@dataclass(frozen=True, slots=True)
class Card:
    """A model or a rule-based step. `sha256` names exactly this version of it."""

    name: str
    kind: Kind
    title: str
    switch: str
    purpose: str
    inputs: str
    outputs: str
    made_by: str
    how_made: str
    licence: str
    sha256: str
    figures: tuple[Figure, ...]
    failures: tuple[str, ...]
    changed: date
    change: str
    source: str
    attributes: Mapping[str, str]

    @property
    def groups(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """The source attributes as a page shows them: group, then (what is asked, the answer)."""
        return tuple(
            (group, tuple((asked, self.attributes[key]) for key, asked in keys.items()))
            for group, keys in ATTRIBUTES.items()
        )


@cache
def cards() -> tuple[Card, ...]:
    """Every card, in the order of the session: hearing first, then the draft."""
    folder = files("holdspace.assist.cards")
    common, figures = _told(folder / "common.toml"), read_figures(_told(folder / "figures.toml"))
    told = [
        _told(path) for path in folder.iterdir() if path.name.endswith(".toml") and path.name not in NOT_CARDS
    ]
    return tuple(read_card(row, common, figures) for row in sorted(told, key=lambda row: row["order"]))


def card(name: str) -> Card | None:
    """One card, or None."""
    return next((found for found in cards() if found.name == name), None)


def read_figures(told: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures file: each figure by its id."""
    return {
        row["id"]: Figure(row["id"], row["what"], row["value"], row.get("goal", ""), told["date"])
        for row in told["figure"]
    }


def read_card(told: Mapping[str, Any], common: Mapping[str, Any], figures: Mapping[str, Figure]) -> Card:
    """A card from its file. Raises BadCard naming the first thing that is missing or unknown."""
    name = str(told.get("name", "?"))
    missing = {
        "name", "order", "kind", "title", "switch", "purpose", "inputs", "outputs", "made_by", "how_made",
        "licence", "failures", "changed", "change", "source", "date", "figures", "attributes",
    } - told.keys()  # fmt: skip
    if missing:
        raise BadCard(f"{name} lacks {', '.join(sorted(missing))}")
    attributes = {**common[told["kind"]], **told["attributes"]}
    wanted = {key for keys in ATTRIBUTES.values() for key in keys}
    if attributes.keys() != wanted or not all(str(value).strip() for value in attributes.values()):
        raise BadCard(
            f"{name}: source attributes {sorted(attributes.keys() ^ wanted)} are missing or not known"
        )
    if told["switch"] not in SWITCHES:
        raise BadCard(f"{name}: there is no switch {told['switch']}")
    if unknown := [key for key in told["figures"] if key not in figures]:
        raise BadCard(f"{name}: no such figures: {', '.join(unknown)}")
    return Card(
        **{key: told[key] for key in (
            "name", "kind", "title", "switch", "purpose", "inputs", "outputs", "made_by", "how_made", "licence",
            "changed", "change", "source",
        )},
        sha256=_sha256(name, told),
        figures=tuple(figures[key] for key in told["figures"]),
        failures=tuple(told["failures"]),
        attributes=attributes,
    )  # fmt: skip


def weights_of(name: str) -> Entry | None:
    """The catalogue's entry a card is about, or None for a model inside a package and for our rules."""
    return next((entry for entry in catalogue() if entry.name == name), None)


def _sha256(name: str, told: Mapping[str, Any]) -> str:
    if "code" in told:
        return _listing_sha256(tuple(told["code"]))
    if "package" in told:
        return _member_sha256(*told["package"])
    entry = weights_of(name)
    if entry is None:
        raise BadCard(f"{name} is neither in the catalogue nor a package's file nor code of ours")
    return entry.sha256


@cache
def _listing_sha256(parts: tuple[str, ...]) -> str:
    found = sorted(path for part in parts for path in _below(OURS / part) if "__pycache__" not in path.parts)
    if not found:
        raise BadCard(f"no code at {', '.join(parts)}")
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(OURS)}\n" for path in found)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@cache
def _member_sha256(package: str, member: str) -> str:
    spec = find_spec(package)  # finds a top-level package without importing it
    places = spec.submodule_search_locations if spec else None
    found = [Path(place) / member for place in places or () if (Path(place) / member).is_file()]
    return hashlib.sha256(found[0].read_bytes()).hexdigest() if found else ""


def _below(path: Path) -> list[Path]:
    return [path] if path.is_file() else [found for found in path.rglob("*") if found.is_file()]


def _told(path: Traversable) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
