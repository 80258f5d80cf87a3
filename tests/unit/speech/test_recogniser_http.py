"""A transcription server over real HTTP: what it is sent, what its answers mean, and what a broken one does."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import numpy as np
import pytest

from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.live import LiveEar, told
from holdspace.engines.speech.port import RATE, Recogniser, Samples
from holdspace.engines.speech.recogniser_http import CONTENT_TYPE, HttpRecogniser
from holdspace.errors import EngineFailed
from holdspace.outbound.http import send_to
from tests.unit.speech.port_contract import RecogniserContract
from tests.unit.speech.sounds import ToneRecogniser, ToneVoices
from tests.unit.speech.test_live import DIALOGUE, ToneStream, seconds

AS_ASKED = {"model", "response_format", "timestamp_granularities[]", "temperature", "language", "prompt"}


class Server(BaseHTTPRequestHandler):
    """Speaks the OpenAI transcription protocol around a toy recogniser."""

    asked: list[dict[str, str]] = []
    is_broken = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        boundary = self.headers["Content-Type"].partition("boundary=")[2].encode()
        fields: dict[str, str] = {}
        wav = b""
        for part in body.split(b"--" + boundary)[1:-1]:
            head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
            name = head.decode().partition('name="')[2].partition('"')[0]
            if name == "file":
                wav = part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
            else:
                fields[name] = value.decode()
        Server.asked.append({**fields, "path": self.path})
        self.answer({"error": "overloaded"} if Server.is_broken else self.heard(wav))

    def heard(self, wav: bytes) -> dict[str, Any]:
        samples = decode(wav).samples[:, 0].astype(np.float32) / np.float32(32768)
        words = ToneRecogniser().hear(samples, vocabulary=[]).words
        return {
            "text": " ".join(word.text for word in words),
            "language": "english",
            "words": [{"word": f" {w.text}", "start": w.start_s, "end": w.end_s} for w in words],
        }

    def answer(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(500 if Server.is_broken else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A running server's address."""
    Server.asked, Server.is_broken = [], False
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def recogniser_at(url: str) -> HttpRecogniser:
    return HttpRecogniser(send_to(url, content_type=CONTENT_TYPE), url, "whisper-large-v3")


def test_a_stretch_goes_out_with_its_vocabulary_and_comes_back_as_words(url: str) -> None:
    heard = recogniser_at(url).hear(DIALOGUE[: 4 * RATE], vocabulary=["Osei"], language="en")
    assert heard.language == "en"
    assert [word.text for word in heard.words]
    (asked,) = Server.asked
    assert asked["path"] == "/v1/audio/transcriptions"
    assert asked.keys() - {"path"} == AS_ASKED
    assert (asked["model"], asked["prompt"]) == ("whisper-large-v3", "Osei.")


def test_a_whole_session_is_heard_through_a_server(url: str) -> None:
    live = LiveEar(recogniser_at(url), [ToneStream()], ToneVoices())
    pieces = [piece for second in seconds(DIALOGUE) for piece in live.feed(second)]
    turns = told([*pieces, *live.finish()], language="en", duration_s=20.0, is_call=False).turns
    assert [(turn.speaker, turn.text) for turn in turns] == [
        ("therapist", "Why?"),
        ("client", "Because."),
        ("therapist", "Why?"),
        ("client", "Because."),
    ]


def test_a_server_that_fails_for_a_while_costs_no_word(url: str) -> None:
    live = LiveEar(recogniser_at(url), [ToneStream()], ToneVoices())
    Server.is_broken = True
    for second in seconds(DIALOGUE):
        try:
            assert live.feed(second) == ()
        except EngineFailed:
            continue
    assert live.heard_until_s < 3.0
    Server.is_broken = False
    words = [word.text for piece in live.finish() for word in piece.words]
    assert words == ["Why?", "Because.", "Why?", "Because."]


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ({"text": "Hm.", "language": "spanish", "words": [{"word": "Hm.", "start": 0, "end": 1}]}, "es"),
        ({"text": "Hm.", "language": "es", "words": [{"word": "Hm.", "start": 0, "end": 1}]}, "es"),
        ({"text": "", "language": "english", "words": []}, "en"),
    ],
)
def test_languages_are_told_by_name_or_code(answer: dict[str, Any], language: str) -> None:
    recogniser = HttpRecogniser(lambda _url, _body: json.dumps(answer).encode(), "http://localhost", "m")
    assert recogniser.hear(np.zeros(16000, np.float32), vocabulary=[]).language == language


@pytest.mark.parametrize(
    "reply", [b"<html>", b"{}", b'{"text": "Hello there."}', b"[1]", b'{"text": 3, "words": 4}']
)
def test_an_answer_without_timed_words_is_said_to_be_none(reply: bytes) -> None:
    recogniser = HttpRecogniser(lambda _url, _body: reply, "http://localhost/v1", "m")
    with pytest.raises(EngineFailed):
        recogniser.hear(np.zeros(16000, np.float32), vocabulary=[])


def test_a_words_probability_is_its_own_or_its_segments() -> None:
    answer = {
        "text": "I slept.",
        "language": "en",
        "segments": [{"start": 0.0, "end": 2.0, "avg_logprob": -0.5}],
        "words": [
            {"word": "I", "start": 0.1, "end": 0.2, "probability": 0.4},
            {"word": "slept.", "start": 0.3, "end": 1},
        ],
    }
    recogniser = HttpRecogniser(lambda _url, _body: json.dumps(answer).encode(), "http://localhost", "m")
    first, second = recogniser.hear(np.zeros(16000, np.float32), vocabulary=[]).words
    assert first.probability == 0.4
    assert second.probability == pytest.approx(0.607, abs=0.001)


class TestHttp(RecogniserContract):
    @pytest.fixture
    def recogniser(self, url: str) -> Recogniser:
        return recogniser_at(url)

    @pytest.fixture
    def speech(self) -> Samples:
        return DIALOGUE
