"""What is sealed opens only under its key, where it stands, and unchanged."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdspace.errors import NotReady, Refused, WrongPassphrase
from holdspace.vault import home, keyfile, keys
from holdspace.vault.envelope import Tampered, derived, new_key, seal, unseal

KEY = b"k" * 32


@given(st.binary(max_size=400))
def test_what_is_sealed_opens_to_the_same_bytes(plain: bytes) -> None:
    sealed = seal(KEY, plain, identity="note/1/text")
    assert unseal(KEY, sealed, identity="note/1/text") == plain
    assert sealed != seal(KEY, plain, identity="note/1/text")


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_anywhere_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(seal(KEY, b"denied", identity="note/1/text"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Tampered):
        unseal(KEY, bytes(sealed), identity="note/1/text")


def test_it_does_not_open_for_another_row_another_key_or_cut_short() -> None:
    sealed = seal(KEY, b"denied", identity="note/1/text")
    for key, identity, content in [
        (KEY, "note/2/text", sealed),
        (new_key(), "note/1/text", sealed),
        (KEY, "note/1/text", sealed[:10]),
        (KEY, "note/1/text", b""),
    ]:
        with pytest.raises(Tampered):
            unseal(key, content, identity=identity)


def test_no_key_is_used_for_two_purposes() -> None:
    assert len({derived(KEY, purpose) for purpose in ("database", "field/note", "field/identity")}) == 3


def test_the_passphrase_opens_the_practice_and_no_other_does(tmp_path: Path) -> None:
    made = keyfile.make(tmp_path, "harbor lamp mosaic")
    assert keyfile.opened(tmp_path, "harbor lamp mosaic") == made
    with pytest.raises(WrongPassphrase):
        keyfile.opened(tmp_path, "harbor lamp mosaik")
    with pytest.raises(Refused):
        keyfile.make(tmp_path, "another passphrase")
    with pytest.raises(keyfile.WeakPassphrase):
        keyfile.make(tmp_path / "other", "short")
    (tmp_path / "keyfile.json").write_text("{}")
    with pytest.raises(NotReady, match="cannot be read"):
        keyfile.opened(tmp_path, "harbor lamp mosaic")


def test_an_emptied_ring_is_locked() -> None:
    ring = keys.KeyRing()
    ring.put(new_key())
    assert ring.key_for("database") != ring.key_for("generation")
    ring.clear()
    with pytest.raises(keys.Locked):
        ring.key_for("database")


def test_a_key_file_is_private_and_never_overwritten_and_wiping_takes_it_away(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.key"
    home.write_once(path, b"one")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(Refused):
        home.write_once(path, b"two")
    assert path.read_bytes() == b"one"
    assert [p.name for p in path.parent.iterdir()] == ["a.key"]
    home.wipe(path)
    home.wipe(path)
    assert not path.exists()
