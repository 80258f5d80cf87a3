"""The file a backup is: a tar of parts, most of them in the age format (age-encryption.org), for other tools to read.

    README.txt       what this is, in plain words
    keyfile.json     what the passphrase and the recovery key of that day open
    identity         the age identity of this file, sealed under a key of the practice's
    rows/0001.age …  the rows, table by table; files/….age  small files beside the database
    manifest.age     what must be there: tables, counts, a hash of every part
    keys.age         the keys of clients, drafts and voices

A part is written whole before the next, so a backup that was stopped goes on after its last whole part, as far as what
would be written again is the same. Three small parts may be written anew, and the last of a name counts: `keys.age`,
because a record that is destroyed leaves every backup within reach by its key leaving them; `keyfile.json` and
`identity`, because an old passphrase and an old key are to open no backup within reach.
"""

import fcntl
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Self

import pyrage

from holdspace.errors import BadInput
from holdspace.vault.envelope import Tampered, seal, unseal

README, KEYFILE, IDENTITY, MANIFEST, KEYS = (
    "README.txt",
    "keyfile.json",
    "identity",
    "manifest.age",
    "keys.age",
)
NEEDED = frozenset({KEYFILE, IDENTITY, MANIFEST, KEYS})
BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
SAYS = (
    b"This is a backup of a practice, made by Holdspace. It is encrypted; the practice's passphrase opens it:\n\n"
    b"    holdspace restore FILE\n\n"
    b"The parts that end in .age are in the age format (age-encryption.org).\n"
)
_BOUND_TO = "backup/identity"


class BackupDamaged(BadInput):
    """A backup that is not as it was written: a part is missing, cut off or changed."""

    code = "backup-damaged"


class NotABackup(BadInput):
    """A file that is no backup of a practice."""

    code = "not-a-backup"


