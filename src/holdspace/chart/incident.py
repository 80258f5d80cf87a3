"""What to do when something is wrong, in plain words: data, shown in the app and written out in the manual."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what to do under it, in order."""

    heading: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """The whole page."""

    title: str
    lead: str
    source: str
    date: str
    parts: tuple[Part, ...]


@cache
def incident() -> Incident:
    """The page, from incident.toml."""
    told = tomllib.loads(files("holdspace.chart").joinpath("incident.toml").read_text(encoding="utf-8"))
    parts = tuple(Part(part["heading"], tuple(part["steps"])) for part in told["parts"])
    return Incident(told["title"], told["lead"], told["source"], f"{told['date']:%Y-%m-%d}", parts)
