"""What Landlock leaves a process: its folders, its ports, and nobody else's files, memory or ear."""

from pathlib import Path
from typing import Any

import pytest

from holdspace.enclosure.landlock import NETWORK_SINCE, SCOPES_SINCE, version
from tests.unit.enclosure.shut import shut_in

pytestmark = pytest.mark.skipif(
    version() < SCOPES_SINCE, reason="this kernel's Landlock is older than its version 6"
)

FILES = """
def at(act):
    try:
        act(); return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]
mine, theirs, single = Path(MINE), Path(THEIRS), Path(SINGLE)
before = open(theirs / "kept", "r+b")
found["version"] = landlock.restrict(Limits(writes=(mine, single), reads=READS))
for name, folder in (("mine", mine), ("theirs", theirs)):
    found[f"write {name}"] = at(lambda: (folder / "new").write_bytes(b"x"))
    found[f"change {name}"] = at(lambda: open(folder / "kept", "r+b").close())
    found[f"shorten {name}"] = at(lambda: os.truncate(folder / "kept", 1))
    found[f"folder {name}"] = at(lambda: (folder / "made").mkdir())
    found[f"link {name}"] = at(lambda: (folder / "link").symlink_to("/etc/passwd"))
    found[f"socket {name}"] = at(lambda: os.mknod(folder / "sock", 0o140600))
    found[f"read {name}"] = at(lambda: (folder / "kept").read_bytes())
    found[f"list {name}"] = at(lambda: os.listdir(folder))
    found[f"remove {name}"] = at(lambda: (folder / "kept").unlink())
found["move out"] = at(lambda: os.rename(mine / "new", theirs / "moved"))
found["one file"] = at(lambda: single.write_bytes(b"y"))
found["beside it"] = at(lambda: single.with_name("other").write_bytes(b"y"))
found["opened before"] = at(lambda: before.write(b"z") and before.flush())
"""


def files(tmp_path: Path, reads: str) -> dict[str, Any]:
    """What could be done in its own folder and in another."""
    mine, theirs, single = tmp_path / "mine", tmp_path / "theirs", tmp_path / "single"
    for folder in (mine, theirs):
        folder.mkdir()
        (folder / "kept").write_bytes(b"kept")
    single.write_bytes(b"x")
    lines = FILES.replace("MINE", repr(str(mine))).replace("THEIRS", repr(str(theirs)))
    return shut_in(lines.replace("SINGLE", repr(str(single))).replace("READS", reads))


def test_files_are_written_in_its_own_folders_alone(tmp_path: Path) -> None:
    got = files(tmp_path, "None")
    assert got.pop("version") == version()
    theirs = {key: answer for key, answer in got.items() if key.endswith("theirs")}
    assert [key for key, answer in got.items() if key.endswith("mine") and answer != "ok"] == []
    assert {key for key, answer in theirs.items() if answer == "ok"} == {"read theirs", "list theirs"}
    assert (got["move out"], got["one file"], got["beside it"]) == ("EACCES", "ok", "EACCES")
    assert got["opened before"] == "ok"  # what was opened before stays open: so a process is shut in first


def test_files_are_read_where_it_may_read_alone(tmp_path: Path) -> None:
    got = files(tmp_path, "(Path('/usr'),)")
    assert (got["read mine"], got["list mine"]) == ("ok", "ok")
    assert (got["read theirs"], got["list theirs"], got["change theirs"]) == ("EACCES",) * 3


NETWORK = """
def to(address, made=None):
    made = made or socket.socket()
    made.settimeout(2)
    try:
        made.connect(address); return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]
one, two = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
spare = socket.socket()
inside = socket.create_connection(one.getsockname()); accepted, _ = one.accept()
abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0holdspace-test"); abstract.listen()
pid = os.fork()
if not pid:
    found["version"] = landlock.restrict(Limits(writes=(), ports=frozenset({one.getsockname()[1]})))
    found["allowed port"] = to(one.getsockname())
    found["another port"] = to(two.getsockname())
    found["made before"] = to(two.getsockname(), spare)
    found["turned around"] = to(two.getsockname(), accepted)
    try:
        socket.create_server(("127.0.0.1", 0)); found["listen"] = "ok"
    except OSError as error:
        found["listen"] = errno.errorcode[error.errno]
    found["another's abstract socket"] = to("\\0holdspace-test", socket.socket(socket.AF_UNIX))
    for name, number in (("parent", os.getppid()), ("itself", os.getpid())):
        try:
            os.kill(number, 0); found[f"signal {name}"] = "ok"
        except OSError as error:
            found[f"signal {name}"] = errno.errorcode[error.errno]
    try:
        open(f"/proc/{os.getppid()}/mem", "rb").close(); found["parent's memory"] = "ok"
    except OSError as error:
        found["parent's memory"] = errno.errorcode[error.errno]
    print(json.dumps(found), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
os._exit(0)
"""


@pytest.mark.skipif(version() < NETWORK_SINCE, reason="this kernel's Landlock knows no ports")
def test_it_connects_to_its_port_alone_and_reaches_into_no_other_process() -> None:
    assert shut_in(NETWORK) == {
        "version": version(),
        "allowed port": "ok",
        "another port": "EACCES",
        "made before": "EACCES",
        "turned around": "EACCES",
        "listen": "EACCES",
        "another's abstract socket": "EPERM",
        "signal parent": "EPERM",
        "signal itself": "ok",
        "parent's memory": "EACCES",
    }
