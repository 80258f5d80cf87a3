"""The states' laws: 51 rows, each with its source and date, and never a guess that looks like knowledge."""

import tomllib
from datetime import date
from typing import Any

import pytest

from tests.walls.tree import SOURCE

STATES = SOURCE / "consent" / "states.toml"
CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
TOPICS = ("recording", "ai", "minors", "substance", "telehealth")
ALL_PARTY = "CA CT DE FL IL MD MA MI MT NV NH OR PA WA"  # RULES section 3


def faults(row: dict[str, Any], today: date) -> list[str]:
    """What is wrong with a row."""
    found = [] if str(row.get("source", "")).strip() else ["no source"]
    dated = row.get("date")
    found += [] if isinstance(dated, date) and date(2025, 1, 1) <= dated <= today else ["no date"]
    found += [f"no {topic}" for topic in TOPICS if topic not in row]
    for topic in TOPICS:
        told = row.get(topic, {})
        if told.get("unknown") is True:
            found += (
                [] if told.get("instead") and "law" not in told else [f"{topic}: unknown without instead"]
            )
        elif topic in row:
            found += [] if told.get("law") and told["law"] in row.get("source", "") else [f"{topic}: no law"]
    if not row.get("recording", {}).get("unknown") and row.get("recording", {}).get("rule") not in (
        "all",
        "one",
    ):
        found.append("recording: no rule")
    age = row.get("minors", {}).get("age")
    found += [] if age is None or 7 <= age < 18 else ["minors: no age"]
    return found + _faults_of_care(row.get("substance", {}))


def _faults_of_care(told: dict[str, Any]) -> list[str]:
    """Who may say yes to a minor's care for substance use: one answer and where it was read, or that we do not know."""
    answers = {"alone_from", "with_guardian"} & set(told)
    if told.get("unknown"):
        return ["substance: unknown and an answer"] if answers else []
    alone_from = told.get("alone_from", 0)
    is_one = len(answers) == 1 and told.get("with_guardian", True) is True and 0 <= alone_from < 18
    return [] if is_one and told.get("seen") else ["substance: no answer, or nowhere read"]


def rows() -> list[dict[str, Any]]:
    """The rows as they are kept."""
    return list(tomllib.loads(STATES.read_text(encoding="utf-8"))["states"])


def test_there_are_51_jurisdictions_each_once() -> None:
    assert len(rows()) == 51
    assert {row["code"] for row in rows()} == set(CODES.split())


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["code"]))
def test_a_row_says_its_source_its_date_and_what_is_not_known(row: dict[str, Any]) -> None:
    assert faults(row, date.today()) == []  # noqa: DTZ011  a day's difference does not matter here


def test_the_all_party_states_are_those_of_the_rules() -> None:
    assert {row["code"] for row in rows() if row["recording"].get("rule") == "all"} == set(ALL_PARTY.split())


LAWS_THAT_MOVED = {  # RULES section 3 and FACTS section Security: what each row must name, and say in its words
    "ME": ("LD 2082", "in writing", "same care"),
    "CO": ("HB26-1195", "in writing", "may not do"),
    "NV": ("AB 406", "notes or bills", "licensed person"),
    "IL": ("Public Act 104-0054", "in writing", "feelings"),
    "TX": ("SB 1188", "told", "reads each line"),
    "UT": ("HB 452", "told", "does not talk to you"),
    "CA": ("AB 3030", "told", "reads each line"),
}


@pytest.mark.parametrize("code", LAWS_THAT_MOVED)
def test_a_row_says_what_the_rules_and_facts_say_of_its_law(code: str) -> None:
    (told,) = [row["ai"] for row in rows() if row["code"] == code]
    law, *words = LAWS_THAT_MOVED[code]
    assert law in told["law"]
    assert [said for said in words if said not in told["says"]] == []


GOOD = {
    "source": "A § 1; B § 2",
    "date": date(2026, 11, 1),
    "recording": {"rule": "all", "law": "A § 1"},
    "ai": {"unknown": True, "instead": "ask"},
    "minors": {"age": 12, "law": "B § 2"},
    "substance": {"alone_from": 12, "law": "B § 2", "seen": "the legislature's page, 2026"},
    "telehealth": {"unknown": True, "instead": "ask"},
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"source": ""},
        {"date": "2026-11-01"},
        {"date": date(2027, 1, 1)},
        {"recording": {"rule": "two", "law": "A § 1"}},
        {"recording": {"rule": "all", "law": "C § 9"}},
        {"ai": {"unknown": True}},
        {"ai": {}},
        {"minors": {"age": 3, "law": "B § 2"}},
        {"substance": {"alone_from": 12, "law": "B § 2"}},
        {"substance": {"alone_from": 18, "law": "B § 2", "seen": "there"}},
        {"substance": {"law": "B § 2", "seen": "there"}},
        {"substance": {"alone_from": 12, "with_guardian": True, "law": "B § 2", "seen": "there"}},
        {"substance": {"unknown": True, "instead": "both", "alone_from": 12}},
    ],
)
def test_the_wall_lets_a_good_row_pass_and_stops_a_bad_one(change: dict[str, Any]) -> None:
    assert bool(faults({**GOOD, **change}, date(2026, 11, 24))) == bool(change)
