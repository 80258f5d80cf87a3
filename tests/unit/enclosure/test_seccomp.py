"""Every rule of every table, tried on the kernel: what it refuses is refused, and what stands beside it is not."""

import errno
import re
from pathlib import Path

import pytest

from holdspace.enclosure import processes
from holdspace.enclosure.calls import ELSEWHERE, MACHINES, this_machine
from holdspace.enclosure.seccomp import NEVER, Rule, program
from tests.unit.enclosure.shut import linux_only, shut_in

TABLES = ("SERVER", "SERVER_WITH_POSTGRES", "SILENT", "MODEL", "GATEWAY")
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
HIGH = 1 << 32
"""A bit of an argument that the kernel does not look at where it takes 32."""


def table(name: str) -> tuple[Rule, ...]:
    """A process's table."""
    found: tuple[Rule, ...] = getattr(processes, name)
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_systems_own(machine: str) -> None:
    numbers = MACHINES[machine].numbers
    assert len(set(numbers.values())) == len(numbers)
    if HEADERS[
        machine
    ].exists():  # they come with a compiler; where there is none the rules are tried all the same
        text = HEADERS[machine].read_text()
        # A few calls have two numbers there, one for 32-bit machines: the last is ours.
        listed = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+)\s+(\d+)", text)}
        assert {name: listed[name] for name in numbers} == numbers


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", TABLES)
def test_a_filter_is_well_formed_for_every_machine(name: str, machine: str) -> None:
    made = program(table(name), MACHINES[machine])
    assert len(made) % 8 == 0
    assert len(made) // 8 < 4096  # the kernel takes no more (BPF_MAXINSNS)


@linux_only
@pytest.mark.parametrize("name", TABLES)
def test_every_call_that_is_refused_whatever_it_is_given_gets_its_error(name: str) -> None:
    machine = this_machine()
    assert machine is not None
    always = {rule.call: rule.error for rule in table(name) if not rule.when and rule.error > 0}
    # Executing a program that is not there and asking for a ring of no size harm nobody where they are allowed.
    calls = sorted(call for call in always if call in machine.numbers or call not in ELSEWHERE)
    got = shut_in(f"assert seccomp.install({name})\nfor call in {calls!r}: found[call] = tried(call)\n")
    assert len(got) > 35
    assert got == {call: errno.errorcode[always[call]] for call in calls}


CONDITIONAL = """
pair = socket.socketpair()
listening = socket.create_server(("127.0.0.1", 0))
here = listening.getsockname()
udp, unbound = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
ADDRESS = ctypes.create_string_buffer(bytes([2, 0, here[1] >> 8, here[1] & 255, 127, 0, 0, 1]) + bytes(8))
assert seccomp.install(TABLE)
fd = pair[0].fileno()
message = ctypes.create_string_buffer(56)
for family in (1, 2, 10, 16, 17, 38, 40, 43, 44, (1 << 32) | 2):
    for kind in (1, 2, 3, 5, 1 | 0o2000000):
        if kind in (1, 2) or family in (1, 2, 10):
            found[f"socket {family:#x} {kind:#x}"] = tried("socket", family, kind)
found["pair of streams"] = tried("socketpair", 1, 1 | 0o2000000, 0, ctypes.create_string_buffer(8))
found["pair in order"] = tried("socketpair", 1, 5, 0, ctypes.create_string_buffer(8))
found["pair of datagrams"] = tried("socketpair", 1, 2, 0, ctypes.create_string_buffer(8))
found["pair of datagrams, high bit"] = tried("socketpair", 1, (1 << 32) | 2, 0, ctypes.create_string_buffer(8))
found["send along"] = tried("sendto", fd, ctypes.create_string_buffer(1), 1)
found["send to somewhere"] = tried("sendto", udp.fileno(), ctypes.create_string_buffer(1), 1, 0, ADDRESS, 16)
found["send and connect"] = tried("sendto", fd, ctypes.create_string_buffer(1), 1, FAST_OPEN)
found["send and connect, high bit"] = tried("sendto", fd, ctypes.create_string_buffer(1), 1, (1 << 32) | FAST_OPEN)
found["message along"] = tried("sendmsg", fd, message, 0)
found["message and connect"] = tried("sendmsg", fd, message, FAST_OPEN | 0x4000)
found["messages along"] = tried("sendmmsg", fd, message, 0, 0)
found["messages and connect"] = tried("sendmmsg", fd, message, 1, FAST_OPEN)
found["turned around"] = tried("connect", fd, ADDRESS, 16)
found["bind"] = tried("bind", unbound.fileno(), ctypes.create_string_buffer(bytes([2, 0]) + bytes(14)), 16)
found["type"] = tried("ioctl", -1, TYPE_FOR_HER, 0)
found["type, high bit"] = tried("ioctl", -1, (1 << 32) | TYPE_FOR_HER, 0)
found["console"] = tried("ioctl", -1, OF_THE_CONSOLE, 0)
found["other control"] = tried("ioctl", -1, 0x5401, 0)
for bit in (0x80, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
    found[f"clone {bit:#x}"] = tried("clone", bit | 17)
thread = threading.Thread(target=lambda: found.update(thread="runs")); thread.start(); thread.join()
pid = os.fork()
if not pid: os._exit(0)
found["fork"] = os.waitpid(pid, 0)[1]
found["program"] = tried("execve", 0, 0, 0)
"""


