"""The list of what was destroyed says how far it goes; one cut short, edited or too old restores nothing by itself."""

import errno
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from holdspace.audit.models import Entry
from holdspace.people import opening
from holdspace.people.actions import add_client
from holdspace.room.actions.sessions import destroy_transcript
from holdspace.room.models import HeardSession
from holdspace.safekeeping.queries import waiting
from holdspace.vault import backup, keyfile, record_keys, tombstones
from holdspace.vault.keys import ring
from holdspace.vault.models import Destruction, RecordKey, SessionKey
from holdspace.vault.record_keys import key_of
from holdspace.vault.tombstones import (
    FILE,
    LIST_OWNER,
    ListNotWhole,
    ListOutOfReach,
    ListTooOld,
    as_said,
    last_line,
)
from holdspace.vault.whose import CLIENT, Owner
from holdspace.workflows.nightly import night
from tests.cast import PASSPHRASE, Cast, heard, held
from tests.rooms.conftest import command

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("key_file")]


@pytest.fixture
def away(cast: Cast, tmp_path: Path) -> Path:
    """A backup on a disk that was away when Ruth's record was destroyed, the list of that moment put beside it."""
    folder = tmp_path / "away"
    folder.mkdir()
    destroy_transcript(cast.maya, heard(cast, held(cast)))
    made = backup.make()
    copy = folder / made.path.name
    copy.write_bytes(made.path.read_bytes())
    record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    (folder / FILE).write_bytes((settings.CONFIG.backups / FILE).read_bytes())
    return copy


def listed(copy: Path) -> tombstones.Listed:
    return tombstones.read(copy.with_name(FILE), key_of(LIST_OWNER))


def dated(copy: Path, at: datetime) -> None:
    """The list beside the copy, as the practice would have written it at that moment."""
    lines = copy.with_name(FILE).read_text().splitlines()[:-1]
    ended = [*lines, last_line(lines, at, key_of(LIST_OWNER))]
    copy.with_name(FILE).write_text("".join(f"{line}\n" for line in ended))


def nothing_restored(environment: dict[str, str]) -> bool:
    return not (Path(environment["HOLDSPACE_HOME"]) / "keyfile.json").exists()


def test_a_restore_says_how_far_the_list_goes(away: Path, elsewhere: dict[str, str]) -> None:
    until = listed(away).until
    assert until is not None
    done = command(elsewhere, "restore", str(away))
    assert done.returncode == 0, done.stderr
    assert f"The list of what was destroyed goes to {as_said(until)}." in done.stdout
    assert "1 records that were destroyed since stay destroyed" in done.stdout


def test_the_recovery_key_the_backup_and_the_list_are_enough(away: Path, elsewhere: dict[str, str]) -> None:
    words = keyfile.make_recovery_key(settings.CONFIG.home, passphrase=PASSPHRASE)
    backup.renew_locks()
    newest = backup.listed()[0]
    (away.parent / newest.name).write_bytes(newest.read_bytes())
    Path(elsewhere["HOLDSPACE_PASSPHRASE_FILE"]).write_text(words + "\n")
    done = command(elsewhere, "restore", str(away))
    assert (done.returncode, "goes to" in done.stdout) == (0, True), done.stderr


def test_a_list_cut_short_or_edited_is_told_from_a_whole_one(away: Path) -> None:
    path = away.with_name(FILE)
    whole = path.read_text().splitlines()
    assert len(listed(away).tombstones) == len(whole) - 1 == 2
    redated = whole[-1].replace(whole[-1].split()[2], "2099-01-01T00:00:00+00:00")
    edited = {
        "cut at its end": whole[:-1],
        "cut in its middle": whole[1:],
        "its date moved": [*whole[:-1], redated],
        "a line edited": [whole[0].replace(" h-", " h-0"), *whole[1:]],
        "a line put in": [whole[0], whole[0], *whole[1:]],
        "another's": [*whole[:-1], last_line(whole[:-1], timezone.now(), b"another practice's")],
        "empty": [],
    }
    for how, lines in edited.items():
        path.write_text("".join(f"{line}\n" for line in lines))
        with pytest.raises(ListNotWhole) as said:
            listed(away).check(datetime(2020, 1, 1, tzinfo=UTC))
        assert said.value.kept == "Nothing was restored.", how
    path.write_text("\r\n".join([*whole, ""]))  # a copy through another system is whole all the same
    assert listed(away).until is not None


def test_an_edited_list_restores_nothing_unless_it_is_taken_as_it_is(
    away: Path, elsewhere: dict[str, str]
) -> None:
    path = away.with_name(FILE)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines[:-1] if " c-" in line) + "\n")
    refused = command(elsewhere, "restore", str(away))
    assert (refused.returncode, nothing_restored(elsewhere)) == (3, True)
    for said in ("cut short or edited", "Nothing was restored", "--list-as-it-is", "(1)"):
        assert said in refused.stderr
    done = command(elsewhere, "restore", str(away), "--list-as-it-is")
    assert done.returncode == 0, done.stderr
    assert "is not whole" in done.stdout
    assert "1 records that were destroyed since stay destroyed" in done.stdout


