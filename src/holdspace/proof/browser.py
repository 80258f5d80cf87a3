"""A browser of the trial's people: whole requests through the whole application, in this process, without a socket.

Everything a page passes through is passed through: sign-in, forged-form protection, content policy, errors.
"""

import secrets
from asyncio import sleep
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest
from django.utils.module_loading import import_string

from holdspace.people.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
FORM = "application/x-www-form-urlencoded"
CSRF_LETTERS = 16  # as hexadecimal, 32: what Django takes for a secret
HERE, HOST = "192.0.2.1", "localhost"
"""An address that is nobody’s by rule (RFC 5737): what somebody real tried from theirs is counted apart."""
AT_ONCE = 64 * 1024
FOREVER_S = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode(errors="replace")


@dataclass(slots=True)
class Browser:
    """One browser. `cookies` are what it keeps."""

    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def signed_in(cls, user_id: int) -> "Browser":
        """A browser somebody of the trial is signed in with. They have no password, so nobody can sign in as they."""
        request = HttpRequest()
        request.session = SessionStore()
        request.META["REMOTE_ADDR"] = HERE
        login(request, User.objects.get(pk=user_id), backend=BACKEND)
        request.session.save()
        return cls({settings.SESSION_COOKIE_NAME: str(request.session.session_key)})

    def get(self, path: str, **headers: str) -> Answer:
        """Look at a page."""
        return self._ask("GET", path, b"", "", headers)

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields or {}).encode(), FORM, headers)

    def send(self, path: str, body: bytes, **headers: str) -> Answer:
        """Send bytes."""
        return self._ask("POST", path, body, "application/octet-stream", headers)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as a form does."""
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}", {})

    def _ask(self, method: str, path: str, body: bytes, kind: str, headers: dict[str, str]) -> Answer:
        csrf = self.cookies.setdefault(settings.CSRF_COOKIE_NAME, secrets.token_hex(CSRF_LETTERS))
        scheme = "https" if settings.CONFIG.is_https else "http"
        told = {
            "host": HOST,
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "content-type": kind,
            "content-length": str(len(body)),
            "x-csrftoken": csrf,
            "referer": f"{scheme}://{HOST}/",
            "x-forwarded-proto": scheme,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        parts = urlsplit(path)
        scope = {
            "type": "http",
            "method": method,
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
            "client": (HERE, 0),
            "server": (HOST, 0),
            "scheme": "http",
        }
        answer = _asked(scope, body)
        for cookie in answer.cookies:
            self.cookies.update({name: kept.value for name, kept in SimpleCookie(cookie).items()})
        return answer


def _asked(scope: dict[str, Any], body: bytes) -> Answer:
    """One request of the application that is served, as a server hands it over."""
    pieces = deque(body[at : at + AT_ONCE] for at in range(0, max(len(body), 1), AT_ONCE))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.popleft(), "more_body": bool(pieces)}
        await sleep(FOREVER_S)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with _held_open():
        async_to_sync(import_string(settings.ASGI_APPLICATION))(scope, receive, send)
    head = [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]
    return Answer(
        sent[0]["status"],
        dict(head),
        b"".join(message.get("body", b"") for message in sent[1:]),
        tuple(value for name, value in head if name == "set-cookie"),
    )


@contextmanager
def _held_open() -> Iterator[None]:
    """A request begins by closing old connections: one in a transaction that waits to be undone must not be closed."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    if not wrapper.in_atomic_block:
        yield
        return
    wrapper.close_if_unusable_or_obsolete = lambda: None  # type: ignore[method-assign]  # of this thread's connection
    try:
        yield
    finally:
        del wrapper.close_if_unusable_or_obsolete
