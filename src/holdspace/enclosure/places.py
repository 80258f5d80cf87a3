"""Where a process of ours reads and writes, for Landlock's limits."""

import os
import sys
from pathlib import Path

DEVICES = tuple(map(Path, ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")))
SYSTEM = tuple(
    map(Path, ("/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/nix", "/proc", "/sys", "/dev", "/snap"))
)


def program_files() -> tuple[Path, ...]:
    """What running Python and its libraries takes to read: the system's own folders and this installation's."""
    searched = (Path(entry or ".").resolve() for entry in sys.path)
    libraries = (Path(entry) for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry)
    return (*SYSTEM, Path(sys.prefix), Path(sys.base_prefix), *searched, *libraries, *_resolver())


def _resolver() -> tuple[Path, ...]:
    """Where the name servers are written down: often a link to a folder that is written anew."""
    return (Path("/etc/resolv.conf").resolve().parent,)
