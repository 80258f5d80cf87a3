"""Files of the practice's folder."""

import os
from pathlib import Path

import pytest

from holdspace.vault.home import wipe


def test_a_key_file_goes_even_where_it_cannot_be_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "some.key"
    key.write_bytes(b"secret")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    wipe(key)
    assert not key.exists()
    wipe(key)  # what is not there is no error
