"""How uvicorn serves: it waits for nobody forever, believes a proxy only where there is one, and logs no text."""

from typing import Any

import h11
from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 15.0
"""Seconds a browser may take to say what it wants."""
MOST_AT_ONCE = 500
"""Connections at the same time, after which new ones are told to come later."""


class Impatient(H11Protocol):
    """Lets go of whoever has not finished a request's head in time (slow requests, one byte a minute)."""

    _head_began: float | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait, and look again and again."""
        super().connection_made(transport)
        self._head_began = self.loop.time()
        self._look()

    def data_received(self, data: bytes) -> None:
        """A head begins with its first byte and is over with its last."""
        if self.conn.their_state is h11.IDLE and self._head_began is None:
            self._head_began = self.loop.time()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._head_began = None

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        if self._head_began is not None and self.loop.time() - self._head_began > HEAD_S:
            self.transport.close()
            return
        self.loop.call_later(HEAD_S / 3, self._look)


def options() -> dict[str, Any]:
    """What `uvicorn.run` is told. `log_config` is None: its loggers go through ours, which take no words."""
    return {
        "http": Impatient,
        "log_config": None,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": settings.CONFIG.is_https,
        "limit_concurrency": MOST_AT_ONCE,
        "timeout_keep_alive": 15,
        "ws": "none",
    }
