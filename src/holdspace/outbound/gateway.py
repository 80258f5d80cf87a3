"""The gateway as everyone else sees it: the one process that may open a connection, asked over a socket.

    server ── control ──────────────────▶ gateway ── fork ──▶ one process per request ──▶ the host, if the door says so
    speech ── control, one host only ──▶

The server begins it before it shuts itself in (enclosure/processes.py), and tells it which hosts are allowed whenever
that changes. A request goes along a line of its own, handed over as an open file: the gateway passes it on and sees
none of it. There is no HTTP here; that is in outbound/gateway_child.py.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from threading import Lock
from typing import Any

from holdspace.errors import EngineFailed, Unavailable
from holdspace.outbound.door import Door, HostNotAllowed, HostNotOurs

KEPT_NAMES = ("PATH", "PYTHONPATH", "HOME", "LANG", "LD_LIBRARY_PATH")
"""What the gateway sees of the environment: no passphrase file, no database, no proxy."""
RAISED = {kind.code: kind for kind in (HostNotAllowed, HostNotOurs, EngineFailed)}


class GatewayStopped(Unavailable):
    """The gateway is gone; it cannot be begun again from inside."""

    code = "gateway-stopped"


class Gateway:
    """One end of a control line. Any thread may ask."""

    def __init__(self, control: Connection) -> None:
        self._control = control
        self._lock = Lock()

    def allow(self, door: Door) -> None:
        """From now on these hosts and no other; what is under way goes on."""
        self._tell({"what": "allow", "hosts": sorted(door.hosts), "ours": sorted(door.ours)})

    def line(self, urls: Iterable[str]) -> int:
        """A control line for another process, by which it reaches the hosts of these addresses at most."""
        theirs, kept = Pipe()
        with theirs, kept:
            self._tell({"what": "line", "hosts": sorted(Door.to(urls).hosts)}, kept)
            return os.dup(theirs.fileno())

    def post(
        self, url: str, body: bytes, *, content_type: str, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Post bytes, and the answer's. Raises HostNotAllowed, HostNotOurs, EngineFailed, GatewayStopped."""
        ours, theirs = Pipe()
        with ours:
            with theirs:
                self._tell({"what": "ask"}, theirs)
            try:
                asked = {"url": url, "content_type": content_type, "headers": dict(headers or {})}
                ours.send_bytes(json.dumps(asked).encode())
                ours.send_bytes(body)
                told = json.loads(ours.recv_bytes())
                if "error" not in told:
                    return ours.recv_bytes()
            except (EOFError, OSError) as error:
                raise EngineFailed("The server could not be reached.", then="Is it running?") from error
        code, *said = told["error"]
        raise RAISED.get(code, EngineFailed)(said[0], kept=said[1], then=said[2])

    def _tell(self, message: dict[str, Any], passed: Connection | None = None) -> None:
        try:
            with self._lock:
                self._control.send_bytes(json.dumps(message).encode())
                if passed is not None:
                    send_handle(self._control, passed.fileno(), None)
        except OSError as error:
            raise GatewayStopped(
                "The process that reaches other machines has stopped.", then="Start Holdspace anew."
            ) from error

    def wait_until_ready(self) -> None:
        """Until it is shut in and serves. Raises GatewayStopped."""
        try:
            self._control.recv_bytes()
        except (EOFError, OSError) as error:
            raise GatewayStopped("The process that reaches other machines did not start.") from error

    def close(self) -> None:
        """Let go of it; the gateway ends when its first line does."""
        self._control.close()


class _Here:
    """The gateway of this process, once there is one."""

    gateway: Gateway | None = None
    reached: tuple[str, ...] = ()
    """Addresses it may reach because somebody's command asked for them; none where a server began it."""


def begin(door: Door, *, certificates: str = "", database: str = "") -> Gateway:
    """Begin this process's gateway, which lives as long as it does.

    `certificates` is a file of authorities of her own; `database` describes one to carry connections to
    (outbound/postgres.py). Returns when it is ready. Raises GatewayStopped where it does not begin.
    """
    ours, theirs = Pipe()
    words = [str(theirs.fileno()), certificates, database]
    subprocess.Popen(  # noqa: S603  # this interpreter and a module of ours
        [sys.executable, "-P", "-m", "holdspace.outbound.gateway_child", *words],
        env={name: os.environ[name] for name in KEPT_NAMES if name in os.environ},
        pass_fds=(theirs.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    theirs.close()
    made = Gateway(ours)
    made.allow(door)
    made.wait_until_ready()
    _Here.gateway = made
    return made


def here() -> Gateway | None:
    """The gateway of this process, if one was begun."""
    return _Here.gateway


def reaching(url: str) -> Gateway:
    """The gateway of this process; where no server began one, one that reaches the addresses asked for here only."""
    if _Here.gateway is not None and (not _Here.reached or url in _Here.reached):
        return _Here.gateway
    reached = (*_Here.reached, url)
    made = _Here.gateway or begin(Door.to(reached))
    made.allow(Door.to(reached))
    _Here.reached = reached
    return made


def end() -> None:
    """Let the gateway of this process go."""
    if _Here.gateway is not None:
        _Here.gateway.close()
        _Here.gateway, _Here.reached = None, ()


def sender(
    through: Gateway, *, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Callable[[str, bytes], bytes]:
    """The `send` that network adapters are given."""

    def send(url: str, body: bytes) -> bytes:
        return through.post(url, body, content_type=content_type, headers=headers)

    return send
