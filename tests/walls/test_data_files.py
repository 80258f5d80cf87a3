"""Every rule kept as data says where it comes from and as of when."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.walls.tree import SOURCE, kept, short

DATA_FILES = sorted(kept(SOURCE, ".yaml", ".yml", ".toml"))
OLDEST = date(2010, 1, 1)


def faults(text: str, ending: str, today: date) -> list[str]:
    """What is missing from a data file's head."""
    data = tomllib.loads(text) if ending == ".toml" else yaml.safe_load(text)
    if not isinstance(data, dict):
        return ["not a table with a head"]
    source, dated = data.get("source", data.get("sources")), data.get("date")
    return [] if _is_said(source) and _is_recent(dated, today) else [f"source {source!r}, date {dated!r}"]


def _is_said(source: object) -> bool:
    parts = (
        source if isinstance(source, list) else [*source.values()] if isinstance(source, dict) else [source]
    )
    return bool(parts) and all(isinstance(part, str) and part.strip() for part in parts)


def _is_recent(dated: object, today: date) -> bool:
    if isinstance(dated, str):
        try:
            dated = date.fromisoformat(dated)
        except ValueError:
            return False
    return isinstance(dated, date) and OLDEST <= dated <= today


@pytest.mark.parametrize("path", DATA_FILES, ids=short)
def test_a_data_file_says_its_source_and_date(path: Path) -> None:
    today = date.today()  # noqa: DTZ011  a day's difference between zones does not matter here
    assert faults(path.read_text(encoding="utf-8"), path.suffix, today) == []


TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("source: RULES of the field, section 5\ndate: 2026-10-01\nterms: []", ".yaml"),
        ("source: [one, another]\ndate: '2026-10-01'", ".yaml"),
        ('source = "the publisher"\ndate = 2026-10-01', ".toml"),
    ],
)
def test_the_wall_lets_good_data_pass(text: str, ending: str) -> None:
    assert faults(text, ending, TODAY) == []


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("terms: []", ".yaml"),
        ("- a\n- b", ".yaml"),
        ("source: ' '\ndate: 2026-10-01", ".yaml"),
        ("source: somewhere\ndate: last year", ".yaml"),
        ("source: somewhere\ndate: 2027-01-01", ".yaml"),
        ('source = "the publisher"', ".toml"),
    ],
)
def test_the_wall_stops_bad_data(text: str, ending: str) -> None:
    assert faults(text, ending, TODAY)
