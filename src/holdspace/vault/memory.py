"""What is in memory stays out of files, and does not lie about in memory either: no core dump, no page written to swap
where the system allows it, and what is let go of is overwritten.

Sound, words and open keys are in the memory of the server and of the speech process. `mlockall(2)` keeps pages out of
swap; it needs the right to lock memory without limit, without which later allocations would fail, so it is not tried
then. Where it cannot be had, `standing` says so and `holdspace doctor` shows it.
"""

import ctypes
import resource
import sys
from pathlib import Path
from typing import Literal

Standing = Literal["locked", "no swap", "may be swapped"]

ALL_AS_TOUCHED = 1 | 2 | 4
"""MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT (Linux 4.4): every page from the moment it is used."""
M_PERTURB, OVER_WITH = -6, 0xA5
"""mallopt(3): glibc fills what is freed with this. A second of sound has been in a dozen buffers before it is heard, of
uvicorn, of Django, of ours; whoever let one go, it is overwritten.
"""
CAP_IPC_LOCK = 1 << 14


def guard_memory() -> Standing:
    """No core dump of this process, what it frees overwritten where the C library can do that, and its pages locked
    where that is allowed. How its memory stands now.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "mallopt"):
        library.mallopt(M_PERTURB, OVER_WITH)
    if may_lock() and library.mlockall(ALL_AS_TOUCHED) == 0:
        return "locked"
    return "may be swapped" if has_swap() else "no swap"


def standing() -> Standing:
    """How the memory of a server begun here would stand."""
    if may_lock():
        return "locked"
    return "may be swapped" if has_swap() else "no swap"


def may_lock() -> bool:
    """Whether this process may lock as much memory as it uses."""
    if not sys.platform.startswith("linux"):
        return False
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return True
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) & CAP_IPC_LOCK)
    return False


def has_swap() -> bool:
    """Whether this machine has swap at all; True where it does not say."""
    try:
        return len(Path("/proc/swaps").read_text(encoding="ascii", errors="replace").splitlines()) > 1
    except OSError:
        return True
