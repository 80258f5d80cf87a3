"""A throw-away PostgreSQL server for the second pass: its own folder, a Unix socket, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoPostgres(Exception):
    """No PostgreSQL server can be started here; the message says what to install."""


@contextmanager
def running_postgres(*, port: int = 0, tls: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Start a server and give its DATABASE_URL: by its Unix socket, or by a port of this machine.

    By a port it speaks TLS alone where a certificate and its key are given.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="holdspace-postgres-"))
    user = _server_user(folder)
    try:
        _run(user, [binaries / "initdb", "--auth=trust", "--username=holdspace", "--no-sync", "--encoding=UTF8",
                    "--locale=C.UTF-8", "-D", folder / "db"])  # fmt: skip
        options = f"-c unix_socket_directories={folder} -c fsync=off"
        options += f" -c listen_addresses='127.0.0.1' -p {port}" if port else " -c listen_addresses=''"
        options += _with_tls(tls, folder / "db", user)
        _run(
            user,
            [binaries / "pg_ctl", "-D", folder / "db", "-o", options, "-l", folder / "log", "-w", "start"],
        )
        try:
            at = ["-p", str(port)] if port else []
            _run(user, [binaries / "createdb", "-h", folder, *at, "-U", "holdspace", "holdspace"])
            host = f"127.0.0.1:{port}" if port else quote(str(folder), safe="")
            yield f"postgresql://holdspace@{host}/holdspace"
        finally:
            _run(user, [binaries / "pg_ctl", "-D", folder / "db", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise NoPostgres("no PostgreSQL server is installed (on Debian: apt-get install postgresql)")


def _server_user(folder: Path) -> str | None:
    # PostgreSQL refuses to run as root, as which containers and build machines usually work.
    if os.getuid() != 0:
        return None
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgres(
            "running as root, and there is no account `postgres` to start the server as"
        ) from None
    os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    return "postgres"


def _with_tls(files: tuple[Path, Path] | None, data: Path, user: str | None) -> str:
    """The options for it. The server wants the key for itself alone, and nobody in without TLS."""
    if files is None:
        return ""
    for name, file in zip(("server.crt", "server.key"), files, strict=True):
        kept = data / name
        kept.write_bytes(file.read_bytes())
        kept.chmod(0o600)
        if user is not None:
            shutil.chown(kept, user)
    (data / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
    return " -c ssl=on"


def _run(user: str | None, command: list[str | Path]) -> None:
    subprocess.run([str(part) for part in command], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)
