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
def running_postgres() -> Iterator[str]:
    """Start a server and give its DATABASE_URL."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="holdspace-postgres-"))
    user = _server_user(folder)
    try:
        _run(user, [binaries / "initdb", "--auth=trust", "--username=holdspace", "--no-sync", "--encoding=UTF8",
                    "--locale=C.UTF-8", "-D", folder / "db"])  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run(
            user,
            [binaries / "pg_ctl", "-D", folder / "db", "-o", options, "-l", folder / "log", "-w", "start"],
        )
        try:
            _run(user, [binaries / "createdb", "-h", folder, "-U", "holdspace", "holdspace"])
            yield f"postgresql://holdspace@{quote(str(folder), safe='')}/holdspace"
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


def _run(user: str | None, command: list[str | Path]) -> None:
    subprocess.run([str(part) for part in command], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)
