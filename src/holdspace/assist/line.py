"""A process of our own and the one line to it: asked in JSON, begun when first needed, begun anew when it died.

    server  ── question, bytes ──▶  child        python -m holdspace.assist.enclosed KIND
            ◀── steps, answer ────               shut in before it loads anything

The child has no passphrase, no database and no key, and the operating system keeps it from files and connections
(enclosure/processes.py). What it is told and what it answers crosses a socket that only the two have.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from holdspace.errors import EngineFailed, HoldspaceError
from holdspace.outbound.gateway import Gateway

Values = dict[str, Any]
Progress = Callable[[str, float], None]
KEPT_NAMES = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "OMP_NUM_THREADS")
"""What a child sees of the environment: no passphrase file, no database."""
GONE: Values = {"gone": True}


@dataclass(frozen=True, slots=True)
class Begun:
    """What the process at the other end is given. `has_filter`: whether the system refuses it what its table says."""

    line: Connection
    gateway: Gateway | None
    arguments: tuple[str, ...]
    has_filter: bool


class ChildProcess:
    """One process of a kind and its line. Any thread may ask.

    `stopped` is what is raised when it dies while it is asked; `passed` gives a file number it takes over, or None.
    """

    def __init__(
        self,
        kind: str,
        arguments: Sequence[str],
        *,
        stopped: Callable[[], HoldspaceError],
        passed: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._kind, self._arguments = kind, arguments
        self._stopped, self._passed = stopped, passed
        self._lock = Lock()
        self._numbers = count()
        self._line: _Line | None = None

    @property
    def pid(self) -> int | None:
        """The process there is now, if there is one."""
        line = self._line
        return line.process.pid if line and line.is_open else None

    def ask(
        self, what: str, sound: bytes | bytearray = b"", tell: Progress | None = None, **fields: Any
    ) -> Values:
        """Ask and wait for the answer. Raises `stopped`, or what the engine raised.

        Where `tell` raises, the other end is told to go no further with it, and that is raised.
        """
        with self._lock:
            if self._line is None or not self._line.is_open:
                self._line = _Line.begun(self._kind, self._arguments, self._passed())
            line, number = self._line, next(self._numbers)
            answers = line.send({"id": number, "what": what, "size": len(sound), **fields}, sound)
        while "step" in (told := answers.get()):
            if tell is not None:
                self._tell(line, number, tell, told)
        if "gone" in told:
            raise self._stopped()
        if "error" in told:
            raise _error(*told["error"])
        return told

    def _tell(self, line: "_Line", number: int, tell: Progress, told: Values) -> None:
        try:
            tell(told["step"], told["fraction"])
        except BaseException:
            line.waiting.pop(number, None)
            self.ask("abandon", recording=number)
            raise

    def stop(self) -> None:
        """End the process; what it holds is lost."""
        with self._lock:
            if self._line is not None:
                self._line.close()


@dataclass(slots=True)
class _Line:
    """A running process, our end of its socket, and who waits for which answer."""

    process: "subprocess.Popen[bytes]"
    connection: Connection
    is_open: bool = True
    waiting: dict[int, "SimpleQueue[Values]"] = field(default_factory=dict)

    @classmethod
    def begun(cls, kind: str, arguments: Sequence[str], passed: int | None) -> "_Line":
        """A new process, and a thread that reads its answers."""
        ours, theirs = Pipe()
        numbers = [theirs.fileno(), *([passed] if passed is not None else [])]
        words = [kind, str(theirs.fileno()), str(passed if passed is not None else -1)]
        process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of ours
            [sys.executable, "-P", "-m", "holdspace.assist.enclosed", *words, *arguments],
            env={name: os.environ[name] for name in KEPT_NAMES if name in os.environ},
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what an engine prints could carry what was said
        )
        theirs.close()
        if passed is not None:
            os.close(passed)
        line = cls(process, ours)
        Thread(target=line.read, name=f"holdspace-{kind}", daemon=True).start()
        return line

    def send(self, asked: Values, sound: bytes | bytearray) -> "SimpleQueue[Values]":
        """Ask; the queue gives the answers as they come."""
        answers: SimpleQueue[Values] = SimpleQueue()
        self.waiting[asked["id"]] = answers
        try:
            self.connection.send_bytes(json.dumps(asked).encode())
            if sound:
                self.connection.send_bytes(sound)
        except OSError:
            answers.put(GONE)
        return answers

    def read(self) -> None:
        """Hand out answers until the process is gone; whoever waits then is told so."""
        try:
            while True:
                told = json.loads(self.connection.recv_bytes())
                waiting = self.waiting if "step" in told else None
                answers = waiting.get(told["id"]) if waiting else self.waiting.pop(told["id"], None)
                if answers is not None:
                    answers.put(told)
        except (EOFError, OSError):
            self.is_open = False
            self.process.wait()
            for answers in list(self.waiting.values()):
                answers.put(GONE)

    def close(self) -> None:
        """End the process."""
        self.is_open = False
        with suppress(OSError):
            self.process.kill()


def _error(code: str, what: str, kept: str, then: str) -> HoldspaceError:
    """The engine's error as it was raised over there."""
    kinds = [HoldspaceError]
    for kind in kinds:
        if kind.code == code:
            return kind(what, kept=kept, then=then)
        kinds += kind.__subclasses__()
    return EngineFailed(what, kept=kept, then=then)
