"""A backup is one whole encrypted file; a restore brings everything back but what was destroyed, on either database."""

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings
from django.utils import timezone

from holdspace.audit.models import Entry
from holdspace.chart.actions import (
    add_addendum,
    add_diagnosis,
    answer_question,
    begin_review,
    edit_sentence,
    save_draft,
    sign_note,
)
from holdspace.chart.models import NoteQuestion, NoteSentence
from holdspace.errors import DiskFull, NotAllowed, WrongPassphrase
from holdspace.people import name_index
from holdspace.people.actions import change_passphrase
from holdspace.people.models import Client
from holdspace.safekeeping.actions import AlreadyAsked, ask_backup, ask_drill, claim, set_retention
from holdspace.safekeeping.models import SafeRun
from holdspace.safekeeping.rules import Kept
from holdspace.vault import archive, backup, keyfile, record_keys, session_keys, tombstones
from holdspace.vault.archive import BackupDamaged, NotABackup, reading
from holdspace.vault.backup import OtherKey
from holdspace.vault.home import prepare
from holdspace.vault.keys import BACKUP, ring
from holdspace.vault.models import Destruction, RecordKey, SessionKey
from holdspace.vault.whose import CLIENT, DRAFT, Owner
from holdspace.workflows import backups
from tests.cast import CLINICAL_WORDS, PASSPHRASE, Cast, heard, held, small_draft
from tests.rooms.conftest import command

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("key_file")]
READ = """
import json
from holdspace.people import opening
opening.unlock("harbor lamp mosaic")
from holdspace.audit.check import check_log
from holdspace.chart.models import Addendum, NoteSentence, Signature
from holdspace.chart.queries import is_intact, note_for_review
from holdspace.people.models import Client, User
from holdspace.people.queries import clients
from holdspace.room.models import HeardSession
from holdspace.vault.models import Destruction
from holdspace.vault.reading_all import open_everything
maya = opening.actor_of(User.objects.get(username="maya").pk)
tom = opening.actor_of(User.objects.get(username="tom").pk)
signatures = Signature.objects.select_related("note")
seen = [s for s in signatures if s.note.client_id in {c.pk for c in clients(maya)}]
unsigned = NoteSentence.objects.exclude(note__state="signed").order_by("position")
print(json.dumps({
    "clients": sorted(client.name for client in clients(maya)),
    "intact": [is_intact(maya, s.note) for s in seen],
    "addenda": [a.text for a in Addendum.objects.all() if a.note.client_id in {c.pk for c in clients(maya)}],
    "draft": [row.text for row in unsigned],
    "evidence": [s.evidence for s in note_for_review(tom, unsigned[0].note_id).sections[0].sentences],
    "heard": HeardSession.objects.count(),
    "opened": open_everything() > 20,
    "log": check_log().is_whole,
    "destroyed": sorted(d.kind for d in Destruction.objects.all()),
}))
"""
DRAFTED = """
import json
from holdspace.people import opening
opening.unlock("harbor lamp mosaic")
from holdspace.vault.models import SessionKey
print(json.dumps({"made_at": SessionKey.objects.get(kind="draft").made_at.isoformat()}))
"""
STARTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
from holdspace.cli.practice import start_django
start_django()
"""


@pytest.fixture
def written(cast: Cast) -> Cast:
    """A signed note with an addendum, a draft under review, and something heard."""
    add_diagnosis(cast.maya, cast.ruth, code="F41.0", name="Panic disorder", since=date(2026, 9, 1))
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))
    for question in NoteQuestion.objects.filter(note=note):
        answer_question(cast.maya, note, question=question, text="Asked; denied.")
    add_addendum(cast.maya, sign_note(cast.maya, note, credential="LCSW"), text="Called back on Friday.")
    waiting = begin_review(
        cast.tom, save_draft(cast.worker, heard(cast, held(cast, cast.okafors)), draft=small_draft())
    )
    first = NoteSentence.objects.filter(note=waiting).order_by("position")[0]
    edit_sentence(cast.tom, waiting, sentence=first, text="Client slept badly.")
    return cast


def read_in(environment: dict[str, str], what: str = READ) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", STARTED + what],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def destroyed(cast: Cast) -> None:
    """Ruth's record goes, as the night's work lets it go."""
    record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")


def test_a_restored_practice_has_everything_but_what_was_heard(
    written: Cast, elsewhere: dict[str, str]
) -> None:
    made = backup.make()
    assert (made.clients, made.path.name.endswith(".backup")) == (2, True)
    done = command(elsewhere, "restore", str(made.path), "--no-list")
    assert done.returncode == 0, done.stderr
    assert "2 clients" in done.stdout
    found = read_in(elsewhere)
    assert found == {
        "clients": ["Ike Okafor", "Ruth Abel"],
        "intact": [True],
        "addenda": ["Called back on Friday."],
        "draft": ["Client slept badly.", "Client denied suicidal thoughts.", "Grounding used on her own."],
        "evidence": [[], []],  # what was heard is in no backup
        "heard": 0,
        "opened": True,
        "log": True,
        "destroyed": ["draft", "heard"],
    }
    assert written.practice.name
    again = command(elsewhere, "restore", str(made.path), "--no-list")
    assert (again.returncode, "a practice in this folder already" in again.stderr) == (5, True)


def drafted_at(environment: dict[str, str], copy: Path) -> datetime:
    """How old the draft is in the practice restored from this backup."""
    done = command(environment, "restore", str(copy), "--no-list")
    assert done.returncode == 0, done.stderr
    return datetime.fromisoformat(read_in(environment, DRAFTED)["made_at"])


def test_a_restored_draft_is_as_old_as_it_was_and_goes_in_its_time(
    written: Cast, elsewhere: dict[str, str]
) -> None:
    made_at = timezone.now() - timedelta(days=20)
    assert SessionKey.objects.filter(kind=DRAFT).update(made_at=made_at) == 1
    assert drafted_at(elsewhere, backup.make().path) == made_at
    assert written.practice.name


def test_a_draft_of_a_time_to_come_counts_from_the_restore(written: Cast, elsewhere: dict[str, str]) -> None:
    SessionKey.objects.filter(kind=DRAFT).update(made_at=timezone.now() + timedelta(days=365))
    before = timezone.now()
    assert before <= drafted_at(elsewhere, backup.make().path) <= timezone.now()
    assert written.practice.name


def test_a_draft_in_a_backup_that_does_not_say_how_old_it_is_counts_from_the_restore(
    written: Cast, elsewhere: dict[str, str]
) -> None:
    SessionKey.objects.filter(kind=DRAFT).update(made_at=timezone.now() - timedelta(days=20))
    copy = backup.make().path
    with archive.changing(copy) as opened:
        opened.open_with(ring.key_for(BACKUP))
        keys = json.loads(opened.read(archive.KEYS))
        for kept in keys["keys"]:
            kept.pop("made_at", None)
        opened.replace_keys(json.dumps(keys).encode())
    before = timezone.now()
    assert before <= drafted_at(elsewhere, copy) <= timezone.now()
    assert written.practice.name


def test_the_first_backup_restores_where_nothing_was_destroyed_yet(elsewhere: dict[str, str]) -> None:
    made = backup.make()
    assert not Destruction.objects.exists()
    done = command(elsewhere, "restore", str(made.path))
    assert (done.returncode, "2 clients" in done.stdout) == (0, True), done.stderr


def test_a_backup_made_before_does_not_bring_a_destroyed_record_back(
    written: Cast, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    made = backup.make()
    away = tmp_path / "away"  # a copy on a disk that was not there when the record was destroyed
    away.mkdir()
    (away / made.path.name).write_bytes(made.path.read_bytes())
    destroyed(written)
    (away / "destroyed.txt").write_bytes((settings.CONFIG.backups / "destroyed.txt").read_bytes())
    refused = command(elsewhere, "restore", str(away / made.path.name), "--list", str(tmp_path / "none"))
    assert (refused.returncode, "destroyed.txt" in refused.stderr) == (4, True)
    done = command(elsewhere, "restore", str(away / made.path.name))
    assert done.returncode == 0, done.stderr
    assert "1 records that were destroyed since stay destroyed" in done.stdout
    found = read_in(elsewhere)
    assert (found["clients"], found["intact"], found["addenda"]) == (["Ike Okafor"], [], [])
    assert found["destroyed"] == ["client", "draft", "heard"]


def test_without_the_list_means_without_it_though_it_lies_there(
    written: Cast, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    made = backup.make()
    (away / made.path.name).write_bytes(made.path.read_bytes())
    destroyed(written)
    (away / "destroyed.txt").write_bytes((settings.CONFIG.backups / "destroyed.txt").read_bytes())
    done = command(elsewhere, "restore", str(away / made.path.name), "--no-list")
    assert (done.returncode, "2 clients" in done.stdout) == (0, True), done.stderr


def test_a_stopped_restores_mark_never_takes_a_practice_away(
    written: Cast, elsewhere: dict[str, str]
) -> None:
    made = backup.make()
    home = Path(elsewhere["HOLDSPACE_HOME"])
    prepare(home)
    for name in ("restoring", "keyfile.json"):
        (home / name).write_text("{}")
    refused = command(elsewhere, "restore", str(made.path), "--no-list")
    assert (refused.returncode, "a practice in this folder already" in refused.stderr) == (5, True)
    assert (home / "keyfile.json").read_text() == "{}"
    assert written.practice.name


def test_a_key_destroyed_while_the_backup_reads_is_no_end_of_it(
    written: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(backup.check(backup.make().path).manifest["tables"])
    reading_keys, tried = session_keys.every_draft_key, list[int]()

    def moved_meanwhile() -> Iterator[tuple[SessionKey, bytes | None]]:
        tried.append(1)
        for row, key in reading_keys():
            yield row, None if len(tried) == 1 else key

    monkeypatch.setattr(session_keys, "every_draft_key", moved_meanwhile)
    checked = backup.check(backup.make(folder=settings.CONFIG.backups).path)
    assert (len(tried), len(checked.manifest["tables"])) == (2, whole)
    keys = RecordKey.objects.exclude(kind="index").count() + SessionKey.objects.filter(kind=DRAFT).count()
    assert checked.keys == keys
    assert written.practice.name


def test_a_draft_whose_days_file_is_lost_is_left_out_and_the_rest_is_backed_up(written: Cast) -> None:
    drafts = SessionKey.objects.filter(kind=DRAFT)
    (settings.CONFIG.home / "generations" / f"{drafts[0].generation.name}.key").unlink()
    session_keys.opened.forget()
    checked = backup.check(backup.make().path)
    assert checked.keys == RecordKey.objects.exclude(kind="index").count()
    assert written.practice.name


def test_what_is_destroyed_leaves_the_backups_before_the_next_night(written: Cast) -> None:
    made = backup.make()
    newest = backup.scrub_since(0)
    assert backup.check(made.path).clients == 2
    destroyed(written)
    assert backup.scrub_since(newest) > newest
    assert backup.check(made.path).clients == 1


def test_a_folder_for_backups_that_is_away_is_said(written: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.CONFIG.home / "no-disk").write_text("")
    away = replace(settings.CONFIG, backups_folder=settings.CONFIG.home / "no-disk" / "backups")
    monkeypatch.setattr(settings, "CONFIG", away)
    run = ask_backup(written.maya, written.practice)
    assert backups.do(written.worker, run)
    run.refresh_from_db()
    assert (run.state, run.error_what) == ("failed", "The folder for backups could not be read or written.")


def test_a_destroyed_record_leaves_every_backup_within_reach_and_the_others_stay_whole(written: Cast) -> None:
    made = backup.make()
    gone = RecordKey.objects.get(kind=CLIENT, owner_id=written.ruth.pk)
    with reading(made.path) as opened:
        opened.open_with(ring.key_for(BACKUP))
        before = opened.read(archive.KEYS)
        identity = opened._identity
    assert gone.key_id.encode() in before
    destroyed(written)
    assert backup.scrub() == 1
    assert backup.scrub() == 0
    checked = backup.check(made.path)
    assert (checked.clients, checked.rows) == (1, made.rows)
    # Whoever kept the identity and looks at every byte finds no part that still has the key.
    content = made.path.read_bytes()
    starts = [at for at in range(0, len(content), 512) if content[at:].startswith(b"age-encryption.org")]
    with reading(made.path) as opened:
        sizes = {part.at: part.size for part in opened._parts}
    found = []
    for at in starts:
        try:
            found.append(pyrage.decrypt(content[at : at + sizes[at]], [identity]))
        except (pyrage.DecryptError, KeyError):
            continue
    assert found
    assert not any(gone.key_id.encode() in zlib.decompress(part) for part in found)


def test_no_generation_key_and_no_key_of_what_was_heard_is_in_a_backup(written: Cast) -> None:
    made = backup.make()
    with reading(made.path) as opened:
        opened.open_with(ring.key_for(BACKUP))
        keys = json.loads(opened.read(archive.KEYS))["keys"]
        parts = b"".join(opened.read(name) for name in opened.names() if name.startswith("rows/"))
    assert {kept["kind"] for kept in keys} == {CLIENT, DRAFT, "list", "practice"}
    assert SessionKey.objects.filter(kind="heard").exists()
    for table in (
        "vault_generation",
        "vault_sessionkey",
        "vault_recordkey",
        "room_heardsession",
        "django_session",
    ):
        assert f'"table": "{table}"'.encode() not in parts
    content = made.path.read_bytes()
    assert b"Harbor Counseling" not in content
    for word in (*CLINICAL_WORDS, "Panic"):
        assert word.encode() not in content + parts
    assert written.ruth.name


def test_a_backup_that_was_stopped_goes_on_where_it_was(
    written: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LARGEST_PART", 500)
    written_parts: list[str] = []
    original = archive.Archive._append

    def full(self: archive.Archive, name: str, content: bytes) -> None:
        if len(written_parts) == 9:
            raise OSError(28, "No space left on device")
        written_parts.append(name)
        original(self, name, content)

    with monkeypatch.context() as little_room:
        little_room.setattr(archive.Archive, "_append", full)
        with pytest.raises(DiskFull, match="could not be finished") as said:
            backup.make()
    assert "What was written is kept" in said.value.kept
    begun = settings.CONFIG.backups / backup.BEGUN
    size = begun.stat().st_size
    assert backup.listed() == []
    written_parts.clear()

    def counted(self: archive.Archive, name: str, content: bytes) -> None:
        written_parts.append(name)
        original(self, name, content)

    monkeypatch.setattr(archive.Archive, "_append", counted)
    made = backup.make()
    assert "rows/00001.age" not in written_parts  # nor anything else that was there already
    assert made.path.stat().st_size > size
    assert backup.check(made.path).rows == made.rows
    assert not begun.exists()
    assert written.ruth.pk


def test_a_damaged_backup_is_told_from_a_whole_one_wherever_it_is_damaged(
    written: Cast, tmp_path: Path
) -> None:
    made = backup.make()
    whole = made.path.read_bytes()
    with reading(made.path) as opened:
        spots = [part.at + part.size // 2 for part in opened._parts if part.name.endswith(".age")]
    torn = tmp_path / "torn.backup"
    for at in spots:
        torn.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BackupDamaged) as said:
            backup.check(torn)
        assert "older" in said.value.then
    for end in (len(whole) - 1024, len(whole) // 2, 2000):
        torn.write_bytes(whole[:end])
        with pytest.raises(BackupDamaged):
            backup.check(torn)
    torn.write_bytes(b"something else entirely" * 100)
    with pytest.raises(NotABackup):
        backup.check(torn)
    with pytest.raises(NotABackup):
        backup.check(tmp_path / "nowhere.backup")
    assert backup.check(made.path).clients == 2
    assert written.ruth.pk


def test_the_passphrase_of_now_opens_the_backups_within_reach_and_the_old_one_does_not(written: Cast) -> None:
    made = backup.make()
    change_passphrase(written.maya, written.practice, old=PASSPHRASE, new="quiet river stones")
    with reading(made.path) as opened:
        kept = opened.read_keyfile()
    assert keyfile.opened_in(kept, "quiet river stones") == ring.practice_key()
    with pytest.raises(WrongPassphrase):
        keyfile.opened_in(kept, PASSPHRASE)
    assert backup.check(made.path).clients == 2
    assert keyfile.sealed(keyfile.PASSPHRASE, "x" * 12, ring.practice_key())["sealed"].encode() not in kept


def test_another_practices_backup_is_no_backup_of_this_one(written: Cast) -> None:
    made = backup.make()
    with pytest.raises(OtherKey):
        backup.check(made.path, key=os.urandom(32))
    assert written.ruth.pk


def test_a_trial_restores_and_opens_everything_and_touches_nothing(written: Cast) -> None:
    made = backup.make()
    before = Entry.objects.count()
    content = made.path.read_bytes()
    with reading(made.path) as opened:
        spot = next(part.at + part.size // 2 for part in opened._parts if part.name.startswith("rows/"))
    made.path.write_bytes(content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :])
    with pytest.raises(BackupDamaged):
        backups.tried(made.path, ring.practice_key())
    made.path.write_bytes(content)
    found = backups.tried(made.path, ring.practice_key())
    assert (found.clients, found.rows) == (2, made.rows)
    assert found.opened > 20
    assert Entry.objects.count() == before
    assert {path.name for path in settings.CONFIG.backups.iterdir() if path.is_dir()} == set()
    assert written.ruth.pk


def test_a_trial_leaves_the_folder_of_another_alone_and_takes_away_what_a_killed_one_left(
    written: Cast,
) -> None:
    made, folder = backup.make(), settings.CONFIG.backups
    left = folder / f"{backups.SCRATCH}left"
    left.mkdir()
    with backups.trial_folder(folder) as others:
        assert not left.exists()
        assert backups.tried(made.path, ring.practice_key()).clients == 2
        assert others.is_dir()
    assert not others.exists()
    assert written.ruth.pk


def test_what_is_asked_for_is_done_once_and_leaves_a_dated_record(written: Cast) -> None:
    ask_backup(written.maya, written.practice)
    with pytest.raises(AlreadyAsked):
        ask_backup(written.maya, written.practice)
    assert backups.do_waiting(written.worker) == 1
    assert backups.do_waiting(written.worker) == 0
    ask_drill(written.maya, written.practice)
    assert backups.do_waiting(written.worker) == 1
    made, tried = SafeRun.objects.order_by("asked_at")
    assert (made.state, tried.state, tried.file) == ("done", "done", made.file)
    assert tried.ended_at is not None
    assert made.clients == tried.clients == 2
    for actor in (written.tom, written.bo, written.sam, written.eve):
        with pytest.raises(NotAllowed):
            ask_backup(actor, written.practice)
        with pytest.raises(NotAllowed):
            ask_drill(actor, written.practice)


@pytest.mark.parametrize("since", [timedelta(minutes=3), -timedelta(days=365)], ids=["silent", "ahead"])
def test_a_backup_that_its_process_left_is_made_anew_also_where_its_clock_was_ahead(
    cast: Cast, since: timedelta
) -> None:
    run = ask_backup(cast.maya, cast.practice)
    assert claim(cast.worker, run)
    assert backups.do_waiting(cast.worker) == 0  # somebody is at it
    SafeRun.objects.update(heartbeat_at=timezone.now() - since)
    assert backups.do_waiting(cast.worker) == 1
    run.refresh_from_db()
    assert (run.state, run.file) == ("done", backup.listed()[0].name)


def test_what_went_on_when_the_backup_was_made_stands_in_the_way_of_nothing_after_a_restore(
    cast: Cast, elsewhere: dict[str, str]
) -> None:
    ask_backup(cast.maya, cast.practice)
    assert backups.do_waiting(cast.worker) == 1  # its own row goes on in it
    restored = command(elsewhere, "restore", str(backup.listed()[0]))
    assert restored.returncode == 0, restored.stderr
    again = command(elsewhere, "backup")
    assert (again.returncode, "read back and whole" in again.stdout) == (0, True), again.stderr


def test_a_trial_without_a_backup_says_what_to_do(cast: Cast) -> None:
    ask_drill(cast.maya, cast.practice)
    backups.do_waiting(cast.worker)
    run = SafeRun.objects.get()
    assert (run.state, run.error_then) == ("failed", "Make one first.")


def dated(*days: str) -> list[Path]:
    """Files of backups as they are called on these days."""
    settings.CONFIG.backups.mkdir(exist_ok=True)
    paths = [settings.CONFIG.backups / f"holdspace-{day}-000000.backup" for day in days]
    for path in paths:
        path.write_bytes(b"")
    return paths


def test_a_backup_made_after_a_clock_was_ahead_is_the_newest_and_those_of_days_to_come_go_first(
    cast: Cast,
) -> None:
    set_retention(cast.maya, cast.practice, kept=Kept(backups_kept=3))
    year = timezone.now().year
    *_, ahead = dated(f"{year + 2}-05-01", f"{year + 1}-02-02", f"{year + 1}-02-03", f"{year + 2}-05-02")
    (before,) = dated(f"{year - 1}-05-01")
    ask_backup(cast.maya, cast.practice)
    assert backups.do_waiting(cast.worker) == 1
    run = SafeRun.objects.get()
    assert run.state == "done"
    assert [path.name for path in backup.listed()] == [run.file, before.name, ahead.name]
    ask_drill(cast.maya, cast.practice)
    backups.do_waiting(cast.worker)
    assert SafeRun.objects.get(kind="drill").file == run.file


@pytest.mark.usefixtures("cast")
def test_the_backup_just_made_stays_though_the_clock_was_set_back_while_it_was_made() -> None:
    year = timezone.now().year
    now, made = dated(f"{year - 1}-05-01", f"{year + 1}-02-02")
    assert backup.keep_newest(1, made=made) == 1
    assert backup.listed() == [made]
    assert not now.exists()


def test_only_so_many_backups_are_kept_and_the_list_lies_beside_them(written: Cast) -> None:
    paths = dated("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04")
    assert backup.keep_newest(2, made=paths[-1]) == 2
    assert [path.name[10:20] for path in backup.listed()] == ["2026-01-04", "2026-01-03"]
    destroyed(written)
    (settings.CONFIG.backups / "destroyed.txt").unlink()
    assert tombstones.catch_up(record_keys.key_of(tombstones.LIST_OWNER)) == 3
    lines = tombstones.listed(settings.CONFIG.backups / "destroyed.txt")
    assert {line.key_id for line in lines} == {
        line.key_id for line in tombstones.listed(settings.CONFIG.home / "destroyed.txt")
    }


def test_the_index_of_names_is_in_no_backup(written: Cast) -> None:
    name_index.build()
    made = backup.make()
    with reading(made.path) as opened:
        opened.open_with(ring.key_for(BACKUP))
        parts = b"".join(opened.read(name) for name in opened.names() if name.startswith("rows/"))
        keys = json.loads(opened.read(archive.KEYS))["keys"]
    assert b"people_namemark" not in parts
    assert "index" not in {kept["kind"] for kept in keys}
    assert Client.objects.count() == 2
    assert written.ruth.pk
