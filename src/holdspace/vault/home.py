"""The practice's folder: private to its owner, every file written whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdspace.errors import DiskFull, Refused

KEYFILE = "keyfile.json"
SECRET_KEY = "secret.key"  # noqa: S105  # the name of a file


def prepare(home: Path) -> None:
    """Make the folder (0700) and the key that signs cookies, where they are not there yet."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    if not (home / SECRET_KEY).exists():
        write_once(home / SECRET_KEY, secrets.token_urlsafe(48).encode())


def write_once(path: Path, content: bytes) -> None:
    """Write a new file (0600) through to the disk. Raises Refused if it exists, DiskFull if it does not fit."""
    with _arriving(path, content) as arriving:
        try:
            os.link(arriving, path)  # unlike a rename, a link never replaces what another process just wrote
        except FileExistsError:
            raise Refused(f"{path.name} is there already.") from None


def replace(path: Path, content: bytes) -> None:
    """Put a file (0600) in the place of another in one step, through to the disk. Raises DiskFull, nothing changed."""
    with _arriving(path, content) as arriving:
        arriving.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _arriving(path: Path, content: bytes) -> Iterator[Path]:
    """A whole file beside `path`, gone afterwards unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        yield arriving
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull("The disk is full.", then="Free some space and try again.") from error
        raise
    finally:
        arriving.unlink(missing_ok=True)


def wipe(path: Path) -> None:
    """Overwrite a small key file and remove it. On flash memory the overwriting is an attempt, the removal is not."""
    try:
        with path.open("r+b") as stream:
            stream.write(os.urandom(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
