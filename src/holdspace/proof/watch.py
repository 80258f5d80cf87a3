"""Watches which files this process opens to write while something is tried: one that is gone a moment later, too.

Python tells every opening (audit events), temporary files without a name included. The hook is added once, because none
can be taken away again, and looks only while somebody watches.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

WRITES = os.O_WRONLY | os.O_RDWR
_watching: list[list[str]] = []
_added: list[bool] = []


@contextmanager
def files_opened_to_write() -> Iterator[list[str]]:
    """The files opened to write meanwhile, but for those of the practice and its database."""
    if not _added:
        sys.addaudithook(_seen)
        _added.append(True)
    opened: list[str] = []
    _watching.append(opened)
    try:
        yield opened
    finally:
        _watching.remove(opened)
        opened[:] = [name for name in opened if not _is_ours(name)]


def _seen(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching or event != "open":
        return
    path, _, flags = arguments
    if isinstance(path, str | bytes) and isinstance(flags, int) and flags & WRITES:
        for opened in list(_watching):
            opened.append(os.fsdecode(path))


def _is_ours(name: str) -> bool:
    path = Path(name)
    if "__pycache__" in path.parts:
        return True
    ours = [Path(settings.CONFIG.home), Path(settings.CONFIG.weights), Path("/dev/null"), Path("/dev/tty")]
    if connection.vendor == "sqlite":
        ours.append(Path(connection.settings_dict["NAME"]).parent)
    return any(path.is_relative_to(place) for place in ours)
