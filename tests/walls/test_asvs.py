"""The table of requirements is true to what it names: each requirement there, each test there, enough of them tests."""

import pytest
from docs.security import MET, NOT_APPLICABLE, NOT_MET, Requirement, requirements

from tests.security.test_rules import rules_in
from tests.walls.tree import ROOT, functions, parsed

# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
LEAST_WITH_A_TEST = 0.80
EVERY = requirements()


def missing(requirement: Requirement) -> list[str]:
    """What a requirement names that is not there."""
    return [test for test in requirement.tests if not _is_test(test)] + [
        file for file in requirement.files if not (ROOT / file.partition("::")[0]).is_file()
    ]


def _is_test(test: str) -> bool:
    """Whether it is there: a test, or a rule that `make lint` holds the source to."""
    path, _, name = test.partition("::")
    file = ROOT / path
    if file.suffix == ".yaml":
        return name in rules_in(file)
    return file.is_file() and name in {function.name for function in functions(parsed(file))}


def faults(requirement: Requirement) -> list[str]:
    """What is not as it should be in a row."""
    found = [f"no such thing: {name}" for name in missing(requirement)]
    found += (
        [] if requirement.stands in (MET, NOT_APPLICABLE, NOT_MET) else [f"stands {requirement.stands!r}"]
    )
    found += ["met, and nothing shows it"] if requirement.stands == MET and not requirement.by else []
    found += (
        ["not met or not applicable, and no reason"]
        if requirement.stands != MET and not requirement.why
        else []
    )
    return found + ([] if requirement.level in (1, 2) and requirement.says else ["no level or no words"])


def test_every_requirement_of_both_levels_is_there_once() -> None:
    counts: dict[int, int] = {}
    for one in EVERY:
        counts[one.chapter] = counts.get(one.chapter, 0) + 1
    assert counts == CHAPTERS
    assert len({one.number for one in EVERY}) == len(EVERY) == 253


@pytest.mark.parametrize("requirement", EVERY, ids=lambda one: one.number)
def test_what_a_requirement_names_is_there(requirement: Requirement) -> None:
    assert faults(requirement) == []


def test_most_of_what_applies_is_shown_by_a_test() -> None:
    applicable = [one for one in EVERY if one.stands != NOT_APPLICABLE]
    assert sum(bool(one.tests) for one in applicable) / len(applicable) >= LEAST_WITH_A_TEST


def test_the_wall_sees_what_is_wrong() -> None:
    good = Requirement(
        "V1.1.1", 1, "x", MET, ("tests/walls/test_asvs.py::test_the_wall_sees_what_is_wrong",), ""
    )
    assert faults(good) == []
    for change in (
        {"by": ()},
        {"by": ("tests/walls/test_asvs.py::test_nothing",)},
        {"by": ("tests/security/rules/flows.yaml::nothing-of-the-kind",)},
        {"by": ("docs/nothing.md",)},
        {"stands": "perhaps"},
        {"stands": NOT_MET},
        {"level": 3},
        {"says": ""},
    ):
        assert faults(Requirement(**{**{name: getattr(good, name) for name in good.__slots__}, **change})), (
            change
        )
