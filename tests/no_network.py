"""A test may talk to this machine and to no other. A pytest plugin: importing its fixture switches the
guard on.

The guard is an audit hook, which sees every connection Python itself opens (what a library opens in C it
cannot see; nothing of ours does that).
"""

import ipaddress
import sys
from collections.abc import Iterator

import pytest


class _Guard:
    """Audit hooks cannot be removed again, so one is added once and is on only while a test runs."""

    is_on = False
    is_added = False


class OtherMachineError(AssertionError):
    """A test tried to reach another machine."""


def is_here(host: object) -> bool:
    """Whether an address names this machine (a Unix socket's path always does)."""
    if host is None or (isinstance(host, str | bytes) and host in ("", "localhost", b"localhost")):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _Guard.is_on:
        return
    match event, arguments:
        case (("socket.connect" | "socket.sendto"), (_, tuple(address), *_)):
            host = address[0]
        case "socket.getaddrinfo", (host, *_):
            pass
        case _:
            return
    if not is_here(host):
        raise OtherMachineError(f"A test tried to reach {host!r}. Tests talk to this machine only.")


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection to another machine while the test runs."""
    if not _Guard.is_added:
        sys.addaudithook(_watch)
        _Guard.is_added = True
    _Guard.is_on = True
    yield
    _Guard.is_on = False
