"""A backup made, and a backup tried: from the row that asks for it to the row that says how it went.

A trial restores the newest backup into a folder of its own, in a process of its own, opens every record there, reads
the whole log, and wipes the folder. Live data is not touched: that process has another home and its own database.
"""

import fcntl
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from holdspace.access.actor import Actor
from holdspace.audit.log import event_log
from holdspace.errors import DiskFull, HoldspaceError, NotReady, Unavailable
from holdspace.people.models import Practice
from holdspace.safekeeping.actions import ask_backup, claim, fail, finish
from holdspace.safekeeping.models import SafeRun
from holdspace.safekeeping.queries import kept, waiting
from holdspace.safekeeping.rules import BACKUP, FAILED
from holdspace.vault import backup
from holdspace.vault.archive import BackupDamaged
from holdspace.vault.home import locked, wipe_tree
from holdspace.vault.keys import ring
from holdspace.workflows.telling import telling

log = event_log("backups")

_OUT_OF_REACH = Unavailable(
    "The folder for backups could not be read or written.",
    kept="The practice and the older backups are as they were.",
    then="Connect its disk, or name another folder in HOLDSPACE_BACKUPS, and try again.",
)
SCRATCH, TRYING = ".trial-", ".trying"
LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial found, and up to when the list beside the backup names what was destroyed (None: not usable)."""

    file: str
    at: datetime
    rows: int
    clients: int
    opened: int
    list_until: datetime | None


def back_up_now(actor: Actor, practice: Practice, told: backup.Told = lambda *_: None) -> SafeRun:
    """Make a backup here and now, as the command line does. Raises what stood in the way."""
    run = ask_backup(actor, practice)
    do(actor, run, told)
    run.refresh_from_db()
    if run.state == FAILED:
        raise Unavailable(run.error_what, kept=run.error_kept, then=run.error_then)
    return run


def do_waiting(actor: Actor) -> int:
    """Do what was asked for, and what a process left. How many."""
    return sum(do(actor, run) for run in waiting(actor))


def do(actor: Actor, run: SafeRun, told: backup.Told = lambda *_: None) -> bool:
    """One backup or one trial. Every ending is a state of its row. False if somebody else does it."""
    if not claim(actor, run):
        return False
    log("run.begun", run=run.pk, kind=run.kind)
    try:
        with telling(SafeRun.objects.filter(pk=run.pk), told) as tell:
            if run.kind == BACKUP:
                _back_up(actor, run, tell)
            else:
                _try(actor, run, tell)
    except HoldspaceError as error:
        log("run.failed", run=run.pk, code=error.code)
        fail(actor, run, error=error)
    except (OSError, subprocess.TimeoutExpired) as error:
        log("run.failed", run=run.pk, code=type(error).__name__)
        fail(actor, run, error=_OUT_OF_REACH)
    return True


def tried(path: Path, key: bytes, told: backup.Told = lambda *_: None) -> Tried:
    """Restore a backup where it touches nothing, and open everything in it. Raises BackupDamaged, DiskFull."""
    folder: Path = settings.CONFIG.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with trial_folder(folder) as scratch:
        told("Restoring it where it touches nothing", 0.1)
        found = _in_a_process_of_its_own(path, key, scratch)
    told("Restoring it where it touches nothing", 1.0)
    if "error" in found:
        raise _as_error(found)
    return Tried(
        path.name,
        datetime.fromisoformat(found["at"]),
        found["rows"],
        found["clients"],
        found["opened"],
        datetime.fromisoformat(found["list_until"]) if found["list_until"] else None,
    )


@contextmanager
def trial_folder(folder: Path) -> Iterator[Path]:
    """An empty folder for one trial. What one left whose process died goes first, unless another trial goes on now."""
    with suppress(BlockingIOError), locked(folder / TRYING, fcntl.LOCK_EX | fcntl.LOCK_NB):
        for left in folder.glob(f"{SCRATCH}*"):
            wipe_tree(left)
    with locked(folder / TRYING, fcntl.LOCK_SH):
        scratch = folder / f"{SCRATCH}{secrets.token_hex(4)}"
        scratch.mkdir(mode=0o700)
        try:
            yield scratch
        finally:
            wipe_tree(scratch)


def _back_up(actor: Actor, run: SafeRun, told: backup.Told) -> None:
    made = backup.make(told=told)
    backup.keep_newest(kept(actor).backups_kept, made=made.path)
    finish(
        actor,
        run,
        file=made.path.name,
        backup_of=made.at,
        rows=made.rows,
        clients=made.clients,
        size=made.size,
    )
    log("backup.made", run=run.pk, rows=made.rows)


def _try(actor: Actor, run: SafeRun, told: backup.Told) -> None:
    paths = backup.listed()
    if not paths:
        raise NotReady("There is no backup to try yet.", then="Make one first.")
    backup.check(paths[0], told=told)
    found = tried(paths[0], ring.practice_key(), told)
    size = paths[0].stat().st_size
    finish(actor, run, file=found.file, backup_of=found.at, rows=found.rows, clients=found.clients, size=size)
    log("backup.tried", run=run.pk, rows=found.rows, opened=found.opened)


def _in_a_process_of_its_own(path: Path, key: bytes, scratch: Path) -> dict[str, Any]:
    kept_names = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOLDSPACE_", "DATABASE_"))
    }
    environment = {
        **kept_names,
        "HOLDSPACE_HOME": str(scratch),
        "DJANGO_SETTINGS_MODULE": "holdspace.web.settings",
    }
    done = subprocess.run(  # noqa: S603  # our own module, by our own interpreter
        [sys.executable, "-m", "holdspace.workflows.backup_trial", str(path.resolve())],
        input=key.hex(),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        found = {
            "error": "backup-damaged",
            "what": "This backup could not be restored.",
            "then": "Take an older one.",
        }
    return found


def _as_error(found: dict[str, Any]) -> HoldspaceError:
    what, then = str(found["what"]), str(found["then"])
    if found["error"] == DiskFull.code:
        return DiskFull(what, kept="The backup is as it was.", then=then)
    return BackupDamaged(what, kept="The practice is as it was.", then=then)
