"""PostgreSQL on another machine, reached through the gateway: a Unix socket here, its address there.

    server ── Unix socket in our folder ──▶ gateway ── fork ──▶ a process per connection ── TCP, TLS ──▶ PostgreSQL

So the server needs no internet socket for its database. TLS is spoken from here on, as `sslmode` in DATABASE_URL says
(PostgreSQL's protocol, section 55.2.10: an SSLRequest, answered by one letter).
"""

import json
import os
import socket
import ssl
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Self

from holdspace.enclosure.landlock import Limits, restrict

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
TLS_NEEDED = frozenset({"require", "verify-ca", "verify-full"})
PIECE = 65536
CONNECT_S = 15.0
ABOUT_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


@dataclass(frozen=True, slots=True)
class Database:
    """Where the database is, and the folder of the socket by which it is reached here."""

    folder: str
    host: str
    port: int
    sslmode: str = "prefer"
    sslrootcert: str = ""
    sslcert: str = ""
    sslkey: str = ""

    @classmethod
    def described(cls, folder: Path, host: str, port: str, options: Mapping[str, str]) -> Self:
        """From the parts of DATABASE_URL."""
        return cls(str(folder), host, int(port or 5432), **{k: options[k] for k in ABOUT_TLS if k in options})

    @classmethod
    def from_json(cls, told: str) -> Self:
        """As `to_json` wrote it."""
        return cls(**json.loads(told))

    def to_json(self) -> str:
        """For the gateway's command line: no name, no password."""
        return json.dumps(asdict(self))

    @property
    def path(self) -> Path:
        """The socket, named as PostgreSQL's client expects it."""
        return Path(self.folder) / f".s.PGSQL.{self.port}"

    @property
    def files(self) -> tuple[Path, ...]:
        """Certificates to read."""
        return tuple(Path(name) for name in (self.sslrootcert, self.sslcert, self.sslkey) if name)


def listening(database: Database) -> socket.socket:
    """The socket for the server to connect to, for this user alone."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.bind(str(database.path))
    database.path.chmod(0o600)
    made.listen(64)
    return made


def forward(here: socket.socket, database: Database) -> None:
    """Carry one connection until either end closes it."""
    found = socket.getaddrinfo(database.host, database.port, type=socket.SOCK_STREAM)
    restrict(Limits(writes=(), ports=frozenset({database.port})))
    there = _secured(_connected([entry[4] for entry in found]), database)
    with here, there:
        _carry(here, there)


def _connected(addresses: list[tuple[object, ...]]) -> socket.socket:
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection(address[:2], timeout=CONNECT_S)  # type: ignore[arg-type]  # host and port
    return socket.create_connection(addresses[-1][:2], timeout=CONNECT_S)  # type: ignore[arg-type]  # host and port


def _secured(plain: socket.socket, database: Database) -> socket.socket:
    """With TLS where it is asked for or offered. Raises ConnectionError where it is needed and not to be had."""
    if database.sslmode in ("disable", "allow"):
        return plain
    plain.sendall(SSL_REQUEST)
    if plain.recv(1) == b"S":
        return _context(database).wrap_socket(plain, server_hostname=database.host)
    if database.sslmode in TLS_NEEDED:
        raise ConnectionError
    return plain


def _context(database: Database) -> ssl.SSLContext:
    """What `sslmode` promises: `require` encrypts, `verify-ca` knows who vouches, `verify-full` the name too."""
    context = ssl.create_default_context(cafile=database.sslrootcert or None)
    context.check_hostname = database.sslmode == "verify-full"
    if database.sslmode not in ("verify-ca", "verify-full") and not database.sslrootcert:
        context.verify_mode = ssl.CERT_NONE
    if database.sslcert:
        context.load_cert_chain(database.sslcert, database.sslkey or None)
    return context


def _carry(here: socket.socket, there: socket.socket) -> None:
    here.settimeout(None)
    there.settimeout(None)
    with DefaultSelector() as ends:
        ends.register(here, EVENT_READ, there)
        ends.register(there, EVENT_READ, here)
        while True:
            for key, _ in ends.select():
                arrived = _arrived(key.fileobj)  # type: ignore[arg-type]  # sockets are what is registered
                if not arrived:
                    return
                key.data.sendall(arrived)


def _arrived(end: socket.socket) -> bytes:
    """What came in, with what TLS has unpacked already."""
    arrived = end.recv(PIECE)
    while isinstance(end, ssl.SSLSocket) and end.pending():
        arrived += end.recv(end.pending())
    return arrived


def new_folder() -> Path:
    """A folder for the socket that only this user may enter; a socket's path has to be short."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    root = Path(given) if given and Path(given).is_dir() and len(given) < 60 else Path("/tmp")  # noqa: S108  # nosec B108
    folder = root / f"holdspace-{os.getpid()}-{os.urandom(6).hex()}"
    folder.mkdir(mode=0o700)
    return folder
