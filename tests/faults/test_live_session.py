"""A session heard by a real server: killed in the middle, and searched afterwards for any sound it left anywhere."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from holdspace.engines.speech.decode import decode
from holdspace.weights.store import Store, default_root
from tests.faults.found import as_floats, containers_in, crossed, found_in, in_memory, slices, written
from tests.faults.processes import BOOKED, SET_UP, run_here
from tests.faults.served import Window, drafted, free_port, serving, speech_process

pytestmark = [pytest.mark.faults, pytest.mark.weights]

SAMPLE = Path(__file__).parents[2] / "src" / "holdspace" / "demo_data" / "session.ogg"
SECOND = 16_000
LEAK = Path(__file__).parent / "leak"
PHRASE = "how has the week been"
"""Said in the session, and no part of its note."""
HEARD = """
opening.unlock("harbor lamp mosaic")
from holdspace.people.models import User
from holdspace.room.models import Session
from holdspace.room.queries import transcript
said = transcript(opening.actor_of(User.objects.get().pk), Session.objects.get())
print(" ".join(turn.text for turn in said.turns))
"""
DESTROYED = """
opening.unlock("harbor lamp mosaic")
from holdspace.people.models import User
from holdspace.room.actions.sessions import destroy_transcript
from holdspace.room.models import Session
destroy_transcript(opening.actor_of(User.objects.get().pk), Session.objects.get())
"""
OPENED = """
opening.unlock("harbor lamp mosaic")
from holdspace.errors import Destroyed
from holdspace.vault.bring_over import fields_of, sealed_models
from holdspace.vault.whose import whose
for model in sealed_models():
    related = whose(model).related
    rows = model._base_manager.all()
    for row in (rows.select_related(related) if related else rows):
        for field in fields_of(model):
            try:
                print(getattr(row, field.attname))
            except Destroyed:
                pass
from holdspace.people.models import User
from holdspace.room.models import HeardPiece, Session
from holdspace.room.queries import transcript
try:
    said = transcript(opening.actor_of(User.objects.get().pk), Session.objects.get())
    print(*(turn.text for turn in (said.turns if said else ())))
except Destroyed:
    pass
print(HeardPiece.objects.count())
"""
"""Every sealed value that still opens, and how many stretches are there that were never put together."""
DUMPED = """
opening.unlock("harbor lamp mosaic")
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM "{table}"')
        for row in cursor.fetchall():
            print(*(value.hex() if isinstance(value, bytes) else value for value in row))
"""


@pytest.fixture(scope="module")
def sound() -> list[bytes]:
    """The sample session's first seconds, 16-bit samples of one channel."""
    if not Store(default_root()).present("whisper-base"):
        pytest.skip("whisper-base is not on this machine")
    samples = decode(SAMPLE.read_bytes()).samples[:, 0]
    return [samples[n : n + SECOND].tobytes() for n in range(0, 30 * SECOND, SECOND)]


def test_a_server_killed_in_mid_session_loses_no_second(
    environment: dict[str, str],
    sound: list[bytes],
) -> None:
    session = run_here(environment, SET_UP, BOOKED, "print(session.pk)")
    port = free_port()
    with serving(environment, port) as server:
        window = Window(port, session)
        window.sign_in()
        limits = Path(f"/proc/{server.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0", limits)
        window.line("begin", mode="room", format="DAP", token="hers")
        for number, second in enumerate(sound[:15]):
            line = window.send(number, second)
        for _ in range(150):
            if line["heard"] > 3:
                break
            time.sleep(0.2)
            line = window.send(15, sound[15])
        understood = line["heard"]
        assert understood > 3
        server.send_signal(signal.SIGKILL)
        server.wait()
    with serving(environment, port):
        line = window.line("begin", mode="room", format="DAP", token="hers")
        assert understood <= line["next"] <= 16  # what was not understood is asked for again
        window.send_all(sound, line["next"])
        drafted(window)
    said = run_here(environment, HEARD).lower()
    assert "how has the week been" in said  # before the kill
    assert "diary" in said
    assert "what do you think" in said  # after it


def test_a_speech_process_killed_in_mid_session_loses_no_second(
    environment: dict[str, str], sound: list[bytes]
) -> None:
    session = run_here(environment, SET_UP, BOOKED, "print(session.pk)")
    port = free_port()
    with serving(environment, port) as server:
        window = Window(port, session)
        window.sign_in()
        window.line("begin", mode="room", format="DAP", token="hers")
        for number, second in enumerate(sound[:12]):
            line = window.send(number, second)
        for _ in range(150):
            if line["heard"] > 3:
                break
            time.sleep(0.2)
            line = window.line("state")
        child = speech_process(server.pid)
        assert re.search(r"Max core file size +0 +0", Path(f"/proc/{child}/limits").read_text())
        environ = Path(f"/proc/{child}/environ").read_bytes()
        assert b"PASSPHRASE" not in environ
        assert b"HOLDSPACE_HOME" not in environ
        os.kill(child, signal.SIGKILL)
        line = window.send_all(sound, 12)
        for _ in range(100):  # the page asks on until everything is understood
            if line["next"] < len(sound):
                line = window.send_all(sound, line["next"])
            if line["heard"] > 25:
                break
            time.sleep(0.2)
            line = window.line("state")
        assert speech_process(server.pid) != child
        assert line["lost"] == 0
        drafted(window, total=len(sound))
    said = run_here(environment, HEARD).lower()
    for words in ("how has the week been", "diary", "what do you think"):
        assert said.count(words) == 1


def can_look_into(pid: int) -> bool:
    try:
        Path(f"/proc/{pid}/mem").open("rb").close()
    except OSError:
        return False
    return True


