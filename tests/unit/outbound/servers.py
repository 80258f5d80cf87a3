"""Servers on this machine that count who came: plain, and with a certificate of an authority of one's own."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Echo(BaseHTTPRequestHandler):
    """Answers a post with its body, after the path has said how."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = b"x" * 20_000_000 if self.path == "/endless" else b"heard " + body
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "https://elsewhere.example/")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """An echo's port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def counting() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine where TCP and UDP are both listened to, and the list of who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        Thread(target=_accept, args=(tcp, came), daemon=True).start()
        Thread(target=_receive, args=(udp, came), daemon=True).start()
        yield port, came


def _accept(tcp: socket.socket, came: list[str]) -> None:
    while True:
        try:
            tcp.accept()[0].close()
        except OSError:
            return
        came.append("tcp")


def _receive(udp: socket.socket, came: list[str]) -> None:
    while True:
        try:
            udp.recv(100)
        except OSError:
            return
        came.append("udp")


def certificate(folder: Path, *names: str, from_now: timedelta = timedelta()) -> tuple[Path, Path]:
    """A certificate for these names that vouches for itself, good for a day around then, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC) + from_now
    known = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files[1].chmod(0o600)
    return files


def speaking_tls(folder: Path, *names: str, from_now: timedelta = timedelta()) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for these names, and the file that vouches for it."""
    file, key = certificate(folder, *names, from_now=from_now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context, file
