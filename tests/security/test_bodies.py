"""Bodies: in memory, within bounds that are known before they are read, and nobody waits for a silent sender."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.test import Client as Browser

from holdspace.people.models import User
from holdspace.web import bodies, limits
from holdspace.web.asgi import application
from holdspace.web.bodies import Body, InMemory, read
from tests.cast import Cast, agree, held

MIB = 1024 * 1024
Messages = list[dict[str, Any]]


def pieces(size: int, each: int = 256 * 1024) -> Messages:
    """A body of so many bytes, as a server hands it over."""
    sizes = [each] * (size // each) + [size % each]
    return [
        {"type": "http.request", "body": b"a" * n, "more_body": i < len(sizes) - 1}
        for i, n in enumerate(sizes)
    ]


def receiving(messages: Messages) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A connection that gives these messages and then is gone."""
    waiting = [*messages]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    return receive


def body_of(messages: Messages, most: int) -> Body | None:
    """What is read of it."""
    return asyncio.run(read(receiving(messages), most))


def test_a_body_within_its_bound_is_whole_and_one_above_it_is_nothing() -> None:
    kept, over = body_of(pieces(3 * MIB), 3 * MIB), body_of(pieces(3 * MIB + 1), 3 * MIB)
    assert kept is not None
    assert (len(kept.held.getvalue()), kept.is_refused) == (3 * MIB, False)
    assert over is not None
    assert (over.held.getvalue(), over.is_refused) == (b"", True)


def test_far_too_much_is_not_waited_for_and_a_broken_line_is_nothing() -> None:
    class Endless(list[dict[str, Any]]):
        """Gives without end, and counts."""

        given = 0

        def pop(self, _: Any = 0) -> dict[str, Any]:
            self.given += 1
            return {"type": "http.request", "body": bytes(MIB), "more_body": True}

    endless = Endless([{}])

    async def receive() -> dict[str, Any]:
        return endless.pop()

    assert asyncio.run(read(receive, MIB)) is None
    assert endless.given <= 2 + limits.THROWN_AWAY // MIB
    assert body_of(pieces(MIB)[:-1], 2 * MIB) is None


def test_a_silent_sender_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.05)

    async def silence() -> dict[str, Any]:
        await asyncio.sleep(30)
        return {}

    assert asyncio.run(read(silence, MIB)) is None


def test_who_sends_a_byte_now_and_then_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.2)
    sent = 0

    async def drop() -> dict[str, Any]:
        nonlocal sent
        sent += 1
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"a", "more_body": sent < 100}

    assert asyncio.run(read(drop, MIB)) is None
    assert sent < 20


def answered(
    browser: Browser | None,
    path: str,
    body: Messages,
    *,
    kind: bytes = b"text/plain",
    said: int | None = None,
) -> tuple[int, str]:
    """Status and page of a POST through the whole of what uvicorn serves."""
    cookies = "; ".join(f"{name}={value.value}" for name, value in browser.cookies.items()) if browser else ""
    length = sum(len(message["body"]) for message in body) if said is None else said
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", b"localhost"),
            (b"cookie", cookies.encode()),
            (b"content-type", kind),
            (b"content-length", str(length).encode()),
        ],
    }
    sent: Messages = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    hold = asyncio.Event()

    async def serve() -> None:
        given = receiving(body)

        async def receive() -> dict[str, Any]:
            message = await given()
            if message["type"] == "http.disconnect" and not sent:
                await hold.wait()
            return message

        await InMemory()(scope, receive, send)

    async_to_sync(serve)()
    page = b"".join(message.get("body", b"") for message in sent)
    return (sent[0]["status"] if sent else 0), page.decode(errors="replace")


def form(name: str, data: bytes) -> tuple[Messages, bytes]:
    """A form with one file, in pieces, and its content type."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\n\r\n'
        + data
        + b"\r\n--x--\r\n"
    )
    return [
        {"type": "http.request", "body": body[n : n + MIB], "more_body": n + MIB < len(body)}
        for n in range(0, len(body), MIB)
    ], b"multipart/form-data; boundary=x"


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every temporary file made while a test runs."""
    made: list[str] = []
    real = tempfile.TemporaryFile

    def noticed(*args: Any, **kwargs: Any) -> Any:
        made.append("a temporary file")
        return real(*args, **kwargs)

    monkeypatch.setattr(tempfile, "TemporaryFile", noticed)
    return made


@pytest.mark.django_db(transaction=True)
def test_a_recording_of_many_megabytes_never_becomes_a_temporary_file(
    cast: Cast, on_disk: list[str], settings: LazySettings
) -> None:
    """Django's own handler puts everything above 2.5 MB on the disk before a view is called."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
    session = held(cast)
    agree(cast.maya, cast.ruth)
    maya = Browser()
    maya.force_login(User.objects.get(username="maya"))
    body, kind = form("a.wav", b"RIFF\0\0\0\0WAVE" + bytes(6 * MIB))
    assert answered(maya, f"/sessions/{session.pk}/upload/", body, kind=kind)[0] == 302
    assert on_disk == []
    with tempfile.SpooledTemporaryFile(max_size=10) as spooled:
        spooled.write(bytes(11))
    assert on_disk == ["a temporary file"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_said", [True, False])
def test_too_much_is_answered_with_what_is_taken_and_that_nothing_was_kept(cast: Cast, is_said: bool) -> None:
    assert cast.maya.user_id
    maya = Browser()
    maya.force_login(User.objects.get(username="maya"))
    status, page = answered(maya, "/clients/add/", pieces(2 * MIB), said=None if is_said else 10)
    assert status == 413
    assert "takes (1 MB)" in page
    assert "Nothing of it was kept" in page


@pytest.mark.django_db(transaction=True)
def test_nobody_signed_in_may_send_much_whatever_the_address(cast: Cast) -> None:
    session = held(cast)
    status, _ = answered(None, f"/sessions/{session.pk}/upload/", pieces(2 * MIB))
    assert status in (302, 413)
    stranger = Browser()
    stranger.cookies["sessionid"] = "a" * 32
    for path in (f"/sessions/{session.pk}/upload/", "/sign-in/", "/nowhere/"):
        assert answered(stranger, path, pieces(2 * MIB))[0] in (302, 404, 413)


@pytest.mark.django_db(transaction=True)
def test_who_may_send_nothing_large_takes_nobodys_place(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_LARGE", 0)
    assert answered(None, f"/sessions/{held(cast).pk}/upload/", pieces(2 * MIB))[0] in (302, 413)


def test_what_is_served_is_the_handler_that_keeps_bodies_in_memory() -> None:
    assert type(application) is InMemory


def test_bounds_are_small_but_for_what_is_meant_to_be_large() -> None:
    assert limits.largest_body("/sessions/1/upload/") > 500 * MIB
    assert limits.largest_body("/sessions/1/capture/sound/") == 128 * 1024
    assert limits.largest_body("/sign-in/") == limits.largest_body("/nowhere/") == MIB
