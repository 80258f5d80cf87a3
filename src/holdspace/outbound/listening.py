"""The port the pages answer at: the one internet socket a server has, taken before it shuts itself in."""

import errno
import socket

from holdspace.errors import Unavailable

Listening = socket.socket


class PortTaken(Unavailable):
    """The port cannot be listened at."""

    code = "port-taken"


def bound(host: str, port: int) -> Listening:
    """A socket that listens there. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise PortTaken(
            f"Port {port} is taken." if taken else f"Holdspace cannot listen at {host}, port {port}.",
            then="Stop the other program, or choose another port with --port.",
        ) from error
