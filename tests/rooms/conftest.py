"""A practice's folder for the night's work, and another machine to restore it on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from holdspace.safekeeping.actions import set_retention
from holdspace.safekeeping.rules import Kept
from holdspace.vault.home import prepare
from holdspace.vault.keys import ring
from tests.cast import PASSPHRASE, Cast
from tests.faults.processes import COMMAND


@pytest.fixture
def night_home(cast: Cast) -> Iterator[None]:
    """The practice's folder, and no backup in every test: they have tests of their own."""
    prepare(settings.CONFIG.home)
    (settings.CONFIG.home / "keyfile.json").write_bytes(b"{}")
    set_retention(cast.maya, cast.practice, kept=Kept(backs_up_nightly=False))
    yield
    ring.put(ring.practice_key())


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Another machine: an empty folder, and an empty database of the kind this run has."""
    names = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOLDSPACE_", "DATABASE_"))
    }
    (tmp_path / "words").write_text(PASSPHRASE + "\n")
    ours = {
        "HOLDSPACE_HOME": str(tmp_path / "elsewhere"),
        "HOLDSPACE_PASSPHRASE_FILE": str(tmp_path / "words"),
        "PYTHONPATH": ":".join(sys.path),
    }
    if connection.vendor == "sqlite":
        yield {**names, **ours}
        return
    described = connection.settings_dict
    name = f"elsewhere_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://{described['USER']}@{quote(str(described['HOST']), safe='')}/{name}"
    yield {**names, **ours, "DATABASE_URL": url}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
