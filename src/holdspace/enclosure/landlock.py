"""Landlock: which files this process may write or read, and to which TCP ports it may connect (landlock(7)).

The kernel applies it to the calling thread and to every thread, child and program it begins from then on. So it is set
while there is only one thread; with more, `restrict` sets nothing and says so.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from holdspace.enclosure.calls import call, this_machine
from holdspace.enclosure.seccomp import give_up_privileges

WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
REFER = 1 << 13
READING = READ_FILE | READ_DIR
WRITING = WRITE_FILE | TRUNCATE | REMOVE_AND_MAKE | REFER
OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE
SINCE = {REFER: 2, TRUNCATE: 3}
"""Rights that came with a later version."""

BIND_TCP, CONNECT_TCP, NETWORK_SINCE = 1, 2, 4
ABSTRACT_SOCKETS, SIGNALS, SCOPES_SINCE = 1, 2, 6
_VERSION, _PATH_BENEATH, _NET_PORT = 1, 1, 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What is left to a process. None leaves the kind alone: read anything, connect anywhere."""

    writes: tuple[Path, ...]
    reads: tuple[Path, ...] | None = None
    ports: frozenset[int] | None = field(default=frozenset())


def version() -> int:
    """The version of Landlock the kernel has, 0 for none."""
    machine = this_machine()
    if machine is None:
        return 0
    return max(0, call("landlock_create_ruleset", None, 0, _VERSION))


def restrict(limits: Limits) -> int:
    """Set the limits on this process, for good; the version that keeps them, 0 where nothing was set."""
    kept = version()
    if not kept or _threads() > 1 or not give_up_privileges():
        return 0
    handled = _handled(limits, kept)
    ruleset = call("landlock_create_ruleset", ctypes.c_char_p(handled), len(handled), 0)
    if ruleset < 0:
        return 0
    try:
        files = struct.unpack_from("Q", handled)[0]
        _add_folders(ruleset, limits.writes, (WRITING | READING) & files)
        _add_folders(ruleset, limits.reads or (), READING & files)
        if kept >= NETWORK_SINCE:
            for port in limits.ports or ():
                call("landlock_add_rule", ruleset, _NET_PORT, struct.pack("QQ", CONNECT_TCP, port), 0)
        return kept if call("landlock_restrict_self", ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _handled(limits: Limits, kept: int) -> bytes:
    """What the limits are about, as this version of the kernel takes it (struct landlock_ruleset_attr)."""
    files = WRITING | (READING if limits.reads is not None else 0)
    files &= ~sum(right for right, since in SINCE.items() if kept < since)
    network = BIND_TCP | (CONNECT_TCP if limits.ports is not None else 0)
    parts = [files, *([network] if kept >= NETWORK_SINCE else [])]
    parts += [ABSTRACT_SOCKETS | SIGNALS] if kept >= SCOPES_SINCE else []
    return struct.pack(f"{len(parts)}Q", *parts)


def _add_folders(ruleset: int, paths: Iterable[Path], rights: int) -> None:
    for path in paths:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # what is not there needs no right
        try:
            is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
            allowed = rights if is_folder else rights & OF_A_FILE
            call("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", allowed, opened), 0)
        finally:
            os.close(opened)
