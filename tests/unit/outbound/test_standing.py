"""What is told of a process is what the system answered it just now, and never more."""

import pytest

from holdspace.enclosure.landlock import SCOPES_SINCE, version
from holdspace.outbound.standing import WAYS, Tried, is_shut
from holdspace.outbound.tried import TABLES, tried_when_shut_in
from tests.unit.enclosure.shut import linux_only, shut_in

OPEN_WITH_POSTGRES = {"another program's socket", "a name asked of a name server"}
KEPT_BY_LANDLOCK = {"a file outside its folders"}
OPEN_TO_ALL = {
    "a TCP connection",
    "a UDP packet",
    "a name asked of a name server",
    "a connection by native code",
}


@linux_only
def test_a_process_that_is_not_shut_in_is_told_to_be_open() -> None:
    got = shut_in("""
from holdspace.outbound.standing import is_shut, standing
tried = standing()
found["open"] = [one.what for one in tried if not one.is_refused]
found["shut"] = is_shut(tried)
""")
    assert set(got["open"]) >= OPEN_TO_ALL | KEPT_BY_LANDLOCK | {
        "another program's socket",
        "a program it starts",
    }
    assert got["shut"] is False


@linux_only
@pytest.mark.parametrize("kind", TABLES)
def test_every_way_out_of_a_process_that_is_shut_in_is_refused(kind: str) -> None:
    if version() < SCOPES_SINCE:
        pytest.skip("this kernel's Landlock is older than its version 6")
    tried = tried_when_shut_in(kind)
    assert {one.what for one in tried} == set(WAYS)
    still_open = {one.what for one in tried if not one.is_refused}
    assert still_open == (OPEN_WITH_POSTGRES if kind == "server with PostgreSQL" else set())


@linux_only
def test_a_way_that_is_left_out_of_the_filter_is_seen() -> None:
    # Each rule is taken out in turn: what is told follows what the system does, not what was meant.
    missing = {
        "socket": {"a UDP packet", "a connection by native code", "a raw Ethernet packet"},
        "connect": {"a connection it has, turned around"},
        "io_uring_setup": {"a connection by way of io_uring"},
        "process_vm_readv": {"another program's memory"},
        "ioctl": {"typing into her terminal"},
        "sendmsg": {"connecting by sending (fast open)"},
    }
    got = shut_in(f"""
from holdspace.outbound.standing import keep_a_connection, standing
for call in {sorted(missing)!r}:
    asked, answer = os.pipe()
    pid = os.fork()
    if not pid:
        keep_a_connection()
        seccomp.install(tuple(rule for rule in SERVER if rule.call != call))
        told = [tried.what for tried in standing() if not tried.is_refused]
        os.write(answer, json.dumps(told).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    found[call] = json.loads(os.read(asked, 65536))
""")
    for call, ways in missing.items():
        assert ways <= set(got[call]), call
        assert set(got[call]) >= KEPT_BY_LANDLOCK  # no Landlock was set here, and that is told too


def test_nothing_tried_is_not_shut() -> None:
    assert not is_shut(())
    assert Tried("a way", is_refused=False, seen="").outcome == "not enforced here"
