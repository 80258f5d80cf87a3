"""Searching the database's files leaves its locks alone: a lost one lets another process take its log away."""

from pathlib import Path

import pytest
from django.db import connection

from holdspace.people.models import Client
from holdspace.proof.beside import read_beside
from holdspace.proof.needles import of_words
from holdspace.proof.places import Decrypted, files_of_the_practice, in_files, search
from holdspace.proof.promises.privacy.database_is_encrypted import _demand_unreadable
from tests.cast import Cast

TOLD = Path("/proc/self/fdinfo")
pytestmark = pytest.mark.skipif(not TOLD.exists(), reason="this system does not tell its locks")


def locks() -> set[tuple[str, ...]]:
    """The locks this process has on the database's files, as the system tells them.

    Told file by file, each in one piece: the list of all locks (`/proc/locks`) names some twice, or not at all,
    while other processes take and give up theirs.
    """
    database = Path(connection.settings_dict["NAME"])
    files = {path.stat().st_ino for path in database.parent.glob(f"{database.name}*")}
    found = set()
    for told in TOLD.iterdir():
        try:
            if (TOLD.parent / "fd" / told.name).stat().st_ino not in files:
                continue
            rows = [line.split() for line in told.read_text().splitlines() if line.startswith("lock:")]
        except FileNotFoundError:  # this listing's own, closed by now
            continue
        found |= {tuple(row[2:]) for row in rows}
    return found


@pytest.mark.django_db(transaction=True)
def test_a_search_keeps_every_lock_of_the_database(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only the embedded database is a file")
    assert Client.objects.filter(practice=cast.practice).exists()
    before = locks()
    assert before  # an open connection has one
    needles = of_words(("nobody said this",))
    assert search([*in_files(files_of_the_practice(), needles), Decrypted()], needles) == []
    assert _demand_unreadable(Path(connection.settings_dict["NAME"])) > 0
    assert locks() == before


def test_what_is_read_beside_is_the_file_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    (tmp_path / "some").write_bytes(b"content " * 100_000)
    with read_beside(tmp_path / "some") as stream:
        assert stream.read() == b"content " * 100_000
    with read_beside(tmp_path / "some") as stream:
        assert stream.read(7) == b"content"  # and no further
    with read_beside(tmp_path / "none") as stream:
        assert stream.read() == b""