class Part(NamedTuple):
    """Where one part of the file is."""

    name: str
    header_at: int
    at: int
    size: int

    @property
    def end(self) -> int:
        """Where the next part begins."""
        return self.at + -(-self.size // BLOCK) * BLOCK


class Archive:
    """The parts of one backup file, to write in order or to read by name."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._parts = list[Part]()
        self._identity: pyrage.x25519.Identity | None = None
        self._kept = 0

    def read_keyfile(self) -> bytes:
        """The key file of that day."""
        return self._plain(KEYFILE)

    def open_with(self, key: bytes) -> None:
        """Open it with the practice's key for backups. Raises Tampered for another practice's, or an older key."""
        self._identity = pyrage.x25519.Identity.from_str(
            unseal(key, self._plain(IDENTITY), identity=_BOUND_TO).decode()
        )

    def names(self) -> list[str]:
        """The names of all parts, in order."""
        return [part.name for part in self._parts]

    def read(self, name: str) -> bytes:
        """One part. Raises BackupDamaged where it is missing or does not open."""
        if self._identity is None:
            raise ValueError("open_with comes first")
        try:
            return zlib.decompress(pyrage.decrypt(self._plain(name), [self._identity]))
        except (pyrage.DecryptError, zlib.error):
            raise damaged(f"Its part {name} is damaged.") from None

    def put(self, name: str, plain: bytes) -> None:
        """The next part. Where a stopped backup had written the same already, it is kept."""
        if self._kept < len(self._parts):
            if self._parts[self._kept].name == name and self.read(name) == plain:
                self._kept += 1
                return
            self._cut_after(self._kept)
        self._append(name, self._encrypted(plain))
        self._kept += 1

    def finish(self) -> None:
        """No more parts: through to the disk."""
        self._cut_after(self._kept)
        self._stream.write(END)
        self._through()

    def replace_keys(self, plain: bytes) -> None:
        """Write the keys anew."""
        self._replace({KEYS: self._encrypted(plain)})

    def replace_locks(self, *, keyfile: bytes, key: bytes) -> None:
        """From now on what opens the practice now opens this backup, and what opened it before does not."""
        if self._identity is None:
            raise ValueError("open_with comes first")
        self._replace(
            {KEYFILE: keyfile, IDENTITY: seal(key, str(self._identity).encode(), identity=_BOUND_TO)}
        )

    def _replace(self, new: dict[str, bytes]) -> None:
        """First the new parts at the end, through to the disk; then noise over the old ones."""
        old = [part for part in self._parts if part.name in new]
        for name, content in new.items():
            self._append(name, content)
        self._stream.write(END)
        self._through()
        for part in old:
            self._stream.seek(part.at)
            self._stream.write(os.urandom(part.size))
        self._through()

    def close(self) -> None:
        """Done with it."""
        self._stream.close()

    def scan(self) -> bool:
        """Find the parts. Whether the file ends as it should; what is cut off at its end is not among the parts."""
        self._stream.seek(0, os.SEEK_END)
        size, at = self._stream.tell(), 0
        while at + BLOCK <= size:
            self._stream.seek(at)
            block = self._stream.read(BLOCK)
            if block == bytes(BLOCK):
                return bool(self._parts)
            try:
                header = tarfile.TarInfo.frombuf(block, "ascii", "strict")
            except (tarfile.HeaderError, UnicodeDecodeError):
                break
            part = Part(header.name, at, at + BLOCK, header.size)
            if part.end > size:
                break
            self._parts.append(part)
            at = part.end
        return False

    def begin(self, key: bytes, keyfile: bytes) -> None:
        """Begin to write: after what is there, if that was begun for the same practice and key file; else anew."""
        self.scan()
        if self.names()[:3] == [README, KEYFILE, IDENTITY] and self._plain(KEYFILE) == keyfile:
            try:
                self.open_with(key)
            except Tampered:
                self._identity = None
        if self._identity is None:
            self._parts = []
            self._cut_after(0)
            self._identity = pyrage.x25519.Identity.generate()
            self._append(README, SAYS)
            self._append(KEYFILE, keyfile)
            self._append(IDENTITY, seal(key, str(self._identity).encode(), identity=_BOUND_TO))
        self._kept = 3

    def _encrypted(self, plain: bytes) -> bytes:
        if self._identity is None:
            raise ValueError("begin or open_with comes first")
        return bytes(pyrage.encrypt(zlib.compress(plain, 1), [self._identity.to_public()]))

    def _plain(self, name: str) -> bytes:
        found = [part for part in self._parts if part.name == name]
        if not found:
            raise damaged(f"Its part {name} is missing.")
        self._stream.seek(found[-1].at)
        return self._stream.read(found[-1].size)

    def _append(self, name: str, content: bytes) -> None:
        at = self._parts[-1].end if self._parts else 0
        header = tarfile.TarInfo(name)
        header.size, header.mode = len(content), 0o600
        self._stream.seek(at)
        self._stream.write(header.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"))
        self._stream.write(content.ljust(-(-len(content) // BLOCK) * BLOCK, b"\0"))
        self._parts.append(Part(name, at, at + BLOCK, len(content)))

    def _cut_after(self, count: int) -> None:
        self._stream.truncate(self._parts[count - 1].end if count else 0)
        self._stream.seek(0, os.SEEK_END)
        del self._parts[count:]

    def _through(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())

    @classmethod
    def of(cls, path: Path, *, writable: bool) -> Self:
        """A file that is finished, its parts found. Raises NotABackup, BackupDamaged."""
        try:
            archive = cls(path.open("r+b" if writable else "rb"))
        except OSError:
            raise NotABackup("There is no such backup, or it cannot be read.") from None
        is_whole = archive.scan()
        if not archive._parts or archive._parts[0].name != README:
            archive.close()
            raise NotABackup(
                "This file is no backup of a practice.", then="Look for one that ends in .backup."
            )
        if not is_whole or not set(archive.names()) >= NEEDED:
            archive.close()
            raise damaged("It was not finished, or its end is cut off.")
        return archive


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """A finished backup, to read. Raises NotABackup, BackupDamaged."""
    archive = Archive.of(path, writable=False)
    try:
        yield archive
    finally:
        archive.close()


@contextmanager
def changing(path: Path) -> Iterator[Archive]:
    """A finished backup, to write its keys anew; one process at a time."""
    archive = Archive.of(path, writable=True)
    try:
        fcntl.flock(archive._stream, fcntl.LOCK_EX)
        yield archive
    finally:
        archive.close()


@contextmanager
def writing(path: Path) -> Iterator[Archive]:
    """A backup to begin or to go on with."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        yield Archive(stream)


def damaged(how: str) -> BackupDamaged:
    """A backup that is not as it was written."""
    return BackupDamaged(
        f"This backup cannot be used. {how}", kept="Nothing was restored from it.", then="Take an older one."
    )
