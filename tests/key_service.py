"""A key service on this machine that speaks as Vault's Transit engine does, and a keyring in memory."""

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

TOKEN = "hvs.of-the-practice"


class Transit(BaseHTTPRequestHandler):
    """`POST /v1/transit/encrypt/holdspace` and `…/decrypt/holdspace`, for who has the token."""

    key = AESGCM(AESGCM.generate_key(256))
    asked: list[str] = []  # what was asked, for every test to look at

    def do_POST(self) -> None:
        """Answer as Vault does."""
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(self.path)
        if self.headers["X-Vault-Token"] != TOKEN:
            self._answer(403, {"errors": ["permission denied"]})
        elif self.path == "/v1/transit/encrypt/holdspace":
            nonce = secrets.token_bytes(12)
            sealed = nonce + self.key.encrypt(nonce, base64.b64decode(question["plaintext"]), None)
            self._answer(200, {"data": {"ciphertext": f"vault:v1:{base64.b64encode(sealed).decode()}"}})
        elif self.path == "/v1/transit/decrypt/holdspace":
            sealed = base64.b64decode(question["ciphertext"].removeprefix("vault:v1:"))
            plain = self.key.decrypt(sealed[:12], sealed[12:], None)
            self._answer(200, {"data": {"plaintext": base64.b64encode(plain).decode()}})
        else:
            self._answer(404, {"errors": []})

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, status: int, words: object) -> None:
        body = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_key_service() -> Iterator[str]:
    """Its address, with the engine's mount."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Transit)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/transit"
    server.shutdown()
    server.server_close()


class MemoryKeyring(KeyringBackend):
    """What a desktop's keyring does, until the test ends."""

    priority = -1  # a system without a keyring has none, though this class is loaded

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library ships no types here
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError
