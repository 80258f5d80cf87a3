"""Put before Holdspace on the path by a test: every process of ours that is then begun tries to get out when told to.

On SIGUSR2 it asks itself how it stands, and besides tries in ways of its own to reach a port of the test's. What it
finds goes to a file in the practice's folder that it opened before it was shut in. Nothing of this is Holdspace's.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
OURS = ("serve", "holdspace.assist.enclosed", "holdspace.outbound.gateway_child")


def _tcp(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=2)


def _udp(port: int) -> None:
    socket.socket(type=socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", port))


def _native(port: int) -> None:
    """The C library's own calls, with no Python in between."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = ctypes.create_string_buffer(bytes([2, 0, port >> 8, port & 255, 127, 0, 0, 1]) + bytes(8))
    for kind, call in ((1, libc.connect), (2, None)):
        made = libc.socket(2, kind, 0)
        if call is not None:
            call(made, address, 16)
        else:
            libc.sendto(made, b"out", 3, 0, address, 16)
        if made < 0:
            raise OSError(ctypes.get_errno(), "")


def _program(port: int) -> None:
    run = ["/bin/bash", "-c", f"echo out > /dev/tcp/127.0.0.1/{port}; echo out > /dev/udp/127.0.0.1/{port}"]
    if subprocess.run(run, check=False, capture_output=True).returncode:
        raise OSError(0, "")


def _forked(port: int) -> None:
    """In a child of a process with threads: what one of them held is held there for ever, so it is tried again."""
    for _ in range(5):
        pid = os.fork()
        if not pid:
            signal.alarm(5)
            with suppress(OSError):
                socket.socket().connect(("127.0.0.1", port))
                os._exit(0)
            os._exit(1)
        ended = os.waitpid(pid, 0)[1]
        if not os.WIFSIGNALED(ended):
            break
    else:
        raise RuntimeError("no child could try")
    if ended:
        raise OSError(0, "")


def _thread(port: int) -> None:
    got = []

    def tries() -> None:
        with suppress(OSError):
            _tcp(port)
            got.append(port)

    thread = threading.Thread(target=tries)
    thread.start()
    thread.join()
    if not got:
        raise OSError(0, "")


def _turned_around(port: int) -> None:
    """Every socket this process has, disconnected and connected anew."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = ctypes.create_string_buffer(bytes([2, 0, port >> 8, port & 255, 127, 0, 0, 1]) + bytes(8))
    sockets = [int(path.name) for path in Path("/proc/self/fd").iterdir() if path.is_socket()]
    for number in sockets:
        libc.sendto(number, b"out", 3, 0x20000000, address, 16)  # what is sent connects first
        if libc.connect(number, address, 16) == 0:
            return
    raise OSError(0, "")


WAYS: tuple[Callable[[int], None], ...] = (_tcp, _udp, _native, _program, _forked, _thread, _turned_around)


def _through(way: Callable[[int], None], port: int) -> bool:
    try:
        way(port)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _begin() -> None:
    port, folder = json.loads((HERE / "told.json").read_text())
    results = (Path(folder) / str(os.getpid())).open("w")

    def tell(*_: object) -> None:
        from holdspace.outbound.standing import standing  # noqa: PLC0415  # Holdspace is not begun yet

        tried = [[one.what, one.is_refused, one.seen] for one in standing()]
        through = [way.__name__ for way in WAYS if _through(way, port)]
        results.write(json.dumps({"standing": tried, "through": through, "line": sys.orig_argv}) + "\n")
        results.flush()

    signal.signal(signal.SIGUSR2, tell)


if any(word in OURS for word in sys.orig_argv) and (HERE / "told.json").exists():
    _begin()
