"""Every request's body stays in memory, and none on the disk.

Django's own handler lets a body above 2.5 MB roll over into a temporary file, before any of our code sees it: a
recording would lie on the disk in clear. Here it stays in memory, its weight is bounded before it is read (limits.py),
and a sender who falls silent in the middle is let go.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from time import monotonic
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import close_old_connections
from django.http import HttpResponseBadRequest, parse_cookie
from django.http.response import HttpResponseBase

from holdspace.ui.http import whole_number
from holdspace.vault.keys import ring
from holdspace.web import limits

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
BODY = "holdspace.body"

PATIENCE_S = 20.0
"""Seconds between two pieces of a body; who is silent for longer is let go."""
SLOWEST = 4_000
"""Bytes a second; who sends a byte now and then is let go too."""


@dataclass(frozen=True, slots=True)
class Body:
    """What was read; nothing of it where it was too much."""

    held: BytesIO
    is_refused: bool = False


class InMemory(ASGIHandler):
    """Django's handler, given each body once it was read within its bounds."""

    def __init__(self) -> None:
        super().__init__()
        self._large = asyncio.Semaphore(limits.MOST_LARGE)

    async def __call__(self, scope: Message, receive: Receive, send: Any) -> None:
        """Read, then answer. What is too much is thrown away as it comes, and answered with 413."""
        if scope["type"] != "http":
            return
        length = _length(scope)
        most = await _most(scope, length)
        # Who may send nothing large takes nobody's place, whatever they say they send.
        is_large = most > limits.ANY_BODY and (length is None or length > limits.ANY_BODY)
        async with self._large if is_large else nullcontext():
            body = await read(receive, most)
        if body is not None:
            await super().__call__({**scope, BODY: body}, receive, send)

    async def read_body(self, receive: Receive) -> BytesIO:  # noqa: ARG002  # it is read already
        """Where Django would read it."""
        return BytesIO()

    def create_request(
        self, scope: Message, body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """The request, with the body that was read for it."""
        body_file.close()
        body: Body = scope[BODY]
        try:
            answer = super().create_request(scope, body.held)
        except ValueError:  # a length that is no number
            return None, HttpResponseBadRequest()
        if answer[0] is not None:
            answer[0].is_body_refused = body.is_refused  # type: ignore[attr-defined]  # read by limits.WithinLimits
        return answer


async def read(receive: Receive, most: int) -> Body | None:
    """A body of at most so many bytes. What is over is read to its end and thrown away, so that the sender hears why;
    far more is not waited for. None when the sender is gone or silent.
    """
    held, size, began = BytesIO(), 0, monotonic()
    while True:
        try:
            message = await asyncio.wait_for(receive(), PATIENCE_S)
        except TimeoutError:
            return None
        size += len(message.get("body", b""))
        is_slow = monotonic() - began > PATIENCE_S + size / SLOWEST
        if is_slow or message["type"] == "http.disconnect" or size > most + limits.THROWN_AWAY:
            return None
        if size <= most:
            held.write(message.get("body", b""))
        else:
            held = BytesIO()
        if not message.get("more_body", False):
            held.seek(0)
            return Body(held, is_refused=size > most)


async def _most(scope: Message, length: int | None) -> int:
    """What this address takes; of a browser nobody has signed in with, little, whatever the address."""
    most = limits.largest_body(scope["path"])
    if length is not None and length <= limits.UNKNOWN_BODY:
        return min(most, limits.UNKNOWN_BODY)
    return most if await sync_to_async(_is_somebodys)(scope) else min(most, limits.UNKNOWN_BODY)


def _is_somebodys(scope: Message) -> bool:
    """Whether the request carries the cookie of somebody signed in. Nobody is while the practice is locked."""
    if not ring.is_open:
        return False
    key = parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)
    close_old_connections()
    try:
        return bool(key) and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)
    finally:
        close_old_connections()


def _length(scope: Message) -> int | None:
    """The bytes a request says it has: 0 when it says nothing and sends nothing, None when they come in chunks."""
    said = _header(scope, b"content-length")
    if (size := whole_number(said)) is not None:
        return size
    return None if said or _header(scope, b"transfer-encoding") else 0


def _header(scope: Message, name: bytes) -> str:
    return "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)
