"""The practice's key is changed while the worst happens: killed anywhere, on a full disk, twice at once, in use."""

import pytest

from tests.faults.processes import BOOKED, SET_UP, run_here

pytestmark = pytest.mark.faults

READY = """
from holdspace.vault import keyfile
keyfile.MEMORY_KIB = 64
"""
WRITTEN = """
from holdspace.room.actions.sessions import accept_transcript, save_jottings
save_jottings(maya, session, text="grounding used")
accept_transcript(maya, session, data=b"Therapist: How was it?\\nClient: I slept five hours.\\n" * 3, filename="a.txt")
"""
TOOLS = """
import json, shutil, signal, sys, time
from django.conf import settings
from django.db import connections
from holdspace.access.actor import Actor
from holdspace.audit import heads
from holdspace.audit.check import check_log
from holdspace.people import rotating
from holdspace.people.models import Client, Practice
from holdspace.room.models import Session
from holdspace.room.queries import transcript
from holdspace.vault import in_use, rotation
from holdspace.vault.envelope import derived
from holdspace.vault.generations import files, opened_from
from holdspace.vault.home import RECORDS
from holdspace.vault.keys import KeyChanged, ring
from holdspace.vault.sqlcipher.copying import opens

home = settings.CONFIG.home
heads.keep()
connections.close_all()
pristine = home.parent / "pristine"
shutil.copytree(home, pristine)
old = ring.practice_key()

def afresh():
    connections.close_all()
    ring.clear()
    shutil.rmtree(home)
    shutil.copytree(pristine, home)

def begun():
    opening.unlock("harbor lamp mosaic")
    practice = Practice.objects.get()
    rotating.begin(Actor.command_line(practice.pk), practice, passphrase="harbor lamp mosaic")

def apart(work):
    "Do something in a process of its own; how it ended."
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr)
            os._exit(1)
    return os.waitpid(pid, 0)[1]

def whole():
    "Everything reads as it was written, under the passphrase she has."
    opening.unlock("harbor lamp mosaic")
    assert Client.objects.get().name == "Ruth Abel"
    session = Session.objects.get()
    assert session.jottings == "grounding used"
    worker = Actor.worker(Practice.objects.get().pk)
    assert "slept five hours" in transcript(worker, session).turns[1].text
    checked = check_log()
    assert checked.is_whole and checked.heads, checked.findings

def changed():
    "The old key opens nothing that is there."
    assert ring.practice_key() != old
    assert not rotation.is_begun(home)
    connections.close_all()
    assert not opens(home / "practice.db", derived(old, "database"))
    for series, path in files(home):
        try:
            opened_from(path.read_bytes(), derived(old, series.purpose), path.stem)
        except Exception:
            continue
        raise AssertionError(path)
    assert len(files(home)) == 2
    left = {path.name for path in home.iterdir()} - {"formats"}
    assert not any("next" in name or name.startswith("rotation") for name in left), left
"""
KILLED_EVERYWHERE = """
def killed_at(number):
    calls = iter(range(10_000))
    def told(step, part):
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
    def work():
        begun()
        rotating.carry_out(told)
    return work

def go_on():
    whole()
    if rotation.is_begun(home):
        rotating.carry_out()
    whole()
    changed()

points = 0
for number in range(100):
    afresh()
    if apart(killed_at(number)) == 0:
        break
    assert apart(go_on) == 0, number
    points += 1
print(points > 12)
"""
FULL_DISK = """
import resource
afresh()
def full():
    begun()
    # The database itself has its room; what does not fit is the copy of it.
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    room = (home / "practice.db").stat().st_size * 7 // 10
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        rotating.carry_out()
    except Exception as error:
        said = type(error).__name__, error.code, error.kept
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert said[:2] == ("DiskFull", "disk-full"), said
    assert said[2] == "Everything opens as before. The rotation is begun and goes on from here."
    assert not (home / "practice.db.next").exists()
    whole()
    rotating.carry_out()
    whole()
    changed()
print(apart(full))
"""
TWO_AT_ONCE = """
afresh()
def first():
    begun()
    rotating.carry_out(lambda step, part: time.sleep(0.3))
def second():
    opening.unlock("harbor lamp mosaic")
    connections.close_all()
    for _ in range(100):
        if (home / ".rotating").exists():
            break
        time.sleep(0.02)
    time.sleep(0.2)
    try:
        rotating.carry_out()
    except Exception as error:
        assert error.code == "already-rotating", error
        assert "Wait" in str(error)
        return
    raise AssertionError("both")
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    first()
    os._exit(0)
refused = apart(second)
print(refused, os.waitpid(pid, 0)[1], apart(lambda: (whole(), changed())))
"""
IN_USE = """
afresh()
def busy():
    in_use.ALONE_S = 0.3
    begun()
    held = in_use.share(home)
    try:
        rotating.carry_out()
    except Exception as error:
        assert error.code == "in-use", error
    else:
        raise AssertionError("not alone")
    held.give_back()
    whole()
    rotation.give_up(home, rotation.database_file())
    assert not rotation.is_begun(home)
    whole()
    assert ring.practice_key() == old
print(apart(busy))

afresh()
opening.unlock("harbor lamp mosaic")
connections.close_all()
print(apart(lambda: (begun(), rotating.carry_out())))
try:
    Client.objects.get()
except KeyChanged as error:
    print(error.code, ring.is_open)
whole()
"""


def test_a_rotation_survives_a_kill_at_any_point_a_full_disk_a_second_one_and_use(
    environment: dict[str, str],
) -> None:
    said = run_here(
        environment, READY, SET_UP, BOOKED, WRITTEN, TOOLS, KILLED_EVERYWHERE, FULL_DISK, TWO_AT_ONCE, IN_USE
    )
    assert said.splitlines() == [
        "True",  # killed at more than a dozen points, and each time whole before and changed after
        "0",
        "0 0 0",
        "0",
        "0",
        "key-changed False",
    ]
