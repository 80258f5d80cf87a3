"""A real server that answers, and a window that does what the capture page does, without its browser."""

import json
import os
import re
import signal
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode

from tests.faults.processes import COMMAND


class Window:
    """What the capture page does, without its browser."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session
        self.cookies: dict[str, str] = {}
        self.sent_to = ""

    def ask(self, method: str, path: str, body: bytes | str = b"", **headers: str) -> tuple[int, str]:
        status, content = self._asked(method, path, body, **headers)
        return status, content.decode()

    def raw(self, path: str) -> bytes:
        return self._asked("GET", path)[1]

    def _asked(self, method: str, path: str, body: bytes | str = b"", **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        csrf = {"X-CSRFToken": self.cookies.get("csrftoken", "")}
        connection.request(method, path, body or None, {"Cookie": cookie, **csrf, **headers})
        answer = connection.getresponse()
        for kept in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        content = answer.read()
        self.sent_to = answer.headers["Location"] or ""
        connection.close()
        return answer.status, content

    def form(self, path: str, **fields: str) -> tuple[int, str]:
        return self.ask(
            "POST",
            path,
            urlencode(fields),
            **{"Content-Type": "application/x-www-form-urlencoded", "X-Capture": "hers"},
        )

    def sign_in(self) -> None:
        page = self.ask("GET", "/sign-in/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        fields = {"csrfmiddlewaretoken": token[1], "username": "maya", "password": "correct horse battery"}
        assert self.form("/sign-in/", **fields)[0] == 302

    def line(self, path: str, **fields: str) -> dict[str, Any]:
        status, text = self.form(f"/sessions/{self.session}/capture/{path}/", **fields)
        assert status == 200, text[-300:]
        return dict(json.loads(text))

    def send(self, number: int, second: bytes) -> dict[str, Any]:
        where = f"/sessions/{self.session}/capture/sound/?number={number}&checksum={zlib.crc32(second)}"
        kind = {"Content-Type": "application/octet-stream", "X-Capture": "hers"}
        status, text = self.ask("POST", where, second, **kind)
        assert status == 200, text[-300:]
        return dict(json.loads(text))

    def send_all(self, sound: list[bytes], first: int) -> dict[str, Any]:
        """Everything from a second on, beginning again wherever the server says."""
        number, line = first, {"next": first}
        while number < len(sound):
            line = self.send(number, sound[number])
            number = line["next"]
        return line


@contextmanager
def serving(environment: dict[str, str], port: int, *around: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers; `around` are words before its command."""
    process = subprocess.Popen(
        [*around, *COMMAND, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(300):
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/sign-in/")
                connection.getresponse().read()
                break
            except (OSError, HTTPException):
                time.sleep(0.2)
        yield process
    finally:
        _stop(process, signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            _stop(process, signal.SIGKILL)
            process.wait()


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Stop the process and what it runs: a tracer that ends alone leaves its server behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)


def free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def drafted(window: Window, total: int = 0) -> None:
    """End, and wait for the draft."""
    window.line("state", state="ending", total=str(total))
    for _ in range(600):
        if "Review the draft" in window.ask("GET", f"/sessions/{window.session}/progress/")[1]:
            return
        time.sleep(0.2)
    raise AssertionError("no draft")


def children(parent: int) -> dict[int, str]:
    """The processes a process began, by number, and their command lines."""
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    pids = {int(pid) for path in lists for pid in path.read_text().split()}
    return {pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in pids}


def speech_process(server: int) -> int:
    """The process that hears, a child of the server."""
    (found,) = [pid for pid, line in children(server).items() if "holdspace.assist.enclosed speech" in line]
    return found
