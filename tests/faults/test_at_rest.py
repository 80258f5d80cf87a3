"""The embedded database at rest: an encrypted file, a full disk, guards that survive being emptied."""

from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client as Browser
from sqlcipher3 import dbapi2

from holdspace.errors import DiskFull
from holdspace.people.models import User
from holdspace.room.actions.sessions import request_draft, save_jottings
from holdspace.vault.envelope import new_key
from holdspace.vault.models import RecordKey
from holdspace.weights.store import Store
from holdspace.workflows.session_to_draft import work
from tests.cast import Cast, heard, held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PAGE_BYTES = 4096
"""SQLCipher's."""


@pytest.fixture(autouse=True)
def _embedded() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the practice is on PostgreSQL here")


def test_the_database_file_holds_no_word_and_opens_under_no_other_key(cast: Cast) -> None:
    assert cast.practice.name == "Harbor Counseling"
    path = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(path).read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"Harbor Counseling" not in content
    assert b"CREATE TABLE" not in content
    connection.close()
    stranger = dbapi2.connect(path)
    stranger.execute(f"PRAGMA key = \"x'{new_key().hex()}'\"")
    with pytest.raises(dbapi2.DatabaseError, match="not a database"):
        stranger.execute("SELECT count(*) FROM people_client")


def test_emptying_the_whole_database_leaves_its_guards_standing(cast: Cast) -> None:
    assert cast.maya.user_id
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        assert cursor.fetchone()[0] == 14
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT * FROM no_such_table")


def test_a_full_disk_is_said_and_what_was_kept_before_is_kept(cast: Cast) -> None:
    session = held(cast)
    save_jottings(cast.maya, session, text="grounding used")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
    try:
        with pytest.raises(DiskFull, match="disk is full"):
            save_jottings(cast.maya, session, text="word " * 100_000)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1000000")
    session.refresh_from_db()
    assert session.jottings == "grounding used"
    assert save_jottings(cast.maya, session, text="and more", before="grounding used").text == "and more"


@pytest.mark.usefixtures("cast")
def test_a_damaged_page_is_said_with_what_to_do_and_nothing_is_written_over_it() -> None:
    maya = Browser()
    maya.force_login(User.objects.get(username="maya"))
    path = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people_client'")
        page = cursor.fetchone()[0]
    connection.close()
    whole = path.read_bytes()
    spot = (page - 1) * PAGE_BYTES + PAGE_BYTES // 2
    damaged = whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :]
    path.write_bytes(damaged)
    try:
        answer = maya.get("/clients/")
        assert answer.status_code == 503
        told = answer.content.decode()
        assert "it is damaged" in told
        assert "restore the newest backup" in told
        assert "Ruth" not in told
        connection.close()
        assert path.read_bytes()[spot - 8 : spot + 8] == damaged[spot - 8 : spot + 8]
    finally:
        connection.close()
        path.write_bytes(whole)
    assert "Ruth Abel" in maya.get("/clients/").content.decode()


def test_a_missing_file_of_keys_is_said_and_everything_opens_once_it_is_back(cast: Cast) -> None:
    maya = Browser()
    maya.force_login(User.objects.get(username="maya"))
    page = f"/clients/{cast.ruth.pk}/"
    kept = {path: path.read_bytes() for path in (settings.CONFIG.home / "record-keys").glob("*.key")}
    assert kept
    for path in kept:
        path.unlink()
    answer = maya.get(page)
    assert answer.status_code >= 400
    told = answer.content.decode()
    assert "missing from record-keys" in told
    assert "Put that file back, or restore the newest backup." in told
    for path, content in kept.items():
        path.write_bytes(content)
    assert "Ruth Abel" in maya.get(page).content.decode()
    assert RecordKey.objects.count() == RecordKey.objects.exclude(wrapped=b"").count() > 0


def test_damaged_weights_end_the_run_with_what_to_do_and_touch_nothing(
    cast: Cast, settings: LazySettings, tmp_path: Path
) -> None:
    session = heard(cast, held(cast))
    for file in Store(tmp_path).entry("spacy-en-core-web-sm").files:
        damaged = tmp_path / "names" / "spacy-en-core-web-sm" / file.path
        damaged.parent.mkdir(parents=True, exist_ok=True)
        damaged.write_bytes(b"\0" * min(file.size, 1000))
    settings.CONFIG = type(settings.CONFIG)(home=settings.CONFIG.home, weights=tmp_path)
    run = request_draft(cast.maya, session, note_format="DAP")
    work.call(cast.practice.pk, run.pk)
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "weights-damaged")
    assert "holdspace models pull" in run.error_then