@linux_only
@pytest.mark.parametrize("name", TABLES)
def test_what_depends_on_its_arguments_is_refused_with_them_and_not_without(name: str) -> None:
    got = shut_in(CONDITIONAL.replace("TABLE", name))
    made = {key for key, answer in got.items() if key.startswith("socket ") and answer == "ok"}
    assert made == _sockets_of(name)
    others = {answer for key, answer in got.items() if key.startswith("socket ")} - {"ok"}
    assert others <= {"EACCES", "EAFNOSUPPORT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EPERM"}
    sending = "ok" if name == "GATEWAY" else "EACCES"
    assert (got["pair of streams"], got["pair in order"]) == ("ok", "ok")
    assert (got["pair of datagrams"], got["pair of datagrams, high bit"]) == ("EACCES", "EACCES")
    assert (got["send along"], got["message along"], got["messages along"]) == ("ok", "ok", "ok")
    assert got["send to somewhere"] == sending
    connecting = (
        "send and connect",
        "send and connect, high bit",
        "message and connect",
        "messages and connect",
    )
    assert all((got[key] == "EACCES") == (name != "GATEWAY") for key in connecting), got
    may_connect = name in ("GATEWAY", "SERVER_WITH_POSTGRES")
    assert (got["turned around"] == "EACCES") != may_connect
    assert got["bind"] == ("ok" if name in ("GATEWAY", "MODEL") else "EACCES")
    assert (got["type"], got["type, high bit"], got["console"]) == ("EPERM", "EPERM", "EPERM")
    assert got["other control"] == "EBADF"
    assert {got[key] for key in got if key.startswith("clone ")} == {"EPERM"}
    assert (got["thread"], got["fork"]) == ("runs", 0)
    assert got["program"] == ("EFAULT" if name.startswith("SERVER") else "EPERM")


def _sockets_of(name: str) -> set[str]:
    """The sockets a process may make, of those tried."""
    if name == "SILENT":
        return set()
    if name == "GATEWAY":  # a high bit on the family is no other family
        inet = {f"socket {family} {kind}" for family in ("0x2", "0xa") for kind in ("0x1", "0x2", "0x80001")}
        return inet | {f"socket {0x100000002:#x} {kind}" for kind in ("0x1", "0x2")} | {"socket 0x10 0x2"}
    return {"socket 0x1 0x1", "socket 0x1 0x80001"}


@linux_only
def test_a_listener_is_told_that_it_listens_and_nothing_is_bound(tmp_path: Path) -> None:
    got = shut_in(f"""
made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
path = {str(tmp_path / "never.sock")!r}
assert seccomp.install(MODEL)
made.bind(path)
made.listen(5)
found["exists"], found["name"] = os.path.exists(path), made.getsockname()
waits = threading.Thread(target=made.accept, daemon=True); waits.start(); waits.join(1.0)
found["waits"] = waits.is_alive()
print(json.dumps(found), flush=True)
os._exit(0)
""")
    assert got == {"exists": False, "name": "", "waits": True}
    assert any(rule.error == NEVER for rule in processes.MODEL)


@linux_only
def test_threads_that_were_there_before_are_under_the_filter_too() -> None:
    got = shut_in("""
begun, goes_on = threading.Event(), threading.Event()
def waits():
    begun.set(); goes_on.wait(); found["thread"] = tried("socket", 2, 1)
thread = threading.Thread(target=waits); thread.start(); begun.wait()
found["installed"] = seccomp.install(SERVER)
found["landlock"] = landlock.restrict(Limits(writes=()))
goes_on.set(); thread.join()
found["again"] = seccomp.install(SERVER)
""")
    # Landlock would not reach that thread, so nothing of it is set rather than half.
    assert got == {"installed": True, "thread": "EACCES", "landlock": 0, "again": True}


@linux_only
def test_a_child_and_what_it_executes_are_under_the_filter_and_nothing_takes_it_off() -> None:
    got = shut_in("""
import subprocess
assert seccomp.install(SERVER)
run = [sys.executable, "-c", "import socket; socket.socket()"]
found["program"] = b"PermissionError" in subprocess.run(run, capture_output=True).stderr
found["privileges"] = Path("/proc/self/status").read_text().split("NoNewPrivs:")[1].split()[0]
found["off"] = tried("seccomp", 0, 0, 0)
""")
    assert (got["program"], got["privileges"]) == (True, "1")
    assert got["off"] == "EINVAL"  # strict mode is no way back


OTHER_NUMBERINGS = """
import mmap
assert seccomp.install(SERVER)
found["x32"] = tried(0x40000000 | 41, 2, 1)
if os.uname().machine == "x86_64":
    # int 0x80 with the 32-bit number of socket(AF_INET, SOCK_STREAM): 359.
    code = bytes.fromhex("53 b867010000 bb02000000 b901000000 31d2 cd80 5b c3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    found["i386"] = 0
    pid = os.fork()
    if not pid:
        os._exit(0 if call() == -errno.EPERM else 1)
    found["i386"] = os.waitpid(pid, 0)[1]
"""


@linux_only
def test_another_machines_numbering_is_no_way_around() -> None:
    got = shut_in(OTHER_NUMBERINGS)
    assert got["x32"] == "EPERM"
    # Refused, or the kernel has no 32-bit calls at all and ends the process.
    assert got.get("i386", 0) in (0, 11)


@linux_only
def test_it_needs_no_rights_of_its_own() -> None:
    # As somebody without rights, where this runs as root.
    got = shut_in("""
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
found["rights"] = int(Path("/proc/self/status").read_text().split("CapEff:")[1].split()[0], 16)
found["shut"] = enclose(SERVER, Limits(writes=())).has_filter
found["socket"] = tried("socket", 2, 1)
""")
    assert got == {"rights": 0, "shut": True, "socket": "EACCES"}
