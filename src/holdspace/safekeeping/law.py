"""How long a record is kept at least, by state (retention.toml). Where a row is not sure, the strictest rule stands."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

UNKNOWN: dict[str, Any] = {"name": "your state", "adult": {}, "minor": {}}


@dataclass(frozen=True, slots=True)
class Least:
    """The least a state asks for. `law` says where it is written, or that we are not sure."""

    state: str
    adult_years: int
    adult_law: str
    minor_until_age: int
    minor_law: str


def least_of(code: str) -> Least:
    """What counts in that state; for an unknown one the strictest."""
    told = _told()
    rows: list[dict[str, Any]] = told["states"]
    row = next((row for row in rows if row["code"] == code), UNKNOWN)
    strictest = told["strictest"]
    return Least(
        state=row["name"],
        adult_years=row["adult"].get("years", strictest["adult_years"]),
        adult_law=row["adult"].get("law", strictest["law"]),
        minor_until_age=row["minor"].get("until_age", strictest["minor_until_age"]),
        minor_law=row["minor"].get("law", strictest["law"]),
    )


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(
        files("holdspace.safekeeping").joinpath("retention.toml").read_text(encoding="utf-8")
    )
