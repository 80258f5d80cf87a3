"""The line itself: other hosts, doubled parameters, two messages in one, heads without end, bodies that never come."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
import uvicorn
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import reverse

from holdspace.web import bodies, server
from holdspace.web.asgi import application
from tests.cast import PASSWORD, Cast
from tests.everything import RUTHS, Everything, browser

HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "localhost:80@evil.example",
    "evil.example#localhost",
    "",
    "[::1",
    "a b",
    "localhost\\evil",
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_nobody_named_is_not_answered(cast: Cast, host: str) -> None:
    one = browser(cast.maya, raise_request_exception=False)
    answer = one.get(reverse("people:clients"), headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_what_a_proxy_would_say_is_not_believed_where_there_is_none(house: Everything) -> None:
    maya = browser(house.cast.maya)
    said = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/log/",
        "X-Rewrite-URL": "/log/",
        "X-HTTP-Method-Override": "DELETE",
        "X-User-ID": "1",
    }
    page = maya.get(reverse("people:clients"), headers=said)
    assert page.status_code == 200
    assert b"evil.example" not in page.content
    assert not page.wsgi_request.is_secure()
    assert page.wsgi_request.META["REMOTE_ADDR"] == "127.0.0.1"
    assert server.options()["proxy_headers"] is False


def test_a_parameter_said_twice_or_in_two_places_counts_once(house: Everything) -> None:
    """The last one counts, as everywhere in Django, and the query never stands in for the form."""
    maya, ids = browser(house.cast.maya), house.records[RUTHS].ids
    jot = reverse("room:jottings", args=[ids["session_id"]])
    body = "jottings=foremost&jottings=hindmost"
    maya.post(jot + "?jottings=asked", body, content_type="application/x-www-form-urlencoded")
    pad = maya.get(reverse("room:session", args=[ids["session_id"]])).content.partition(b"<textarea")[2]
    pad = pad.partition(b"</textarea>")[0]
    assert b"hindmost" in pad
    assert b"foremost" not in pad
    assert b"asked" not in pad
    sign = reverse("chart:sign", args=[ids["note_id"]])
    assert maya.post(sign + "?credential=LCSW").status_code == 422
    stranger = Browser()
    assert (
        stranger.post(
            f"{reverse('people:sign_in')}?username=bo&password={PASSWORD.replace(' ', '+')}"
        ).status_code
        == 200
    )
    assert stranger.get(reverse("people:clients")).status_code == 302


def test_other_kinds_of_body_are_no_form(house: Everything) -> None:
    maya, ids = browser(house.cast.maya), house.records[RUTHS].ids
    for kind in ("application/json", "text/xml", "application/x-yaml", "text/plain"):
        answer = maya.post(
            reverse("chart:sign", args=[ids["note_id"]]), '{"credential": "LCSW"}', content_type=kind
        )
        assert answer.status_code == 422, kind


def test_no_page_of_ours_stands_in_another_sites_frame(house: Everything) -> None:
    answer = browser(house.cast.maya).get(reverse("people:clients"))
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_address_of_ours_carries_no_password_and_no_sign_in(house: Everything) -> None:
    request: HttpRequest = browser(house.cast.maya).get(reverse("people:clients")).wsgi_request
    assert str(request.session.session_key) not in request.get_full_path()
    assert b'method="get"' not in Browser().get(reverse("people:sign_in")).content


@contextmanager
def serving() -> Iterator[int]:
    """Our server in a thread, on a port of this machine."""
    config = uvicorn.Config(application, host="127.0.0.1", port=0, **server.options())
    running = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    try:
        yield int(running.servers[0].sockets[0].getsockname()[1])
    finally:
        running.should_exit = True
        thread.join(timeout=10)


def said_back(port: int, sent: bytes, *, wait_s: float = 3.0) -> bytes:
    """Everything a server says to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as line:
        line.sendall(sent)
        heard = b""
        try:
            while piece := line.recv(65536):
                heard += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return heard


HEAD = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
HIDDEN = b"GET /no-such-page-hidden/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
TWO_IN_ONE: dict[str, Any] = {
    "both lengths": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + HIDDEN,
    "two lengths in one": HEAD + b"Content-Length: 0, 60\r\n\r\n" + HIDDEN,
    "a length below nothing": HEAD + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length with a sign": HEAD + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "a coding in disguise": HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a blank before the colon": HEAD + b"Content-Length : 60\r\n\r\n" + HIDDEN,
    "a folded line": HEAD + b"X: y\r\n Content-Length: 60\r\n\r\n" + HIDDEN,
    "a chunk of no number": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "a bare line feed": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\nA\r\n0\r\n\r\n" + HIDDEN,
    "nothing in a name": HEAD + b"X\x00Y: z\r\n\r\n" + HIDDEN,
    "a head without end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000,
    "many heads": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 40_000,
    "an old version": b"GET /sign-in/ HTTP/0.9\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a whole address": b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "another server": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "what it received": b"TRACE / HTTP/1.1\r\nHost: localhost\r\nX-Secret: hush\r\nConnection: close\r\n\r\n",
}


@pytest.mark.django_db(transaction=True)
def test_two_messages_are_never_taken_for_one_nor_one_for_two() -> None:
    with serving() as port:
        for name, sent in TWO_IN_ONE.items():
            heard = said_back(port, sent, wait_s=2.0)
            assert heard.count(b"HTTP/1.1 ") <= 1, (name, heard)
            assert b"no-such-page-hidden" not in heard, name
            assert b"hush" not in heard, name
            assert b"Traceback" not in heard, name
            assert b"\r\nserver:" not in heard.lower(), name
        assert said_back(
            port, b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ).startswith(b"HTTP/1.1 ")


@pytest.mark.django_db(transaction=True)
def test_who_never_finishes_is_let_go_and_keeps_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_S", 0.6)
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.6)
    with serving() as port:
        slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(30)]
        for n, line in enumerate(slow):
            half = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"
            line.sendall(half if n % 2 else b"GET /sign-in/ HTTP/1.1\r\nHost: loc")
        began = time.perf_counter()
        assert said_back(
            port, b"GET /static/ui/page.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ).startswith(b"HTTP/1.1 200")
        assert time.perf_counter() - began < 3
        for line in slow:
            heard = line.recv(65536)
            assert heard == b"" or heard.startswith(b"HTTP/1.1 500"), heard
            line.close()
