"""Memory stays out of files, and where it may not the installation says so."""

import subprocess
import sys

import pytest

from holdspace.vault import memory

IN_A_PROCESS = """
import re, resource
from pathlib import Path
from holdspace.vault.memory import keep_from_disk
stands = keep_from_disk()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
locked = int(re.search(r"VmLck:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(stands, locked > 0)
"""


def test_a_process_leaves_no_core_and_says_truly_whether_its_pages_are_locked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    stands, _, is_locked = done.stdout.strip().rpartition(" ")
    assert stands == memory.standing()
    assert is_locked == str(stands == "locked")


def test_without_the_right_to_lock_swap_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "may_lock", lambda: False)
    for has_swap, said in ((True, "may be swapped"), (False, "no swap")):
        monkeypatch.setattr(memory, "has_swap", lambda found=has_swap: found)
        assert memory.standing() == said
