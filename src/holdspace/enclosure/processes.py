"""What each process of a practice may not do: one table a process, read from top to bottom.

    server    the pages, the worker: no way to any other machine, none to another program's sockets
    silent    what hears and what proposes wordings: no socket at all, no other program
    gateway   the only one that may open a connection; it writes nothing and starts no program

What is not named is allowed. A refusal is EACCES for what would leave the machine and EPERM for the ways around the
filter, so that a trial can tell ours from another. ENOSYS where the C library then takes a call we can look into.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from holdspace.enclosure import landlock, seccomp
from holdspace.enclosure.seccomp import NEVER, Condition, Rule, is_given, rules

UNIX, INET, INET6, NETLINK = 1, 2, 10, 16
STREAM, DATAGRAM, SEQUENCED = 1, 2, 5
KIND_ONLY = 0xF
"""Of a socket's type, without the flags that ride on it."""
FAST_OPEN = 0x20000000
"""Sending that connects first (MSG_FASTOPEN)."""
OTHER_NAMESPACES = 0x7E020080
"""CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET and -TIME."""
TYPE_FOR_HER, OF_THE_CONSOLE = 0x5412, 0x541C
"""TIOCSTI, TIOCLINUX: typing into her terminal as if she did."""

AROUND = (
    # Another process's memory or open connections.
    *rules("ptrace process_vm_readv process_vm_writev pidfd_getfd", errno.EPERM),
    # Sockets made and connected by the kernel on our behalf, unseen by a filter.
    *rules("io_uring_setup io_uring_enter io_uring_register", errno.EPERM),
    # Code inside the kernel; keys whose making starts a program outside (and asks a name server).
    *rules("bpf perf_event_open userfaultfd add_key request_key keyctl", errno.EPERM),
    *rules("init_module finit_module delete_module kexec_load kexec_file_load", errno.EPERM),
    *rules("iopl ioperm swapon acct reboot", errno.EPERM),
    # Another view of the machine.
    *rules("mount umount2 move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr", errno.EPERM),
    *rules("pivot_root chroot setns unshare open_by_handle_at", errno.EPERM),
    Rule("clone", errno.EPERM, (Condition(0, "has", (OTHER_NAMESPACES,)),)),
    Rule("clone3", errno.ENOSYS),
    Rule("ioctl", errno.EPERM, (Condition(1, "in", (TYPE_FOR_HER, OF_THE_CONSOLE)),)),
)

NO_DESTINATION = (
    Rule("sendto", errno.EACCES, (is_given(4),)),
    Rule("sendto", errno.EACCES, (Condition(3, "has", (FAST_OPEN,)),)),
    Rule("sendmsg", errno.EACCES, (Condition(2, "has", (FAST_OPEN,)),)),
    Rule("sendmmsg", errno.EACCES, (Condition(3, "has", (FAST_OPEN,)),)),
)
"""Sending goes along a connection there is. A pair of stream sockets takes no destination in `sendmsg` either."""

PAIRS_ALONE = (
    Rule("socketpair", errno.EACCES, (Condition(0, "not in", (UNIX,)),)),
    Rule("socketpair", errno.EACCES, (Condition(1, "not in", (STREAM, SEQUENCED), KIND_ONLY),)),
)
NO_PROGRAM = rules("execve execveat", errno.EPERM)

LOCAL_STREAMS_ALONE = (
    Rule("socket", errno.EACCES, (Condition(0, "not in", (UNIX,)),)),
    Rule("socket", errno.EACCES, (Condition(1, "not in", (STREAM,), KIND_ONLY),)),
)
"""A socket that cannot be bound or connected leads nowhere; llama.cpp wants one to hold."""

SERVER_WITH_POSTGRES = (
    *LOCAL_STREAMS_ALONE,
    *rules("bind", errno.EACCES),
    *PAIRS_ALONE,
    *NO_DESTINATION,
    *AROUND,
)
"""PostgreSQL is reached by its Unix socket. A filter cannot see whose socket that is; Landlock keeps TCP shut."""

SERVER = (*rules("connect", errno.EACCES), *SERVER_WITH_POSTGRES)
"""`connect` is refused on every socket: one that was accepted could otherwise be turned around and lead elsewhere."""

SILENT = (
    *rules("socket connect bind listen accept accept4", errno.EACCES),
    *PAIRS_ALONE,
    *NO_DESTINATION,
    *NO_PROGRAM,
    *AROUND,
)

MODEL = (
    # llama.cpp insists on a listener: it holds a socket that is bound to nothing, is told that it listens, and waits.
    *LOCAL_STREAMS_ALONE,
    *rules("bind listen", 0),
    *rules("accept accept4", NEVER),
    *rules("connect", errno.EACCES),
    *PAIRS_ALONE,
    *NO_DESTINATION,
    *NO_PROGRAM,
    *AROUND,
)

GATEWAY = (
    Rule("socket", errno.EACCES, (Condition(0, "not in", (INET, INET6, NETLINK)),)),
    Rule(
        "socket",
        errno.EACCES,
        (Condition(0, "in", (INET, INET6)), Condition(1, "not in", (STREAM, DATAGRAM), KIND_ONLY)),
    ),
    *rules("listen", errno.EACCES),
    *PAIRS_ALONE,
    *NO_PROGRAM,
    *AROUND,
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What the system took of what was asked: whether the filter stands, and Landlock's version (0: none)."""

    has_filter: bool
    landlock: int


def enclose(table: Sequence[Rule], limits: landlock.Limits) -> Enclosed:
    """Shut this process in, for good. Where the system cannot, it goes on without, and a trial will show it."""
    kept = landlock.restrict(limits)
    return Enclosed(seccomp.install(table), kept)
