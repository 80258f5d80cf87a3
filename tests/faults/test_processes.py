"""Real processes, stopped and refused: a worker killed while it drafts, a locked server, a set-up cut short."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.faults

PASSPHRASE = "harbor lamp mosaic"
COMMAND = [sys.executable, "-c", "from holdspace.cli.main import main; main()"]
STARTED = """
import os
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
from holdspace.cli.practice import start_django
start_django()
from holdspace.people import opening
"""
SET_UP = """
opening.set_up(practice="Harbor", zone="America/New_York", name="Maya Torres", credential="LCSW",
               username="maya", password="correct horse battery", passphrase="harbor lamp mosaic")
"""
ASKED = """
opening.unlock("harbor lamp mosaic")
from datetime import datetime, timedelta, UTC
from holdspace.consent.actions import record_consent
from holdspace.people.actions import add_client
from holdspace.people.models import User
from holdspace.people.queries import own_clinician
from holdspace.room.actions import accept_transcript, request_draft, start_session
from holdspace.schedule.actions import book_appointment
maya = opening.actor_of(User.objects.get().pk)
ruth = add_client(maya, own_clinician(maya), name="Ruth Abel")
start = datetime(2026, 11, 10, 16, tzinfo=UTC)
session = start_session(maya, book_appointment(maya, ruth, start=start, end=start + timedelta(minutes=50)))
record_consent(maya, ruth)
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
from holdspace.audit.chain import first_break
from holdspace.chart.models import NoteSentence, ProgressNote
from holdspace.room.models import DraftRun
print(DraftRun.objects.get().state, ProgressNote.objects.count(), NoteSentence.objects.count() > 0, first_break())
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


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A practice's folder of its own, its passphrase in a file."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOLDSPACE_", "DATABASE_"))
    }
    if weights := os.environ.get("HOLDSPACE_WEIGHTS"):
        kept["HOLDSPACE_WEIGHTS"] = weights
    ours = {"HOLDSPACE_HOME": str(tmp_path / "practice"), "HOLDSPACE_PASSPHRASE_FILE": str(passphrase)}
    return {**kept, **ours, "PYTHONPATH": ":".join(sys.path)}


def run_here(environment: dict[str, str], *scripts: str) -> str:
    """Run scripts in one fresh process; what they printed."""
    done = subprocess.run(
        [sys.executable, "-c", STARTED + "".join(scripts)],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `holdspace` to its end."""
    return subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.weights
def test_a_worker_killed_while_it_drafts_loses_nothing_and_another_finishes(
    environment: dict[str, str],
) -> None:
    run_here(environment, SET_UP, ASKED)
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
    assert run_here(environment, ENDED) == "done 1 True None"


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
