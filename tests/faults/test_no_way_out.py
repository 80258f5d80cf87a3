"""No way out, on real servers: of all their processes the gateway alone reaches anything, and only what was allowed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from holdspace.enclosure.landlock import SCOPES_SINCE, version
from holdspace.engines.speech.decode import decode
from holdspace.outbound.standing import WAYS
from holdspace.weights.store import Store, default_root
from tests.faults.processes import BOOKED, COMMAND, SET_UP, run_here
from tests.faults.served import Window, children, free_port, serving
from tests.faults.test_live_session import SAMPLE, SECOND
from tests.postgres import NoPostgres, running_postgres
from tests.unit.enclosure.shut import shut_in
from tests.unit.outbound.servers import certificate

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(version() < SCOPES_SINCE, reason="this kernel's Landlock is older than its version 6"),
]
OWN_NETWORK = ["unshare", "-rn"]
SMALL = "smollm2-135m-instruct-q4"


def can_have_a_network_of_its_own() -> bool:
    """Whether this system lets a test have one, with a tunnel in it."""
    try:
        tried = subprocess.run(
            [*OWN_NETWORK, "ip", "tuntap", "add", "wire", "mode", "tun"], check=False, capture_output=True
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.mark.weights
def test_of_a_whole_session_no_packet_leaves_and_every_process_but_the_gateway_reaches_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    if not Store(default_root()).present("whisper-base"):
        pytest.skip("whisper-base is not on this machine")
    if not can_have_a_network_of_its_own():
        pytest.skip("this system lets nobody have a network of their own (unshare -rn)")
    done = subprocess.run(
        [*OWN_NETWORK, sys.executable, "-m", "tests.faults.silent", str(tmp_path)],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["proven"] == 3  # the wire was watched: what was sent on purpose was seen
    assert (found["packets"], found["came"], found["printed"]) == (0, [], True)
    assert len(found["processes"]) == 3
    for line, process in found["processes"].items():
        assert (process["filters"], process["privileges"]) == (["2"], ["1"]), line
        assert len(process["standing"]) == len(WAYS)
        still_open = {what for what, is_refused, _ in process["standing"] if not is_refused}
        if "gateway" in line:
            assert "a TCP connection" in still_open
            assert not still_open & {
                "a program it starts",
                "another program's socket",
                "a file outside its folders",
            }
        else:
            assert (process["through"], still_open) == ([], set()), line
    assert found["came by the gateway"]  # the ways that were tried do get through where they may


@pytest.mark.weights
def test_the_language_models_process_words_reaches_nothing_and_has_no_listener(tmp_path: Path) -> None:
    if not Store(default_root()).present(SMALL):
        pytest.skip(f"{SMALL} is not on this machine (holdspace models pull {SMALL})")
    got = shut_in(f"""
from holdspace.assist.language_process import LanguageProcess
from holdspace.weights.store import Store, default_root
enclose(SERVER, Limits(writes=(Path({str(tmp_path)!r}), default_root(), Path("/dev/null"))))
model = LanguageProcess(Store(default_root()).path({SMALL!r}))
schema = {{"type": "object", "properties": {{"answer": {{"enum": ["yes", "no"]}}}}, "required": ["answer"]}}
found["answer"] = json.loads(model.complete("Is water wet? yes or no", schema=schema, max_tokens=30))["answer"]
found["standing"] = model.ask("standing")["standing"]
pid = model.pid
mine = {{os.readlink(f"/proc/{{pid}}/fd/{{name}}") for name in os.listdir(f"/proc/{{pid}}/fd")}}
inodes = {{name[8:-1] for name in mine if name.startswith("socket:")}}
rows = [line.split() for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")
        for line in Path(f"/proc/{{pid}}/net/{{table}}").read_text().splitlines()[1:]]
found["internet"] = [row for row in rows if row[9] in inodes]
unix = [line.split() for line in Path(f"/proc/{{pid}}/net/unix").read_text().splitlines()[1:]]
# Flag 0x10000: it listens. An eighth column: it has a name somebody could connect to.
found["listens"] = [row for row in unix if row[6] in inodes and (int(row[3], 16) & 0x10000 or len(row) > 7)]
found["filters"] = sorted({{text.split("Seccomp:")[1][1] for text in
    (path.read_text() for path in Path(f"/proc/{{pid}}/task").glob("*/status"))}})
