"""No test reaches another machine:

the guard is on in every test, and stops every way out it claims to stop.
"""

import socket
from urllib.request import urlopen

import pytest

from tests.no_network import OtherMachineError, no_network

__all__ = ["no_network"]
DOCUMENTATION = "203.0.113.7"  # RFC 5737: an address that belongs to nobody


def test_another_machine_cannot_be_reached() -> None:
    with pytest.raises(OtherMachineError):
        socket.create_connection((DOCUMENTATION, 80), timeout=1)
    with pytest.raises(OtherMachineError):
        socket.getaddrinfo("example.com", 443)
    with pytest.raises(OtherMachineError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"hello", (DOCUMENTATION, 53))
    with pytest.raises(OtherMachineError):
        urlopen("https://example.com/", timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=1).close()


def test_the_guard_is_on_in_every_test(request: pytest.FixtureRequest) -> None:
    root = request.config.rootpath / "tests" / "conftest.py"
    assert "no_network" in root.read_text(encoding="utf-8"), (
        "tests/conftest.py must import the guard's fixture"
    )
