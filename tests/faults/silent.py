"""A whole session on a real server, in a network of its own where every packet that leaves is read.

`python -m tests.faults.silent FOLDER` runs inside `unshare -rn`. There, a tunnel that leads nowhere is the way to every
other machine: what is sent out comes back to this script as bytes. It prints what it found as JSON.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from holdspace.engines.speech.decode import decode
from tests.faults.processes import BOOKED, SET_UP, run_here
from tests.faults.served import Window, children, drafted, free_port, serving
from tests.unit.outbound.servers import counting

SAMPLE = Path(__file__).parents[2] / "src" / "holdspace" / "demo_data" / "session.ogg"
SECOND, SECONDS = 16_000, 20
TUNSETIFF, TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
MULTICAST_6 = 0xFF


class Wire:
    """The only way to other machines, and all that ever went along it."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self._tunnel = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self._tunnel, TUNSETIFF, struct.pack("16sH22s", b"wire", TUN_WITHOUT_HEADER, b""))
        for words in (
            "link set lo up",
            "link set wire up",
            "addr add 10.77.0.2/24 dev wire",
            "-6 addr add fd77::2/64 dev wire nodad",
            "route add default dev wire",
            "-6 route add default dev wire",
        ):
            subprocess.run(["ip", *words.split()], check=True)
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            packet = os.read(self._tunnel, 65536)
            if packet[0] >> 4 == 6 and packet[24] == MULTICAST_6:
                continue  # the kernel greeting its new neighbours
            self.packets.append(packet)

    def proven(self) -> int:
        """How many packets are seen of three that are sent on purpose."""
        for family, nobody in ((socket.AF_INET, "203.0.113.9"), (socket.AF_INET6, "2001:db8::9")):
            with socket.socket(family, socket.SOCK_DGRAM) as made:
                made.sendto(b"out", (nobody, 53))
        with socket.socket() as made:
            made.setblocking(False)
            with suppress(BlockingIOError):
                made.connect(("203.0.113.9", 443))
            time.sleep(0.3)
        return len(self.packets)


def main(folder: Path) -> dict[str, Any]:
    """The session, and what was found."""
    wire = Wire()
    found: dict[str, Any] = {"proven": wire.proven()}
    time.sleep(0.5)
    wire.packets.clear()
    hook = folder / "hook"
    shutil.copytree(Path(__file__).parent / "hook", hook, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": f"{hook}:{os.environ['PYTHONPATH']}"}
    session = run_here(dict(os.environ), SET_UP, BOOKED, "print(session.pk)")
    results = Path(os.environ["HOLDSPACE_HOME"]) / "results"
    results.mkdir()
    with counting() as (listening, came):
        (hook / "told.json").write_text(json.dumps([listening, str(results)]))
        port = free_port()
        with serving(environment, port) as server:
            found |= _held(Window(port, session), server.pid, results, came)
    return {**found, "packets": len(wire.packets)}


def _held(window: Window, server: int, results: Path, came: list[str]) -> dict[str, Any]:
    """Sign in, be heard, try to get out (the gateway last, which may), draft, sign, print."""
    window.sign_in()
    samples = decode(SAMPLE.read_bytes()).samples[:, 0]
    sound = [samples[n : n + SECOND].tobytes() for n in range(0, SECONDS * SECOND, SECOND)]
    window.line("begin", mode="room", format="DAP", token="hers")
    line = window.send_all(sound, 0)
    while line["heard"] < SECONDS // 2:
        time.sleep(0.2)
        line = window.line("state")
    ours = {server: "server", **children(server)}
    filters = {pid: _filters(pid) for pid in ours}
    gateway = [pid for pid, line in ours.items() if "gateway_child" in line]
    told = _told_to_try(results, [pid for pid in ours if pid not in gateway])
    came_before = list(came)
    told |= _told_to_try(results, gateway)
    drafted(window, total=len(sound))
    return {
        "came": came_before,
        "came by the gateway": list(came),
        "processes": {ours[pid]: {**filters[pid], **told[pid]} for pid in ours},
        "printed": _signed_and_printed(window),
    }


def _filters(pid: int) -> dict[str, list[str]]:
    """What the kernel says of each of its threads."""
    told = []
    for path in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
            told.append(path.read_text())
    return {
        "filters": sorted({text.split("\nSeccomp:\t")[1][0] for text in told}),
        "privileges": sorted({text.split("\nNoNewPrivs:\t")[1][0] for text in told}),
    }


def _told_to_try(results: Path, ours: list[int]) -> dict[int, dict[str, Any]]:
    """What each found. Who hangs in a try is told once more: a thread may have held what the try needs."""
    told: dict[int, dict[str, Any]] = {}
    for _ in range(3):
        for pid in set(ours) - set(told):
            os.kill(pid, signal.SIGUSR2)
        for _ in range(150):
            for pid in set(ours) - set(told):
                with suppress(FileNotFoundError, ValueError, IndexError):
                    told[pid] = json.loads((results / str(pid)).read_text().splitlines()[0])
            if len(told) == len(ours):
                return told
            time.sleep(0.2)
    raise AssertionError(f"no answer from {set(ours) - set(told)} of {ours}")


def _signed_and_printed(window: Window) -> bool:
    window.ask("GET", f"/sessions/{window.session}/note/")
    note = window.sent_to
    page = window.ask("GET", note)[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, note
    for question in set(re.findall(r"/questions/(\d+)/answer/", page)):
        window.form(f"{note}questions/{question}/answer/", csrfmiddlewaretoken=token[1], act="set_aside")
    for sentence in set(re.findall(r"/sentences/(\d+)/keep/", page)):
        window.form(f"{note}sentences/{sentence}/keep/", csrfmiddlewaretoken=token[1])
    signed, _ = window.form(f"{note}sign/", csrfmiddlewaretoken=token[1], credential="LCSW")
    assert signed == 302, signed
    return window.raw(f"{note}pdf/").startswith(b"%PDF")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
