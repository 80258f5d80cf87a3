"""A practice's folder for tests of real processes."""

import os
import sys
from pathlib import Path

import pytest

from tests.faults.processes import PASSPHRASE


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A practice's folder of its own, its passphrase in a file."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOLDSPACE_", "DATABASE_"))
    }
    if weights := os.environ.get("HOLDSPACE_WEIGHTS"):
        kept["HOLDSPACE_WEIGHTS"] = weights
    ours = {"HOLDSPACE_HOME": str(tmp_path / "practice"), "HOLDSPACE_PASSPHRASE_FILE": str(passphrase)}
    return {**kept, **ours, "PYTHONPATH": ":".join(sys.path)}
