"""The gateway, as a real process: it connects where the door says so, and nowhere else."""

import os
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from holdspace.enclosure.landlock import NETWORK_SINCE, version
from holdspace.errors import EngineFailed
from holdspace.outbound import gateway
from holdspace.outbound.door import Door, HostNotAllowed, HostNotOurs
from holdspace.outbound.gateway import Gateway, GatewayStopped
from tests.unit.enclosure.shut import linux_only, shut_in
from tests.unit.outbound.servers import counting, serving, speaking_tls

JSON = "application/json"


@pytest.fixture
def here() -> Iterator[Gateway]:
    """A gateway of this process that may reach nothing yet."""
    yield gateway.begin(Door())
    gateway.end()


def test_it_posts_to_an_allowed_host_and_a_change_of_the_list_counts_at_once(here: Gateway) -> None:
    with serving() as port, counting() as (other, came):
        url = f"http://127.0.0.1:{port}/v1"
        for door, is_open in ((Door(), False), (Door.to([url]), True), (Door(), False)):
            here.allow(door)
            if is_open:
                assert here.post(url, b"hello", content_type=JSON) == b"heard hello"
                assert here.post(f"{url}/elsewhere", b"hello", content_type=JSON) == b"heard hello"
            else:
                with pytest.raises(HostNotAllowed):
                    here.post(url, b"hello", content_type=JSON)
        here.allow(Door.to([url]))
        for strange in (f"http://127.0.0.1:{other}/", "https://192.0.2.1/", "https://127.0.0.1/"):
            with pytest.raises(HostNotAllowed):
                here.post(strange, b"hello", content_type=JSON)
        assert came == []


def test_a_line_for_another_process_leads_to_its_host_alone_and_allows_nothing(here: Gateway) -> None:
    with serving() as port, serving() as other:
        urls = [f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"]
        here.allow(Door.to(urls))
        theirs = Gateway(Connection(here.line(urls[:1])))
        assert theirs.post(urls[0], b"sound", content_type=JSON) == b"heard sound"
        theirs.allow(Door.to(urls))
        Gateway(Connection(theirs.line(urls))).close()
        with pytest.raises(HostNotAllowed):
            theirs.post(urls[1], b"sound", content_type=JSON)
        theirs.close()
        assert here.post(urls[1], b"words", content_type=JSON) == b"heard words"
        here.allow(Door())


def test_a_server_is_known_by_its_name_and_by_who_vouches_for_it(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    good, vouching = speaking_tls(tmp_path, "localhost")
    bad, vouching_too = speaking_tls(tmp_path / "other", "elsewhere.example")
    with serving(good) as named, serving(bad) as misnamed:
        urls = [f"https://localhost:{port}/" for port in (named, misnamed)]
        for certificates, url, is_known in (
            (vouching, urls[0], True),
            (vouching_too, urls[0], False),
            (vouching_too, urls[1], False),
            ("", urls[0], False),
        ):
            here = gateway.begin(Door.to(urls), certificates=str(certificates))
            if is_known:
                assert here.post(url, b"hello", content_type=JSON) == b"heard hello"
            else:
                with pytest.raises(EngineFailed, match="could not prove"):
                    here.post(url, b"hello", content_type=JSON)
            gateway.end()


@pytest.mark.parametrize(("days", "said"), [(-3, "has expired"), (3, "is not valid yet")])
def test_a_certificate_that_is_not_good_today_is_said_and_nothing_is_sent(
    tmp_path: Path, days: int, said: str
) -> None:
    other_day, vouching = speaking_tls(tmp_path, "localhost", from_now=timedelta(days=days))
    with serving(other_day) as port:
        url = f"https://localhost:{port}/"
        here = gateway.begin(Door.to([url]), certificates=str(vouching))
        with pytest.raises(EngineFailed, match=said) as told:
            here.post(url, b"hello", content_type=JSON)
        gateway.end()
    assert told.value.kept == "Nothing was sent to it."
    assert "clock" in told.value.then


def test_a_server_that_is_said_to_be_hers_must_be_in_her_network(here: Gateway) -> None:
    public = "https://198.51.100.7/"
    with serving() as port:
        mine = f"http://127.0.0.1:{port}/"
        hosts = Door.to([public, mine]).hosts
        here.allow(Door(hosts, ours=hosts))
        assert here.post(mine, b"hello", content_type=JSON) == b"heard hello"
        with pytest.raises(HostNotOurs, match="not in your network"):
            here.post(public, b"hello", content_type=JSON)


def test_an_answer_without_end_and_a_server_that_is_gone_are_said_plainly(here: Gateway) -> None:
    with serving() as port:
        url = f"http://127.0.0.1:{port}"
        here.allow(Door.to([url]))
        with pytest.raises(EngineFailed, match="too long"):
            here.post(f"{url}/endless", b"hello", content_type=JSON)
    with pytest.raises(EngineFailed, match="could not be reached"):
        here.post(url, b"hello", content_type=JSON)


def test_a_gateway_that_is_gone_is_not_begun_anew_from_inside() -> None:
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(GatewayStopped, match="has stopped"):
        Gateway(Connection(write)).post("https://named.example/", b"", content_type=JSON)


@linux_only
def test_the_gateway_is_shut_in_itself_and_a_request_knows_one_port(tmp_path: Path) -> None:
    with serving() as port, counting() as (other, came):
        got = shut_in(f"""
from multiprocessing import Pipe
from holdspace.enclosure.places import program_files
from holdspace.outbound.door import Door
from holdspace.outbound.gateway_child import answer
from holdspace.outbound.standing import standing
from holdspace.outbound.http import trusted
trusted("")
private = Path({str(tmp_path)!r}) / "private"
private.write_text("a key")
enclose(GATEWAY, Limits(writes=(), reads=program_files(), ports=None))
found["refused"] = [tried.what for tried in standing() if tried.is_refused]
ours, theirs = Pipe()
url = "http://127.0.0.1:{port}/"
told = {{"url": url, "content_type": "x/y", "headers": {{}}}}
theirs.send_bytes(json.dumps(told).encode()); theirs.send_bytes(b"hello")
found["answer"] = [part.decode() for part in answer(ours, Door.to([url]), "")]
for name, act in (("other port", lambda: socket.create_connection(("127.0.0.1", {other}))),
                  ("private", private.read_text)):
    try:
        act(); found[name] = "ok"
    except OSError as error:
        found[name] = errno.errorcode[error.errno]
""")
    assert got["answer"] == ["{}", "heard hello"]
    if version() >= NETWORK_SINCE:
        assert (got["other port"], came, got["private"]) == ("EACCES", [], "EACCES")
    assert {
        "a raw IPv6 packet",
        "a raw Ethernet packet",
        "a connection by way of io_uring",
        "another program's socket",
        "a program it starts",
        "another program's memory",
        "a file outside its folders",
    } <= set(got["refused"])
