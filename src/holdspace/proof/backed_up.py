"""A backup of the practice while the trial is in it, made as every backup is, for promises about backups.

It goes to a folder of its own inside the practice's, where it counts as none of the practice's backups, and is taken
away with the trial; a run that was killed leaves it to the next.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from holdspace.errors import DiskFull
from holdspace.people.rules import TRIAL
from holdspace.proof.promise import Broken, NotTried
from holdspace.vault import backup
from holdspace.vault.archive import reading
from holdspace.vault.envelope import Tampered
from holdspace.vault.home import wipe_tree
from holdspace.vault.keys import BACKUP, ring

FOLDER = ".trial-backup"
PRACTICES = "people_practice"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The backup's file, and what opens out of it under the practice's key, by the name of its part."""

    file: Path
    opened: dict[str, bytes]


def back_up() -> BackedUp:
    """Make the backup and open it. Raises NotTried where there is no room, Broken where the trial is not in it."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        made = backup.make(folder=folder)
    except (DiskFull, backup.AlreadyBackingUp) as error:
        raise NotTried(error.what, then=error.then) from None
    opened = _opened(made.path)
    if not any(_holds_the_trial(part) for name, part in opened.items() if name.startswith("rows/")):
        raise Broken("A backup was made and the trial is not in it, so this shows nothing.")
    return BackedUp(made.path, opened)


def opens_with(file: Path, key: bytes) -> bool:
    """Whether the backup opens under this key."""
    with reading(file) as archive, suppress(Tampered):
        archive.open_with(key)
        return True
    return False


def take_away() -> bool:
    """Take the backup away. Whether there was one."""
    was_there = _folder().is_dir()
    wipe_tree(_folder())
    return was_there


def is_left() -> bool:
    """Whether it is still there."""
    return _folder().exists()


def _opened(file: Path) -> dict[str, bytes]:
    with reading(file) as archive:
        archive.open_with(ring.key_for(BACKUP))
        return {name: archive.read(name) for name in archive.names() if name.endswith(".age")}


def _holds_the_trial(part: bytes) -> bool:
    told = json.loads(part)
    if told["table"] != PRACTICES:
        return False
    at = told["columns"].index("id")
    return any(int(row[at]) == TRIAL for row in told["rows"])


def _folder() -> Path:
    home: Path = settings.CONFIG.home
    return home / FOLDER
