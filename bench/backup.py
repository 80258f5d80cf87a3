"""A practice backed up, restored on "another machine" and drilled: `python -m bench.backup [CLIENTS] [NOTES]`.

It invents the practice (1,000 clients, 50,000 signed notes, five entries of the log for each), then runs the commands
as she would, each in a process of its own. Printed: how long each took, the most memory it had, and sizes.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.processes import COMMAND

from bench.audit import written
from holdspace.cli.progress import shown_progress

ENTRIES_A_NOTE = 5


def main(clients: int, notes: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        here = folder / "practice"
        os.environ |= {"HOLDSPACE_HOME": str(here), "DJANGO_SETTINGS_MODULE": "holdspace.web.settings"}
        began = time.perf_counter()
        _invent(here, clients, notes)
        _say("invented", time.perf_counter() - began, f"database {_size(here / 'practice.db')}")
        (folder / "words").write_text("harbor lamp mosaic\n", encoding="utf-8")
        environment = {**os.environ, "HOLDSPACE_PASSPHRASE_FILE": str(folder / "words")}
        _timed("backed up", environment, "backup")
        made = next((here / "backups").glob("*.backup"))
        _say("size", 0.0, _size(made))
        elsewhere = {**environment, "HOLDSPACE_HOME": str(folder / "elsewhere")}
        _timed("restored", elsewhere, "restore", str(made))
        _timed("drilled", environment, "restore", str(made), "--drill")


def _invent(here: Path, clients: int, notes: int) -> None:
    import django  # noqa: PLC0415  # the settings read the environment

    django.setup()
    from bench import invented  # noqa: PLC0415  # likewise

    invented.begun(here)
    written(ENTRIES_A_NOTE * notes)
    with shown_progress() as tell:
        invented.filled(clients, notes, tell)


def _timed(what: str, environment: dict[str, str], *arguments: str) -> None:
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"holdspace {arguments[0]} ended with {process.returncode}")
    _say(
        what,
        took,
        f"{usage.ru_utime + usage.ru_stime:.0f} s of processor, {usage.ru_maxrss / 1e3:,.0f} MB of memory",
    )
    sys.stdout.write("".join(f"            {line}\n" for line in said.splitlines()))


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.0f} MB"


def _say(what: str, took: float, more: str) -> None:
    sys.stdout.write(f"{what:<11} {f'{took:.1f} s, ' if took else ''}{more}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked + [1000, 50_000][len(asked) :]))
