"""The process that hears knows no practice: no key, no database, no passphrase, and no line but to its parent."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from holdspace.assist.doorway import ears
from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.vault.keys import ring

PROMISE = Promise(
    number="1.15",
    says="The process that hears knows no key, no database and no passphrase, and talks to nobody but its "
    "parent.",
    tried="While it ran, its settings, its open files and connections and its whole memory were looked "
    "through.",
    red="Whatever takes over the process that hears could reach the records. Stop hearing until this is "
    "mended.",
)
SECRET_NAMES = re.compile(r"HOLDSPACE|DATABASE|PASSPHRASE|SECRET|PASSWORD", re.IGNORECASE)
AT_ONCE = 1 << 24


def try_now(trial: Trial) -> Seen:
    """Hear a session, then look through the process that heard it."""
    trial.heard()
    pid = ears()
    process = Path(f"/proc/{pid}")
    if pid is None or not (process / "fd").exists():
        raise NotTried(
            "This system does not let a program look at another one.", then="Run the proof on Linux."
        )
    names = [
        part.partition(b"=")[0].decode() for part in (process / "environ").read_bytes().split(b"\0") if part
    ]
    demand(
        not [name for name in names if SECRET_NAMES.search(name)], "It was given settings of the practice."
    )
    opened = _opened(process)
    ours = [str(settings.CONFIG.home), str(connection.settings_dict["NAME"])]
    demand(
        not [name for name in opened if any(place in name for place in ours)],
        "It has a file of the practice open.",
    )
    lines = _network_lines(process, opened)
    demand(not lines, f"It has {lines} connections to a network.")
    return (
        f"{len(names)} settings and {len(opened)} open files: none of the practice’s, no connection to a network.",
        _searched(process),
    )


def _opened(process: Path) -> list[str]:
    names = []
    for descriptor in (process / "fd").iterdir():
        with suppress(OSError):
            names.append(str(descriptor.readlink()))
    return names


def _network_lines(process: Path, opened: list[str]) -> int:
    """How many of its sockets are of a network; those of Unix are lines to its parent."""
    told = "\n".join(
        (process / "net" / name).read_text()
        for name in ("tcp", "tcp6", "udp", "udp6", "raw")
        if (process / "net" / name).exists()
    )
    inodes = {line.split()[9] for line in told.splitlines() if len(line.split()) > 9}
    return sum(
        name.removeprefix("socket:[").rstrip("]") in inodes for name in opened if name.startswith("socket:[")
    )


def _searched(process: Path) -> str:
    """Search its memory for the key of the database. Where the system forbids it, say so."""
    key, size = ring.key_for("database"), 0
    try:
        for piece in _memory(process):
            size += len(piece)
            demand(
                key not in piece and key.hex().encode() not in piece,
                "The key of the database is in its memory.",
            )
    except OSError:
        return "Its memory could not be searched: the system lets no program look into another’s."
    return f"{size / 1e6:.0f} MB of its memory were searched: the database’s key is not in it."


def _memory(process: Path) -> Iterator[bytes]:
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            first, last = (int(end, 16) for end in span.split("-"))
            for at in range(first, last, AT_ONCE):
                with suppress(OSError, ValueError):  # it works on meanwhile, and gives memory back
                    memory.seek(at)
                    yield memory.read(min(AT_ONCE, last - at))
