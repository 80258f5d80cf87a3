"""The adapters of the language port, against a real server on this machine's own loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

from holdspace.engines.language.http import HttpLanguageModel
from holdspace.engines.language.port import LanguageModel, Schema
from holdspace.errors import EngineFailed
from tests.unit.language.port_contract import PortContract

LONGEST = 50_000


class FakeLanguageModel:
    """Says yes; what tests put in a model's place. It keeps the port's promises, as the contract shows."""

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """See the port."""
        if len(prompt) > LONGEST:
            raise EngineFailed("The text is longer than the language model can read at once.")
        text = '{"answer": "yes"}' if schema else "yes"
        if len(text) > 4 * max_tokens:
            raise EngineFailed("The language model ran past the length it was given.")
        return text


class TestTheFake(PortContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return FakeLanguageModel()


class TestAModelBehindAnAddress(PortContract):
    @pytest.fixture
    def model(self) -> Iterator[LanguageModel]:
        with serving(OpenAiCompatible) as address:
            yield HttpLanguageModel(send, address, "any")


def test_the_address_may_be_the_servers_root_or_its_first_version() -> None:
    asked: list[str] = []

    def remember(url: str, _body: bytes) -> bytes:
        asked.append(url)
        return b'{"choices": [{"finish_reason": "stop", "message": {"content": "yes"}}]}'

    for url in ("http://box:8000", "http://box:8000/", "http://box:8000/v1"):
        HttpLanguageModel(remember, url, "any").complete("?", schema=None, max_tokens=5)
    assert asked == ["http://box:8000/v1/chat/completions"] * 3


@pytest.mark.parametrize(
    "reply",
    [
        b"<html>Bad gateway</html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"finish_reason": "stop", "message": {"content": null}}]}',
        b'{"error": {"type": "server_error", "message": "prompt was: my brother drinks"}}',
        b'{"error": "my brother drinks"}',
    ],
)
def test_an_odd_reply_is_an_error_that_repeats_nothing_of_it(reply: bytes) -> None:
    model = HttpLanguageModel(lambda _url, _body: reply, "http://box", "any")
    with pytest.raises(EngineFailed) as refused:
        model.complete("My brother drinks.", schema=None, max_tokens=5)
    assert "brother" not in str(refused.value)
    assert refused.value.then


def send(url: str, body: bytes) -> bytes:
    """What `outbound` gives in life: a POST, an error status read like any other reply."""
    asked = urlsplit(url)
    connection = HTTPConnection(asked.hostname or "", asked.port, timeout=10)
    connection.request("POST", asked.path, body, {"Content-Type": "application/json"})
    try:
        return connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on a free loopback port for the length of a test."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class OpenAiCompatible(BaseHTTPRequestHandler):
    """The fake model behind the wire format real servers speak."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt, schema = asked["messages"][0]["content"], asked.get("response_format")
        try:
            text = FakeLanguageModel().complete(prompt, schema=schema, max_tokens=asked["max_tokens"])
        except EngineFailed as error:
            self._refuse(error)
        else:
            self._reply(200, {"choices": [{"finish_reason": "stop", "message": {"content": text}}]})

    def _refuse(self, error: EngineFailed) -> None:
        if "past the length" in error.what:
            cut_off = {"finish_reason": "length", "message": {"content": '{"ans'}}
            self._reply(200, {"choices": [cut_off]})
        else:
            self._reply(400, {"error": {"type": "exceed_context_size_error", "message": "too long"}})

    def _reply(self, status: int, body: object) -> None:
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's output is for failures."""
