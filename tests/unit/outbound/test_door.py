"""Nothing leaves the machine but to a host somebody named."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from holdspace.errors import EngineFailed
from holdspace.outbound.door import Door, HostNotAllowed
from holdspace.outbound.http import send_to, sender, stream
from tests.unit.outbound.servers import counting


class _Here(BaseHTTPRequestHandler):
    """Answers a post with its body; sends a get somewhere else."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.end_headers()
        self.wfile.write(b"heard " + body)

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "https://elsewhere.example/weights")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def here() -> str:
    """A server on this machine."""
    server = HTTPServer(("127.0.0.1", 0), _Here)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/v1",
        "http://named.example/v1",
        "https://user@named.example/v1",
        "file:///etc/passwd",
        "https://named.example.elsewhere.example/",
        "ftp://named.example/",
    ],
)
def test_only_a_named_host_over_https_may_be_reached(url: str) -> None:
    door = Door(frozenset({"named.example"}))
    assert door.check("https://named.example/v1") == "https://named.example/v1"
    with pytest.raises(HostNotAllowed):
        door.check(url)


def test_a_post_to_this_machine_brings_the_answer_back_even_when_it_is_an_error(here: str) -> None:
    assert send_to(here)(here + "/v1", b"hello") == b"heard hello"
    with pytest.raises(HostNotAllowed):
        sender(Door())(here, b"hello")


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(EngineFailed, match="could not be reached"):
        send_to("http://127.0.0.1:9/")("http://127.0.0.1:9/", b"")


def test_a_redirect_out_of_the_door_is_not_followed(here: str) -> None:
    with pytest.raises(HostNotAllowed):
        b"".join(stream(Door.to([here]), here + "/weights"))


def test_a_proxy_of_the_environment_is_no_way_out(here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with counting() as (port, came):
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        assert send_to(here)(here + "/v1", b"hello") == b"heard hello"
        with pytest.raises(HostNotAllowed):
            b"".join(stream(Door.to([here]), here + "/weights"))
    assert came == []
