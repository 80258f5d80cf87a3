"""The packages we stand on: each pinned, each with the hashes of its files, each we chose with its reason."""

import re

import pytest

from tests.walls.tree import ROOT


def named(line: str) -> str:
    """A package's name, as registries spell it."""
    return re.split(r"[\[=~<>; ]", line.strip())[0].lower().replace("_", "-")


def joined(text: str) -> str:
    """Without what different people write between the parts of a name."""
    return re.sub(r"[\s_-]", "", text.lower())


def locked_in(lock: str) -> list[str]:
    """The packages of a lock file, each with its version and its hashes."""
    return re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-lint.lock"])
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    unpinned = [
        one.splitlines()[0]
        for one in locked_in(lock)
        if "==" not in one.splitlines()[0] or "--hash=sha256:" not in one
    ]
    assert unpinned == []
    assert not any("--index-url" in one for one in locked_in(lock))


def test_every_package_we_stand_on_is_locked_and_has_its_reason() -> None:
    locked = {named(one) for one in locked_in("requirements.lock")}
    runs_on, _, builds = (
        (ROOT / "requirements.in").read_text(encoding="utf-8").partition("# building and checking")
    )
    wanted = {
        part: [named(line) for line in part.splitlines() if line[:1].isalnum()] for part in (runs_on, builds)
    }
    assert {name for names in wanted.values() for name in names if name not in locked} == set()
    reasons = joined((ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8"))
    assert [name for name in wanted[runs_on] if joined(name) not in reasons] == []
