"""Whether this very process can get out: every way is tried, here and now, and what the system answered is told.

A try never sends anything away: it stops at the first thing the system would have to allow (a socket made, a UDP socket
given a destination, a call to this machine's own closed port). "refused" is told only where the system refused; where
it did not, the way is "not enforced here", whatever was set up.
"""

import ctypes
import errno
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from holdspace.enclosure.calls import call, this_machine
from holdspace.enclosure.processes import FAST_OPEN, TYPE_FOR_HER

CLOSED_PORT = 9
HERE = "127.0.0.1"
"""This machine's own address: a filter sees no addresses, so what is refused here is refused everywhere."""
NO_SUCH_NAME = "holdspace.invalid"
"""A name that is nobody's by rule (RFC 6761)."""
REFUSED = frozenset({errno.EACCES, errno.EPERM})
NOT_HERE = frozenset({errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT, errno.ENOSYS})
"""The system has no such way at all."""
QUICKLY_S = 5.0
VSOCK, PACKET, NETLINK = 40, 17, 16
IN_A_CHILD = f"""
import socket
try:
    socket.create_connection(("127.0.0.1", {CLOSED_PORT}), timeout=1)
    print("through", 0)
except OSError as error:
    print("answered", error.errno)
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """One way out: in plain words, whether the system refused it just now, and what it answered."""

    what: str
    is_refused: bool
    seen: str

    @property
    def outcome(self) -> str:
        """As it is told."""
        return "refused" if self.is_refused else "not enforced here"


class _Kept:
    """A connection of this process with itself, made before it was shut in, to try whether it can be turned around."""

    connection: socket.socket | None = None
    other_end: socket.socket | None = None


def keep_a_connection() -> None:
    """Make that connection, while one can still be made."""
    with closing(socket.create_server((HERE, 0))) as listening:
        _Kept.other_end = socket.create_connection(listening.getsockname())
        _Kept.connection, _ = listening.accept()


def standing() -> tuple[Tried, ...]:
    """Every way out of this process, tried now."""
    return tuple(Tried(what, *_answered(attempt)) for what, attempt in WAYS.items())


def is_shut(tried: tuple[Tried, ...]) -> bool:
    """Whether every way was refused."""
    return bool(tried) and all(one.is_refused for one in tried)


def threads_filtered() -> tuple[int, int]:
    """How many of this process's threads are under a filter, and how many there are."""
    told = []
    for path in Path("/proc/self/task").glob("*/status"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
            told.append(path.read_text())
    return sum("\nSeccomp:\t2\n" in text for text in told), len(told) or 1


def _answered(attempt: Callable[[], str]) -> tuple[bool, str]:
    """Run an attempt: it returns how it got through, or raises what the system answered."""
    try:
        return False, attempt()
    except OSError as error:
        number = error.errno or 0
        name = errno.errorcode.get(number, type(error).__name__)
        return number in REFUSED | NOT_HERE, name


def _call_here(family: int, address: tuple[str, int]) -> str:
    with closing(socket.socket(family, socket.SOCK_STREAM)) as made:
        made.settimeout(1.0)
        try:
            made.connect(address)
        except ConnectionRefusedError:
            return "reached this machine's network"
    return "connected"


def _tcp() -> str:
    return _call_here(socket.AF_INET, (HERE, CLOSED_PORT))


def _tcp6() -> str:
    try:
        return _call_here(socket.AF_INET6, ("::1", CLOSED_PORT))
    except OSError as error:
        if error.errno in (errno.EADDRNOTAVAIL, errno.ENETUNREACH):
            return "a socket was made"
        raise


def _udp() -> str:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as made:
        with suppress(OSError):
            made.connect((HERE, CLOSED_PORT))  # sends nothing yet
        return "a socket was made"


def _name() -> str:
    """A name server is asked over UDP, or by way of another program's socket; only where both are shut is one asked."""
    for way in (_udp, _other_program):
        refused, seen = _answered(way)
        if not refused:
            return f"could ask: {seen}"
    with suppress(socket.gaierror):
        socket.getaddrinfo(NO_SUCH_NAME, 443)
        return "a name server answered"
    raise PermissionError(errno.EACCES, "")


def _kind(family: int, kind: int, protocol: int = 0) -> Callable[[], str]:
    def attempt() -> str:
        socket.socket(family, kind, protocol).close()
        return "a socket was made"

    return attempt


def _native() -> str:
    """Without Python: the C library's own socket(), and the bare system call."""
    libc, machine = ctypes.CDLL(None, use_errno=True), this_machine()
    number = ctypes.c_long(machine.numbers["socket"]) if machine else None
    attempts = [lambda: libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)]
    if number is not None:
        attempts.append(lambda: libc.syscall(number, socket.AF_INET6, socket.SOCK_DGRAM, 0))
    return _first_through(attempts, then=os.close, said="a socket was made")