os.kill(pid, 9)
while model.pid: threading.Event().wait(0.05)
found["again"] = json.loads(model.complete("Is water wet? yes or no", schema=schema, max_tokens=30))["answer"]
model.stop()
print(json.dumps(found), flush=True)
os._exit(0)
""")
    assert got["answer"] in ("yes", "no")
    assert [tried["what"] for tried in got["standing"] if not tried["is_refused"]] == []
    assert (got["internet"], got["listens"], got["filters"]) == ([], [], ["2"])
    assert got["again"] == got["answer"]  # one that was killed is begun anew, from inside


class Hears(BaseHTTPRequestHandler):
    """A transcription server that hears the same words in everything."""

    heard = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Hears.heard += b"RIFF" in body
        words = [
            {"word": word, "start": 0.1 + n / 5, "end": 0.25 + n / 5} for n, word in enumerate(["I", "slept"])
        ]
        answer = json.dumps({"text": "I slept", "language": "english", "words": words}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hears() -> Iterator[str]:
    """Its address."""
    Hears.heard = 0
    server = HTTPServer(("127.0.0.1", 0), Hears)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.mark.weights
def test_a_speech_server_she_named_hears_by_way_of_the_gateway(
    environment: dict[str, str], hears: str
) -> None:
    samples = decode(SAMPLE.read_bytes()).samples[:, 0]
    sound = [samples[n : n + SECOND].tobytes() for n in range(0, 10 * SECOND, SECOND)]
    environment = {**environment, "SPEECH_URL": hears}
    session = run_here(environment, SET_UP, BOOKED, "print(session.pk)")
    port = free_port()
    with serving(environment, port) as server:
        window = Window(port, session)
        window.sign_in()
        window.line("begin", mode="room", format="DAP", token="hers")
        line = window.send_all(sound, 0)
        for _ in range(150):
            if line["heard"] >= 5 and Hears.heard:
                break
            sleep(0.2)
            line = window.line("state")
        assert Hears.heard
        lines = children(server.pid)
        speech = next(pid for pid, command in lines.items() if "enclosed speech" in command)
        assert re.search(r"Seccomp:\s+2", Path(f"/proc/{speech}/status").read_text())
        gateway = next(pid for pid, command in lines.items() if "gateway_child" in command)
        os.kill(gateway, 9)  # without it nothing is heard, nothing is lost, and nothing goes another way
        heard = Hears.heard
        window.send_all(sound, line["next"])
        sleep(1.5)
        assert Hears.heard == heard
        assert window.line("state")["lost"] == 0


@pytest.mark.parametrize("sslmode", ["require", "verify-full"])
def test_a_database_on_another_machine_is_reached_by_way_of_the_gateway_with_tls(
    environment: dict[str, str], tmp_path: Path, sslmode: str
) -> None:
    files = certificate(tmp_path, "127.0.0.1")
    port, answers = free_port(), free_port()
    try:
        with running_postgres(port=port, tls=files) as url:
            options = f"sslmode={sslmode}" + (f"&sslrootcert={files[0]}" if sslmode == "verify-full" else "")
            environment = {**environment, "DATABASE_URL": f"{url}?{options}"}
            run_here(environment, SET_UP)
            with serving(environment, answers) as server:
                window = Window(answers, "1")
                window.sign_in()
                assert "Today" in window.ask("GET", "/")[1]
                assert not _internet_sockets_but(server.pid, answers)
                gateway = next(pid for pid, line in children(server.pid).items() if "gateway_child" in line)
                assert children(gateway)  # one for each connection to the database
    except NoPostgres as missing:
        pytest.skip(str(missing))


def _internet_sockets_but(pid: int, port: int) -> list[str]:
    """The internet sockets a process has besides those at its own port."""
    inodes = set()
    for name in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            inodes.add(name.readlink().name.removeprefix("socket:[").rstrip("]"))
    rows = [
        row
        for table in ("tcp", "tcp6", "udp", "udp6")
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        if row.split()[9] in inodes
    ]
    return [
        row
        for row in rows
        if int(row.split()[1].rpartition(":")[2], 16) != port and not _with_itself(row, rows)
    ]


def _with_itself(row: str, rows: list[str]) -> bool:
    """Both ends are this process's: the connection it keeps to try whether it can be turned around."""
    here, there = row.split()[1:3]
    return any(other.split()[1:3] == [there, here] for other in rows)


def test_a_worker_is_shut_in_and_says_so(environment: dict[str, str]) -> None:
    run_here(environment, SET_UP)
    done = subprocess.run(
        [*COMMAND, "worker", "--once"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert f"process.enclosed filter=1 landlock={version()}" in done.stderr


def test_a_port_that_is_taken_is_said_before_anything_begins(environment: dict[str, str]) -> None:
    port = free_port()
    run_here(environment, SET_UP)
    with serving(environment, port):
        second = subprocess.run(
            [*COMMAND, "serve", "--port", str(port)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (second.returncode, f"Port {port} is taken" in second.stderr) == (6, True)
    assert "Traceback" not in second.stderr
