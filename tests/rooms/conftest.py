"""A practice's key file, and another machine to restore it on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from holdspace.vault import keyfile
from holdspace.vault.home import prepare
from holdspace.vault.keys import ring
from tests.cast import Cast

PASSPHRASE = "harbor lamp mosaic"


@pytest.fixture
def key_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001  # before the key is named
    """The key file of the key this test database has."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    home = settings.CONFIG.home
    prepare(home)
    key = ring.practice_key()
    lock = keyfile.sealed(keyfile.PASSPHRASE, PASSPHRASE, key)
    (home / "keyfile.json").write_bytes(keyfile.written(key, {keyfile.PASSPHRASE: lock}))
    ring.put(key, keyfile=home / "keyfile.json")
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
    start = [sys.executable, "-c", "from holdspace.cli.main import main; main()", *words]
    return subprocess.run(start, env=environment, capture_output=True, text=True, check=False, timeout=300)
