"""The import contracts hold, and each of them breaks when its fault is planted in a copy of the tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.walls.tree import ROOT

FLOORS = "The floors"
FAULTS = [
    # (contract that must break, file that gets the line, the line)
    (FLOORS, "web/planted.py", "import holdspace.cli"),
    (FLOORS, "people/planted.py", "import holdspace.chart"),
    (FLOORS, "schedule/planted.py", "import holdspace.assist"),
    (FLOORS, "ui/planted.py", "import holdspace.people"),
    (FLOORS, "room/planted.py", "def inside() -> None:\n    import holdspace.web"),
    (FLOORS, "vault/planted.py", "import holdspace.weights"),
    (FLOORS, "helpers/__init__.py", ""),
    ("Inside a room", "chart/models.py", "from holdspace.chart import actions"),
    ("Engines among themselves", "engines/drafting/planted.py", "import holdspace.engines.speech"),
    ("Engines among themselves", "engines/language/planted.py", "import holdspace.engines.drafting"),
    ("Engines among themselves", "engines/utils/__init__.py", ""),
    ("Engines are plain", "engines/drafting/planted.py", "import django.db"),
    ("Engines are plain", "engines/language/planted.py", "import httpx"),
    ("Engines are plain", "engines/speech/planted.py", "import holdspace.weights"),
    ("One doorway to AI", "chart/planted.py", "import holdspace.engines.speech"),
    ("One doorway to AI", "workflows/planted.py", "import holdspace.engines.drafting"),
    ("Views touch no models", "people/views.py", "import holdspace.people.models"),
    ("Views touch no models", "chart/views/planted.py", "import holdspace.people.models"),
    ("Rules are plain", "chart/rules.py", "from django.db.models import Sum"),
]
ALLOWED = [
    ("chart/planted.py", "import holdspace.engines.note"),
    ("assist/planted.py", "import holdspace.engines.drafting"),
    ("engines/speech/planted.py", "import holdspace.errors"),
    ("cli/planted.py", "import holdspace.workflows"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the source and its contracts, where faults can be planted."""
    left_behind = shutil.ignore_patterns("__pycache__", "*.egg-info", "demo_data")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=left_behind)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over a house."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(house: Path, name: str, line: str) -> None:
    """Append a line to a file of the house, making the file, and what it imports, where they are not
    there yet.
    """
    file = house / "src" / "holdspace" / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    for needed in ("people/models.py", "chart/actions.py"):
        (house / "src" / "holdspace" / needed).touch()


def test_the_contracts_hold(house: Path) -> None:
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(("contract", "name", "line"), FAULTS)
def test_a_planted_fault_breaks_its_contract(house: Path, contract: str, name: str, line: str) -> None:
    plant(house, name, line)
    linted = lint(house)
    broken = [row for row in linted.stdout.splitlines() if row.startswith(contract)]
    assert linted.returncode == 1, linted.stdout
    assert "KEPT" not in "".join(broken), linted.stdout
    assert f"\n{contract}" in linted.stdout.split("Broken contracts")[1]


def test_what_the_contracts_allow_is_allowed(house: Path) -> None:
    for name, line in ALLOWED:
        plant(house, name, line)
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout
