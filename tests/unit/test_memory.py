"""Memory stays out of files, and where it may not the installation says so."""

import subprocess
import sys

import pytest

from holdspace.vault import memory

IN_A_PROCESS = """
import re, resource
from pathlib import Path
from holdspace.vault.memory import guard_memory
stands = guard_memory()
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


FREED = """
import ctypes
from holdspace.vault.memory import guard_memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def freed():
    at = libc.malloc(32_000)
    ctypes.memset(at, 0x11, 32_000)
    behind = libc.malloc(64)  # so that it is not given back to the system
    libc.free(at)
    return ctypes.string_at(at + 64, 30_000).count(0x11) > 20_000  # the heap keeps books in it
print(freed())
guard_memory()
print(freed())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc overwrites what is freed")
def test_what_is_freed_is_overwritten() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FREED],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.split() == ["True", "False"]


def test_without_the_right_to_lock_swap_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "may_lock", lambda: False)
    for has_swap, said in ((True, "may be swapped"), (False, "no swap")):
        monkeypatch.setattr(memory, "has_swap", lambda found=has_swap: found)
        assert memory.standing() == said
