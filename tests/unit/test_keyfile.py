"""The key file: the passphrase can change and be lost, and the practice stays hers."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from holdspace.errors import DiskFull, NotReady, WrongPassphrase
from holdspace.vault import home, keyfile

OLD, NEW = "harbor lamp mosaic", "quiet river stones"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A practice's key, in a file made quickly."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    return keyfile.make(tmp_path, OLD)


def test_after_a_change_only_the_new_passphrase_opens_the_same_practice(tmp_path: Path, made: bytes) -> None:
    keyfile.change_passphrase(tmp_path, old=OLD, new=NEW)
    assert keyfile.opened(tmp_path, NEW) == made
    with pytest.raises(WrongPassphrase):
        keyfile.opened(tmp_path, OLD)
    assert [path.name for path in tmp_path.iterdir()] == [home.KEYFILE]
    assert (tmp_path / home.KEYFILE).stat().st_mode & 0o777 == 0o600


def test_nothing_changes_for_who_does_not_know_the_passphrase(tmp_path: Path, made: bytes) -> None:
    before = (tmp_path / home.KEYFILE).read_bytes()
    for tried in (
        lambda: keyfile.change_passphrase(tmp_path, old="not the passphrase", new=NEW),
        lambda: keyfile.make_recovery_key(tmp_path, passphrase="not the passphrase"),
    ):
        with pytest.raises(WrongPassphrase):
            tried()
    with pytest.raises(keyfile.WeakPassphrase):
        keyfile.change_passphrase(tmp_path, old=OLD, new="short")
    assert (tmp_path / home.KEYFILE).read_bytes() == before
    assert keyfile.opened(tmp_path, OLD) == made


@pytest.mark.parametrize(
    "typed",
    [str, str.lower, lambda key: key.replace("-", " "), lambda key: key.replace("0", "O").replace("1", "l")],
)
def test_a_recovery_key_read_from_paper_sets_a_new_passphrase(
    tmp_path: Path, made: bytes, typed: Callable[[str], str]
) -> None:
    key = keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    assert keyfile.recover(tmp_path, recovery_key=typed(key), new=NEW) == made
    assert keyfile.opened(tmp_path, NEW) == made
    with pytest.raises(WrongPassphrase):
        keyfile.opened(tmp_path, OLD)


def test_a_slip_in_a_recovery_key_is_told_from_a_key_of_another_practice(tmp_path: Path, made: bytes) -> None:
    with pytest.raises(NotReady, match="No recovery key was made"):
        keyfile.recover(tmp_path, recovery_key=_of_another(tmp_path), new=NEW)
    key = keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    swapped = key[:2] + ("A" if key[2] != "A" else "B") + key[3:]
    for slip in (swapped, key[:-1], "", "!!!"):
        with pytest.raises(keyfile.MistypedKey):
            keyfile.recover(tmp_path, recovery_key=slip, new=NEW)
    with pytest.raises(WrongPassphrase):
        keyfile.recover(tmp_path, recovery_key=_of_another(tmp_path), new=NEW)
    assert keyfile.opened(tmp_path, OLD) == made


def test_a_newer_recovery_key_replaces_the_older_and_outlives_a_change_of_passphrase(
    tmp_path: Path, made: bytes
) -> None:
    older = keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    newer = keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    keyfile.change_passphrase(tmp_path, old=OLD, new=NEW)
    with pytest.raises(WrongPassphrase):
        keyfile.recover(tmp_path, recovery_key=older, new=OLD)
    assert keyfile.recover(tmp_path, recovery_key=newer, new=OLD) == made


def test_a_lock_put_in_the_place_of_another_does_not_open(tmp_path: Path, made: bytes) -> None:
    keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    path = tmp_path / home.KEYFILE
    read = json.loads(path.read_bytes())
    read["locks"]["recovery"] = read["locks"]["passphrase"]
    path.write_text(json.dumps(read))
    assert keyfile.opened(tmp_path, OLD) == made
    read["locks"]["passphrase"]["sealed"] = base64.b64encode(b"\x01" + bytes(60)).decode()
    path.write_text(json.dumps(read))
    with pytest.raises(WrongPassphrase):
        keyfile.opened(tmp_path, OLD)


def test_a_file_of_the_first_version_still_opens_and_becomes_one_of_the_second(
    tmp_path: Path, made: bytes
) -> None:
    path = tmp_path / home.KEYFILE
    lock = json.loads(path.read_bytes())["locks"]["passphrase"]
    path.write_text(json.dumps({"version": 1, **lock}))
    assert keyfile.opened(tmp_path, OLD) == made
    assert not keyfile.has_recovery(tmp_path)
    keyfile.make_recovery_key(tmp_path, passphrase=OLD)
    assert keyfile.has_recovery(tmp_path)
    assert keyfile.opened(tmp_path, OLD) == made


def test_a_full_disk_in_the_middle_of_a_change_leaves_the_old_passphrase(
    tmp_path: Path, made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull):
        keyfile.change_passphrase(tmp_path, old=OLD, new=NEW)
    monkeypatch.undo()
    assert keyfile.opened(tmp_path, OLD) == made
    assert [path.name for path in tmp_path.iterdir()] == [home.KEYFILE]


def _of_another(tmp_path: Path) -> str:
    other = tmp_path / "other"
    if not keyfile.is_made(other):
        keyfile.make(other, OLD)
    return keyfile.make_recovery_key(other, passphrase=OLD)
