"""Reads the database's files in a process beside this one, never in this one.

A process that closes a file gives up every lock it has on that file (fcntl(2)), those of SQLite's open connections
among them. Another process could then take the log away under them, and the database would be damaged
(https://www.sqlite.org/howtocorrupt.html, 2.2). So nobody here opens those files but SQLite itself.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COPIES_OUT = "import shutil, sys; shutil.copyfileobj(open(sys.argv[1], 'rb'), sys.stdout.buffer)"


@contextmanager
def read_beside(path: Path) -> Iterator[IO[bytes]]:
    """The file's content as a stream that can be read once. What is not there, or may not be read, has none."""
    reading = subprocess.Popen(  # noqa: S603  # this interpreter and a line of ours
        [sys.executable, "-I", "-S", "-c", COPIES_OUT, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert reading.stdout is not None
    with reading, reading.stdout as content:
        try:
            yield content
        finally:
            reading.kill()
