"""Planted faults are found: a few of them here, all of them by hand (`python -m evaluation.planted_faults`)."""

from pathlib import Path

import pytest
from evaluation.planted_faults.__main__ import Fault, copied, faults, tried

from tests.walls.tree import ROOT

QUICK = (
    "a client's name is trusted as markup",
    "signing does not pass the gate",
    "every value is sealed with the same nonce",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything."""
    made = tmp_path_factory.mktemp("tree")
    copied(made)
    return made


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_fault_is_found_and_taken_away_again(tree: Path, name: str) -> None:
    (fault,) = [one for one in faults() if one.name == name]
    assert tried(fault, tree) not in ("", "does not apply")
    assert (tree / fault.file).read_bytes() == (ROOT / fault.file).read_bytes()


def test_a_fault_that_changes_nothing_is_not_found(tree: Path) -> None:
    words = Fault(
        name="nothing",
        kind="none",
        file="src/holdspace/vault/envelope.py",
        find="A fresh 256-bit key.",
        replace="A new 256-bit key.",
        look=("tests/unit/test_envelope.py",),
    )
    assert tried(words, tree) == ""


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_every_fault_still_fits_the_code(fault: Fault) -> None:
    """Where code has moved on, its fault moves on with it, or the measure would quietly grow easier."""
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    assert text.count(fault.find) == 1 or (fault.every and fault.find in text)
    assert not fault.also[0] or text.count(fault.also[0]) == 1


def test_there_are_enough_of_them_and_of_every_class() -> None:
    assert len(faults()) >= 30
    assert len({fault.kind for fault in faults()}) >= 20