def test_when_a_session_is_heard_its_sound_is_nowhere_in_memory_either(
    environment: dict[str, str], sound: list[bytes]
) -> None:
    session = run_here(environment, SET_UP, BOOKED, "print(session.pk)")
    port = free_port()
    with serving(environment, port) as server:
        sought = [*slices(sound[15:]), *as_floats(slices(sound[15:]))]
        if not can_look_into(server.pid):
            pytest.skip("this system forbids looking into a process's memory")
        window = Window(port, session)
        window.sign_in()
        window.line("begin", mode="room", format="DAP", token="hers")
        window.send_all(sound[:15], 0)
        for _ in range(150):
            if window.line("state")["heard"] > 3:
                break
            time.sleep(0.2)
        child = speech_process(server.pid)
        window.send_all(sound, 15)
        assert in_memory(server.pid, sought) + in_memory(child, sought) > 0  # while it is not understood yet
        window.line("state", state="ending", total=str(len(sound)))
        for _ in range(600):
            if window.form(f"/sessions/{session}/capture/state/")[0] == 410:
                break
            time.sleep(0.1)
        assert in_memory(server.pid, sought) == 0
        assert in_memory(child, sought) == 0


TRACED = (
    "strace", "-f", "-qq", "-yy", "-xx", "-s", "4000000",
    "-e", "trace=write,pwrite64,writev,pwritev,pwritev2",
)  # fmt: skip


def can_trace() -> bool:
    try:
        return (
            subprocess.run([*TRACED, "-o", "/dev/null", "true"], check=False, capture_output=True).returncode
            == 0
        )
    except FileNotFoundError:
        return False


def held(environment: dict[str, str], sound: list[bytes], *around: str, is_drafted: bool = True) -> None:
    """A session, from Begin to the draft, or until all of it is at the server."""
    session = run_here(environment, SET_UP, BOOKED, "print(session.pk)")
    port = free_port()
    with serving(environment, port, *around):
        window = Window(port, session)
        window.sign_in()
        window.line("begin", mode="room", format="DAP", token="hers")
        window.send_all(sound, 0)
        if is_drafted:
            drafted(window, total=len(sound))


@pytest.fixture
def private(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment, with a folder for temporary files of its own."""
    (tmp_path / "temporary").mkdir()
    return {**environment, "TMPDIR": str(tmp_path / "temporary")}


# Where the system forbids tracing, what is left behind is searched all the same.
def test_of_a_whole_session_no_sound_was_ever_written_and_no_word_is_left_after_destruction(
    private: dict[str, str],
    sound: list[bytes],
    tmp_path: Path,
) -> None:
    practice, trace = tmp_path / "practice", tmp_path / "trace"
    since = time.time()
    around = (*TRACED, "-o", str(trace)) if can_trace() else ()
    held(private, sound, *around)
    sought = [*slices(sound), *as_floats(slices(sound))]
    assert len(sought) > 40
    if around:
        assert len(trace.read_bytes()) > 100_000  # it saw the database being written
        assert crossed(trace, sought)  # and the sound crossing to the speech process
        assert written(trace, sought) == []
    for folder in (tmp_path / "temporary", practice):
        assert found_in(folder, sought) == containers_in(folder) == []
    for folder in (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")):  # noqa: S108  # where a library would leave it
        assert [path for path in containers_in(folder) if path.stat().st_mtime > since] == []
    assert PHRASE in run_here(private, HEARD).lower()
    assert PHRASE in run_here(private, OPENED).lower()
    disk = {path.name: path.read_bytes() for path in practice.glob("practice.db*")}
    run_here(private, DESTROYED)
    dumped = run_here(private, DUMPED)
    assert not any(piece.hex() in dumped for piece in sought)
    left = run_here(private, OPENED).lower()
    assert "ruth abel" in left  # everything else opens
    assert PHRASE not in left
    # A copy of the disk from before, with every key there is now.
    for path in practice.glob("practice.db*"):
        path.unlink()
    for name, content in disk.items():
        (practice / name).write_bytes(content)
    raw = run_here(private, OPENED).lower()
    assert "ruth abel" in raw
    assert PHRASE not in raw


@pytest.mark.skipif(not can_trace(), reason="this system forbids tracing")
def test_the_same_proof_finds_a_server_that_writes_sound_and_takes_it_away_again(
    private: dict[str, str], sound: list[bytes], tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    leaking = {**private, "PYTHONPATH": f"{LEAK}:{private.get('PYTHONPATH', '')}"}
    held(leaking, sound[:12], *TRACED, "-o", str(trace), is_drafted=False)
    sought = slices(sound[:12])
    assert found_in(tmp_path / "practice", sought) == []  # it is gone
    assert written(trace, sought)


def test_the_search_finds_a_temporary_file_made_on_purpose(sound: list[bytes], tmp_path: Path) -> None:
    sought, trace, left = slices(sound), tmp_path / "trace", tmp_path / "left"
    left.mkdir()
    gone = left / "gone"
    made = f"pathlib.Path({str(gone)!r}).write_bytes(bytes.fromhex({sound[5].hex()!r}))"
    program = f"import os, pathlib; {made}; os.unlink({str(gone)!r})"
    if can_trace():
        subprocess.run(
            [*TRACED, "-o", str(trace), "python3", "-c", program], check=True, env=dict(os.environ)
        )
        assert written(trace, [sound[5][4000:4032]])
    (left / "kept").write_bytes(b"RIFF" + sound[3] + sought[0])
    assert found_in(left, sought) == [left / "kept"]
