"""The gateway process: the only one that may open a connection. `python -m holdspace.outbound.gateway_child`.

It has no key, no database and no passphrase, and shuts itself in too: it starts no program, writes no file and speaks
to no other program on this machine. Every request is done by a process of its own, which may connect to one TCP port,
that of the address asked for, and ends with the answer.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from holdspace.enclosure.landlock import Limits, restrict
from holdspace.enclosure.places import DEVICES, program_files
from holdspace.enclosure.processes import GATEWAY, enclose
from holdspace.errors import HoldspaceError
from holdspace.outbound.door import Door
from holdspace.outbound.http import post, trusted
from holdspace.outbound.postgres import Database, forward, listening

LONGEST_S = 180
"""A request that takes longer ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """A control line: whose it is decides what may be said on it. `hosts` None is the server's."""

    control: Connection
    hosts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The database connections are carried to, and the socket where they arrive."""

    database: Database
    arriving: socket.socket


class Desk:
    """Hears what is asked on the control lines and has it done."""

    def __init__(self, server: Connection, certificates: str, carried: Carried | None) -> None:
        self._lines = {server: Line(server)}
        self._door = Door()
        self._certificates = certificates
        self._carried = carried

    def serve(self) -> None:
        """Until the server is gone."""
        is_going = True
        while is_going:
            arrivals = [self._carried.arriving] if self._carried else []
            for ready in wait([*self._lines, *arrivals]):
                if isinstance(ready, Connection):
                    is_going = is_going and self._attend(self._lines[ready])
                else:
                    self._carry()
        if self._carried:
            self._carried.database.path.unlink(missing_ok=True)

    def _attend(self, line: Line) -> bool:
        """Hear one message. False when it was the server's line and the server is gone."""
        try:
            self._hear(line)
        except (EOFError, OSError):
            del self._lines[line.control]
            return line.hosts is not None
        return True

    def _hear(self, line: Line) -> None:
        told = json.loads(line.control.recv_bytes())
        passed = Connection(recv_handle(line.control)) if told["what"] in ("ask", "line") else None
        if told["what"] == "ask" and passed is not None:
            self._have_done(passed, self._door_of(line))
        elif told["what"] == "line" and passed is not None and line.hosts is None:
            self._lines[passed] = Line(passed, frozenset(told["hosts"]))
        elif told["what"] == "allow" and line.hosts is None:
            self._door = Door(frozenset(told["hosts"]), frozenset(told["ours"]))

    def _door_of(self, line: Line) -> Door:
        if line.hosts is None:
            return self._door
        return replace(self._door, hosts=self._door.hosts & line.hosts)

    def _have_done(self, passed: Connection, door: Door) -> None:
        if self._is_forked():
            try:
                signal.alarm(LONGEST_S)
                for part in answer(passed, door, self._certificates):
                    passed.send_bytes(part)
            finally:
                os._exit(0)
        passed.close()

    def _carry(self) -> None:
        if self._carried is None:
            return
        here, _ = self._carried.arriving.accept()
        if self._is_forked():
            try:
                forward(here, self._carried.database)
            finally:
                os._exit(0)
        here.close()

    def _is_forked(self) -> bool:
        """Whether this is the new process, which has none of the control lines."""
        if os.fork():
            return False
        for control in self._lines:
            control.close()
        return True


def answer(passed: Connection, door: Door, certificates: str) -> Iterator[bytes]:
    """Do one request: what is sent back, in its parts."""
    asked: dict[str, Any] = json.loads(passed.recv_bytes())
    body = passed.recv_bytes()
    try:
        arrived = post(
            door,
            asked["url"],
            body,
            content_type=asked["content_type"],
            headers=asked["headers"],
            certificates=certificates,
            before=lambda port: restrict(Limits(writes=(), ports=frozenset({port}))),
        )
    except HoldspaceError as error:
        yield json.dumps({"error": [error.code, error.what, error.kept, error.then]}).encode()
        return
    yield b"{}"
    yield arrived


def main(words: Sequence[str]) -> None:
    """Shut in, and serve."""
    number, certificates, described = words
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this by ending
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    trusted(certificates)  # read once, here
    database = Database.from_json(described) if described else None
    carried = Carried(database, listening(database)) if database else None
    reads = (
        *program_files(),
        *([Path(certificates)] if certificates else []),
        *(database.files if database else ()),
    )
    writes = (*DEVICES, *([Path(database.folder)] if database else []))
    enclose(GATEWAY, Limits(writes=writes, reads=reads, ports=None))
    server = Connection(int(number))
    server.send_bytes(b"ready")
    Desk(server, certificates, carried).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