def test_a_list_older_than_the_backup_restores_nothing_unless_it_is_taken_as_it_is(
    away: Path, elsewhere: dict[str, str]
) -> None:
    made_at = backup.check(away).at
    listed(away).check(made_at)
    dated(away, made_at)
    listed(away).check(made_at)
    old = made_at - timedelta(seconds=1)
    dated(away, old)
    with pytest.raises(ListTooOld):
        listed(away).check(made_at)
    refused = command(elsewhere, "restore", str(away))
    assert (refused.returncode, nothing_restored(elsewhere)) == (3, True)
    for said in (as_said(old), as_said(made_at), "Nothing was restored", "--list-as-it-is"):
        assert said in refused.stderr
    done = command(elsewhere, "restore", str(away), "--list-as-it-is")
    assert (done.returncode, f"goes to {as_said(old)}." in done.stdout) == (0, True), done.stderr


def test_a_drill_opens_the_backup_and_says_what_a_restore_would_say_of_its_list(
    away: Path, elsewhere: dict[str, str]
) -> None:
    good = command(elsewhere, "restore", str(away), "--drill")
    assert (good.returncode, nothing_restored(elsewhere)) == (0, True), good.stderr
    until = listed(away).until
    assert until is not None
    assert f"goes to {as_said(until)}.\n" in good.stdout
    dated(away, datetime(2020, 1, 1, tzinfo=UTC))
    assert "before the backup was made" in command(elsewhere, "restore", str(away), "--drill").stdout
    away.with_name(FILE).unlink()
    missing = command(elsewhere, "restore", str(away), "--drill")
    assert (missing.returncode, "a restore would ask for one" in missing.stdout) == (0, True)


@pytest.mark.parametrize("choice", [("--list", "destroyed.txt"), ("--list-as-it-is",), ("--no-list",)])
def test_a_drill_takes_no_choice_of_a_list_and_says_so(
    away: Path, elsewhere: dict[str, str], choice: tuple[str, ...]
) -> None:
    refused = command(elsewhere, "restore", str(away), "--drill", *choice)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "the list beside the backup" in refused.stderr