def _io_uring() -> str:
    return _first_through(
        [lambda: call("io_uring_setup", 1, ctypes.create_string_buffer(120))],
        then=os.close,
        said="a ring was made",
    )


def _other_program() -> str:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as made:
        try:
            made.connect(f"/run/{secrets.token_hex(8)}")
        except (FileNotFoundError, ConnectionRefusedError):
            return "may speak to other programs"
    return "connected"


def _turned_around() -> str:
    """A connection there is, given another end. Where the kernel would do it, it says that it has an end already."""
    connection = _Kept.connection or socket.socketpair()[0]
    try:
        connection.connect((HERE, CLOSED_PORT) if connection.family == socket.AF_INET else "/")
    except PermissionError:
        raise
    except OSError:
        return "could be turned around"
    return "was turned around"


def _sent_with_a_destination() -> str:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        try:
            ours.sendmsg([b""], [], FAST_OPEN)
        except PermissionError:
            raise
        except OSError:
            return "could connect by sending"
    return "could connect by sending"


def _child() -> str:
    done = subprocess.run(  # noqa: S603  # this interpreter and a line of ours
        [sys.executable, "-I", "-c", IN_A_CHILD],
        check=False,
        capture_output=True,
        timeout=60,
    )
    word, _, number = done.stdout.decode().strip().partition(" ")
    if word == "answered" and int(number) in REFUSED:
        raise PermissionError(int(number), "")
    return "a program it starts gets through" if word else "the program could not try"


def _memory() -> str:
    """This process's own memory by the call that reads any other's."""
    spare = ctypes.create_string_buffer(8)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(spare), 8)
    return _first_through(
        [lambda: call("process_vm_readv", os.getpid(), vector, 1, vector, 1, 0)],
        then=lambda _read: None,
        said="memory was read",
    )


def _typing() -> str:
    """Typing into a terminal, tried on no terminal at all."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ioctl(-1, ctypes.c_ulong(TYPE_FOR_HER), None)
    if ctypes.get_errno() in REFUSED:
        raise PermissionError(ctypes.get_errno(), "")
    return "could type into her terminal"


def _write_elsewhere() -> str:
    """A file where this process has no business, taken away again."""
    last: OSError | None = None
    for folder in (Path("/var/tmp"), Path("/dev/shm"), Path.home()):  # noqa: S108  # to see that it cannot  # nosec B108
        made = folder / f".holdspace-{secrets.token_hex(8)}"
        try:
            os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            last = error
            continue
        made.unlink()
        return f"a file was made in {folder}"
    raise last or FileNotFoundError(errno.ENOENT, "")


def _first_through(attempts: list[Callable[[], int]], *, then: Callable[[int], None], said: str) -> str:
    """The first of some native calls that succeeds; else the last one's error is raised."""
    for attempt in attempts:
        ctypes.set_errno(0)
        if (got := attempt()) >= 0:
            then(got)
            return said
        failed = ctypes.get_errno()
        if failed not in REFUSED | NOT_HERE:
            break
    raise OSError(failed, "")


WAYS: dict[str, Callable[[], str]] = {
    "a TCP connection": _tcp,
    "a TCP connection over IPv6": _tcp6,
    "a UDP packet": _udp,
    "a name asked of a name server": _name,
    "a raw IPv6 packet": _kind(socket.AF_INET6, socket.SOCK_RAW, 58),
    "a raw Ethernet packet": _kind(PACKET, socket.SOCK_RAW),
    "the kernel's own socket (netlink)": _kind(NETLINK, socket.SOCK_RAW),
    "the host of a virtual machine (vsock)": _kind(VSOCK, socket.SOCK_STREAM),
    "a connection by native code": _native,
    "a connection by way of io_uring": _io_uring,
    "another program's socket": _other_program,
    "a connection it has, turned around": _turned_around,
    "connecting by sending (fast open)": _sent_with_a_destination,
    "a program it starts": _child,
    "another program's memory": _memory,
    "typing into her terminal": _typing,
    "a file outside its folders": _write_elsewhere,
}
