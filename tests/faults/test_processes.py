"""Real processes, stopped and refused: a worker killed while it drafts, a locked server, a set-up cut short."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from urllib.parse import urlencode

import pytest

from tests.faults.processes import BOOKED, COMMAND, PASSPHRASE, SET_UP, run_here

pytestmark = pytest.mark.faults

ASKED = """
from holdspace.room.actions.sessions import accept_transcript, request_draft
said = ("Therapist: How was the week, with the panic?\\n"
        "Client: Two panic attacks, fewer than before. I slept five hours most nights.\\n"
        "Therapist: Any thoughts of ending your life?\\nClient: No, nothing like that.\\n"
        "Therapist: Will you keep the sleep diary until Tuesday?\\nClient: Yes, I will do that every night.\\n") * 3
accept_transcript(maya, session, data=said.encode(), filename="said.txt")
request_draft(maya, session, note_format="DAP")
"""
SILENT = """
opening.unlock("harbor lamp mosaic")
from datetime import timedelta
from django.utils import timezone
from holdspace.room.models import DraftRun
run = DraftRun.objects.get()
print(run.state)
DraftRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
"""
ENDED = """
opening.unlock("harbor lamp mosaic")
from holdspace.audit.check import check_log
from holdspace.chart.models import NoteSentence, ProgressNote
from holdspace.room.models import DraftRun
made = ProgressNote.objects.count(), NoteSentence.objects.count() > 0
print(DraftRun.objects.get().state, *made, check_log().is_whole)
"""
CUT_SHORT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    opening.set_up(practice="Harbor", zone="America/New_York", name="Maya Torres", credential="LCSW",
                   username="maya", password="correct horse battery", passphrase="harbor lamp mosaic")
except Exception as error:
    print("stopped", opening.is_set_up())
"""


def command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `holdspace` to its end."""
    return subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.weights
def test_a_worker_killed_while_it_drafts_loses_nothing_and_another_finishes(
    environment: dict[str, str],
) -> None:
    run_here(environment, SET_UP, BOOKED, ASKED)
    worker = subprocess.Popen([*COMMAND, "worker"], env=environment, stderr=subprocess.PIPE, text=True)
    assert worker.stderr is not None
    for line in worker.stderr:
        if "run.begun" in line:
            break
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stderr.close()
    assert run_here(environment, SILENT) == "drafting"
    again = command(environment, "worker", "--once")
    assert again.returncode == 0, again.stderr
    assert "run.lost" in again.stderr
    assert run_here(environment, ENDED) == "done 1 True True"


def test_a_set_up_cut_short_leaves_no_locked_door_and_can_begin_anew(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert run_here(environment, CUT_SHORT) == "stopped False"
    assert sorted(path.name for path in (tmp_path / "practice").iterdir()) == ["secret.key"]
    run_here(environment, SET_UP)
    assert (tmp_path / "practice").stat().st_mode & 0o077 == 0


def test_records_without_their_key_file_are_never_set_up_over(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run_here(environment, SET_UP)
    before = (tmp_path / "practice" / "practice.db").read_bytes()
    (tmp_path / "practice" / "keyfile.json").rename(tmp_path / "keyfile.json")
    said = run_here(environment, f"try:\n    {SET_UP.strip()}\nexcept Exception as error:\n    print(error)")
    assert "not the key file that opens them" in said
    assert (tmp_path / "practice" / "practice.db").read_bytes() == before


def test_a_wrong_passphrase_and_an_unknown_setting_stop_the_command(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run_here(environment, SET_UP)
    (tmp_path / "passphrase").write_text("harbor lamp mosaik\n")
    wrong = command(environment, "worker", "--once")
    assert (wrong.returncode, "does not open" in wrong.stderr) == (4, True)
    unknown = command({**environment, "HOLDSPACE_PORTT": "1"}, "worker", "--once")
    assert (unknown.returncode, "HOLDSPACE_PORTT" in unknown.stderr) == (4, True)
    assert "Traceback" not in wrong.stderr + unknown.stderr


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[HTTPConnection]:
    """A server of a practice that is set up, started without its passphrase."""
    run_here(environment, SET_UP)
    locked = {name: value for name, value in environment.items() if name != "HOLDSPACE_PASSPHRASE_FILE"}
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=locked,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(100):
        try:
            connection.connect()
            break
        except OSError:
            time.sleep(0.2)
    yield connection
    connection.close()
    process.terminate()
    process.communicate(timeout=20)


def asked(
    server: HTTPConnection, method: str, path: str, body: str = "", cookie: str = ""
) -> tuple[int, str, str, str]:
    """Status, where to go, cookie and text of an answer."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    server.request(method, path, body or None, headers)
    answer = server.getresponse()
    text = answer.read().decode()
    if not path.startswith("/static/"):
        assert "script-src 'self'" in (answer.headers["Content-Security-Policy"] or "")
    return answer.status, answer.headers["Location"] or "", answer.headers["Set-Cookie"] or "", text


def test_a_locked_server_shows_one_page_and_opens_to_its_passphrase_alone(server: HTTPConnection) -> None:
    for path in ("/", "/clients/", "/notes/1/", "/sign-in/"):
        assert asked(server, "GET", path)[:2] == (302, "/unlock/")
    status, _, cookie, page = asked(server, "GET", "/unlock/")
    assert status == 200
    cookie = cookie.partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style is not None
    assert asked(server, "GET", style[1])[0] == 200
    form = {"csrfmiddlewaretoken": token[1], "passphrase": "not the passphrase"}
    status, _, _, page = asked(server, "POST", "/unlock/", urlencode(form), cookie)
    assert (status, "does not open this practice" in page) == (200, True)
    form["passphrase"] = PASSPHRASE
    assert asked(server, "POST", "/unlock/", urlencode(form), cookie)[:2] == (302, "/sign-in/")
    assert asked(server, "GET", "/clients/")[:2] == (302, "/sign-in/?next=%2Fclients%2F")
    assert asked(server, "GET", "/no-such-page/")[0] == 404