def test_the_night_dates_the_list_anew_and_puts_back_what_was_cut(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    path, key = settings.CONFIG.home / FILE, key_of(LIST_OWNER)
    before = tombstones.read(path, key)
    path.write_text("")
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert tombstones.catch_up(key) == 1
    after = tombstones.read(path, key)
    assert [line.key_id for line in after.tombstones] == [line.key_id for line in before.tombstones]
    assert after.until == later.replace(microsecond=0)


def copied(path: Path, folder: Path) -> Path:
    """A backup on another disk, where nobody takes a key out of it."""
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    return copy


def test_a_restored_practice_names_what_was_destroyed_though_its_own_backup_never_held_it(
    cast: Cast, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    first = copied(backup.make().path, tmp_path / "first")
    nia = add_client(cast.maya, cast.maya_clinician, name="Nia Cole")
    second = copied(backup.make().path, tmp_path / "second")
    assert backup.check(second).clients == 3
    (gone,) = record_keys.destroy([Owner(CLIENT, nia.pk)], rule="record-law")
    first.with_name(FILE).write_bytes((settings.CONFIG.home / FILE).read_bytes())
    until = listed(first).until
    restored = command(elsewhere, "restore", str(first))
    assert (restored.returncode, "2 clients" in restored.stdout) == (0, True), restored.stderr
    theirs = Path(elsewhere["HOLDSPACE_HOME"])
    carried = tombstones.read(theirs / FILE, key_of(LIST_OWNER))
    assert ([line.key_id for line in carried.tombstones], carried.until) == ([gone.key_id], until)
    assert command(elsewhere, "backup").returncode == 0
    for newest in (theirs / FILE, theirs / "backups" / FILE):
        second.with_name(FILE).write_bytes(newest.read_bytes())
        listed(second).check(backup.check(second).at)
        again = command(elsewhere, "restore", str(second), "--drill")
        assert "complete: 2 clients" in again.stdout, again.stderr


def test_a_list_taken_as_it_is_is_no_whole_one_in_the_restored_practice(
    away: Path, elsewhere: dict[str, str]
) -> None:
    path = away.with_name(FILE)
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    assert command(elsewhere, "restore", str(away), "--list-as-it-is").returncode == 0
    carried = tombstones.read(Path(elsewhere["HOLDSPACE_HOME"]) / FILE, key_of(LIST_OWNER))
    assert (len(carried.tombstones), carried.until) == (2, None)


def test_a_list_that_lies_where_the_practice_is_restored_to_is_kept(
    away: Path, elsewhere: dict[str, str]
) -> None:
    there = Path(elsewhere["HOLDSPACE_HOME"]) / FILE
    there.parent.mkdir()
    there.write_bytes(away.with_name(FILE).read_bytes())
    done = command(elsewhere, "restore", str(away), "--list", str(there))
    assert done.returncode == 0, done.stderr
    assert there.read_bytes() == away.with_name(FILE).read_bytes()


def test_what_a_list_alone_names_leaves_the_backups_and_goes_on_every_list(
    cast: Cast, tmp_path: Path
) -> None:
    copy = copied(backup.make().path, tmp_path / "away")
    gone = record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    for path in tombstones.paths()[1:]:
        path.unlink()
    Destruction.objects.all().delete()  # as in a practice restored from a backup that never held it
    copied(copy, settings.CONFIG.backups)
    key = key_of(LIST_OWNER)
    assert backup.scrub() == 1
    assert backup.check(settings.CONFIG.backups / copy.name).clients == 1
    assert tombstones.catch_up(key) == 1
    for path in tombstones.paths():
        assert [line.key_id for line in tombstones.read(path, key).tombstones] == [gone[0].key_id]


def test_the_date_of_a_list_never_hides_that_an_earlier_line_is_missing(cast: Cast) -> None:
    first = record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    path, key = settings.CONFIG.home / FILE, key_of(LIST_OWNER)
    path.unlink()  # the disk was away when it was written
    second = record_keys.destroy([Owner(CLIENT, cast.okafors.pk)], rule="record-law")
    gone = {row.key_id for row in (*first, *second)}
    assert {line.key_id for line in tombstones.read(path, key).tombstones} == gone


@pytest.fixture(params=["nobody may look into", "cannot be written to"])
def out_of_reach(cast: Cast, request: pytest.FixtureRequest, settings: LazySettings) -> None:
    """A folder for backups that the system refuses: to say whether it is there, or to take and give a list."""
    assert cast.maya.user_id
    if request.param == "nobody may look into":
        settings.CONFIG = replace(settings.CONFIG, backups_folder=settings.CONFIG.home / ("x" * 300))
    else:
        for name in (FILE, tombstones.LOCK):  # no file can be opened under these names
            (settings.CONFIG.backups / name).mkdir(parents=True, exist_ok=True)


@pytest.mark.usefixtures("out_of_reach")
def test_the_list_at_home_is_written_though_the_one_beside_the_backups_cannot_be_and_that_is_said(
    cast: Cast,
) -> None:
    gone = record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")  # says nothing yet
    path, key = settings.CONFIG.home / FILE, key_of(LIST_OWNER)
    assert {line.key_id for line in tombstones.read(path, key).tombstones} == {row.key_id for row in gone}
    path.unlink()
    with pytest.raises(ListOutOfReach, match="could not be written"):
        tombstones.catch_up(key)
    assert {line.key_id for line in tombstones.read(path, key).tombstones} == {row.key_id for row in gone}


@pytest.mark.usefixtures("out_of_reach")
def test_a_night_ends_and_says_so_where_the_folder_for_backups_is_out_of_reach(cast: Cast) -> None:
    session = heard(cast, held(cast))
    SessionKey.objects.update(made_at=timezone.now() - timedelta(days=8))
    done = night(cast.worker)
    assert done is not None
    done.refresh_from_db()
    assert (done.ended_at is not None, done.destroyed, done.error_code) == (True, 1, ListOutOfReach.code)
    assert not HeardSession.objects.filter(session=session).exists()
    assert [run.kind for run in waiting(cast.worker)] == ["backup"]


@pytest.mark.usefixtures("out_of_reach")
def test_a_practice_opens_though_its_folder_for_backups_is_out_of_reach_and_the_list_at_home_counts(
    cast: Cast,
) -> None:
    copied = RecordKey.objects.get(kind=CLIENT, owner_id=cast.ruth.pk)
    record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    Destruction.objects.all().delete()
    copied.save(force_insert=True)  # as an old copy of the database has it
    opening.unlock(PASSPHRASE)
    assert not RecordKey.objects.filter(pk=copied.pk).exists()
    assert Entry.objects.filter(verb="practice.open", outcome="done").count() == 1


def test_a_practice_that_could_not_be_opened_to_the_end_is_shut(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.maya.user_id
    key = ring.practice_key()

    def broken() -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(opening, "_put_in_order", broken)
    try:
        with pytest.raises(OSError, match="Input/output"):
            opening.unlock(PASSPHRASE)
        assert opening.is_locked()
    finally:
        ring.put(key)
    assert not Entry.objects.filter(verb="practice.open").exists()
