"""Looks for sound that was left somewhere: in files, and in the trace of what processes wrote."""

import re
from contextlib import suppress
from pathlib import Path

import numpy as np

_CONTAINERS = (b"RIFF", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"ID3", b"\xff\xfb", b"\xff\xf3")


def slices(sound: list[bytes]) -> list[bytes]:
    """Pieces of the sound as no other data has them: loud ones, 32 bytes each."""
    loud = sorted(sound[2:], key=lambda second: -len(set(second)))[:6]
    return [
        second[n : n + 32]
        for second in loud
        for n in range(4000, 28_000, 4000)
        if len(set(second[n : n + 32])) > 12
    ]


def as_floats(pieces: list[bytes]) -> list[bytes]:
    """The same samples as engines hold them, 32-bit floats between -1 and 1."""
    return [(np.frombuffer(piece, dtype=np.int16).astype(np.float32) / 32768.0).tobytes() for piece in pieces]


def containers_in(folder: Path) -> list[Path]:
    """Files that begin as a recording does: WAVE, Ogg, FLAC, WebM or Matroska, MP4, MP3."""
    found = []
    for path in folder.rglob("*"):
        try:
            with path.open("rb") as file:
                head = file.read(12)
        except OSError:  # a folder, or somebody else's
            continue
        if head.startswith(_CONTAINERS) or head[4:8] == b"ftyp":
            found.append(path)
    return found


def found_in(folder: Path, sought: list[bytes]) -> list[Path]:
    """Files that hold any of it."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(piece in path.read_bytes() for piece in sought)]


def in_memory(pid: int, sought: list[bytes]) -> int:
    """How many of them are anywhere in a process's memory. Raises PermissionError where that may not be read."""
    found = set[bytes]()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area is None:  # nothing was put where nothing may be written
                continue
            start, end = (int(number, 16) for number in area.groups())
            with suppress(OSError):  # unmapped meanwhile, or a device's
                memory.seek(start)
                here = memory.read(end - start)
                found.update(piece for piece in sought if piece in here)
    return len(found)


def written(trace: Path, sought: list[bytes]) -> list[str]:
    """Lines of the trace in which a process wrote any of it to a file, whether or not the file still is.

    Sound crosses one socket, from the server to the speech process: `-yy` says of every write where it went.
    """
    hexed = ["".join(f"\\x{byte:02x}" for byte in piece) for piece in sought]
    lines = [line for line in trace.read_text(errors="replace").splitlines() if not _TO_A_SOCKET.search(line)]
    return [line[:120] for line in lines if any(piece in line for piece in hexed)]


def crossed(trace: Path, sought: list[bytes]) -> bool:
    """Whether the trace saw the sound go from one process to the other at all."""
    hexed = ["".join(f"\\x{byte:02x}" for byte in piece) for piece in sought]
    lines = [line for line in trace.read_text(errors="replace").splitlines() if _TO_A_SOCKET.search(line)]
    return any(piece in line for line in lines for piece in hexed)


_TO_A_SOCKET = re.compile(r"\bwritev?\(\d+<(?:UNIX|TCP)")
