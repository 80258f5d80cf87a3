"""The practice's folder: private to its owner, every file written whole or not at all."""

import errno
import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from holdspace.errors import DiskFull, Refused

KEYFILE = "keyfile.json"
SECRET_KEY = "secret.key"  # noqa: S105  # the name of a file  # nosec B105
RECORDS = ("practice.db", "practice.db-wal", "practice.db-shm")


def prepare(home: Path) -> None:
    """Make the folder (0700) and the key that signs cookies, where they are not there yet.

    What this process makes from now on is its account's alone, the database's own files among it; what an older version
    left open to others is closed.
    """
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for path in home.iterdir():
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
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
    through_to_disk(path.parent)


def through_to_disk(path: Path) -> None:
    """See that what was written to a file, or which files a folder has, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append(path: Path, text: str) -> None:
    """Add lines to a text file (0600, made where it is not there), through to the disk. Raises DiskFull."""
    with (
        full_disk_said(),
        os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stream,
    ):
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def locked(path: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a lock of the system (flock), freed when this process dies. With LOCK_NB it raises BlockingIOError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def full_disk_said() -> Iterator[None]:
    """A full disk as an error of ours. A file over the size a process may write is full as well."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
            raise
        raise DiskFull("The disk is full.", then="Free some space and try again.") from error


@contextmanager
def _arriving(path: Path, content: bytes) -> Iterator[Path]:
    """A whole file beside `path`, gone afterwards unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with full_disk_said():
            descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            yield arriving
    finally:
        arriving.unlink(missing_ok=True)


def wipe_folder(folder: Path) -> None:
    """Wipe every file of a folder of small files, and the folder."""
    for path in folder.glob("*"):
        wipe(path)
    if folder.is_dir():
        folder.rmdir()


def wipe_tree(folder: Path) -> None:
    """Take a folder of encrypted files away, its small key files overwritten first."""
    for path in folder.rglob("*.key"):
        wipe(path)
    wipe(folder / KEYFILE)
    shutil.rmtree(folder, ignore_errors=True)


def wipe(path: Path) -> None:
    """Overwrite a small key file and remove it. On flash memory the overwriting is an attempt, the removal is not."""
    try:
        with suppress(OSError), path.open("r+b") as stream:
            stream.write(os.urandom(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
    finally:
        path.unlink(missing_ok=True)
