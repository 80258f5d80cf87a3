"""What was destroyed: a row of the record, and a line outside it.

A restored backup knows nothing of what was destroyed after it was made. So every destroyed key's id stands in a text
file beside the database and, again, beside the backups; whoever restores applies the list, and the restored practice
goes on with it. A line is

    holdspace-destroyed c-5f0c9a… 2026-11-24T09:00:00+00:00 record-law <code>

and says nothing about anyone. The last line says how many there are, and up to when the list names everything:

    holdspace-list 12 2026-11-28T14:03:00+00:00 <code>

The codes are made with a key of the practice that every backup has. So a line put in by somebody else destroys nothing,
and a list that was cut short or edited is told from a whole one; one that is whole and old says so by its date.
"""

import hmac
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from holdspace.errors import BadInput, DiskFull, HoldspaceError, Unavailable
from holdspace.vault.home import locked, replace
from holdspace.vault.models import Destruction
from holdspace.vault.whose import LIST, Owner

FILE = "destroyed.txt"
WORD, LAST = "holdspace-destroyed", "holdspace-list"
LOCK = ".listing"
LIST_OWNER = Owner(LIST, 0)
_PARTS, _LAST_PARTS = 5, 4


class ListNotWhole(BadInput):
    """A list of what was destroyed that was cut short or edited, or that another practice wrote."""

    code = "list-not-whole"


class ListTooOld(BadInput):
    """A list of what was destroyed that is older than the backup it is to be applied to."""

    code = "list-too-old"


class ListOutOfReach(Unavailable):
    """A list of what was destroyed that cannot be read or written where it is kept: its disk is away or read-only."""

    code = "list-out-of-reach"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One destroyed key: its id, when, and under which rule."""

    key_id: str
    at: datetime
    rule: str
    code: str = ""

    def line(self, key: bytes) -> str:
        """The line that says so."""
        return f"{self._said} {self._code(key)}"

    @property
    def as_read(self) -> str:
        """The line it was read from."""
        return f"{self._said} {self.code}"

    def is_genuine(self, key: bytes) -> bool:
        """Whether this practice wrote it."""
        return hmac.compare_digest(
            self.code.encode(), self._code(key).encode()
        )  # a damaged line may be no ASCII

    @property
    def _said(self) -> str:
        return f"{WORD} {self.key_id} {self.at.isoformat()} {self.rule}"

    def _code(self, key: bytes) -> str:
        return hmac.new(key, self._said.encode(), sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was found: the lines this practice wrote, and up to when it names everything.

    `until` is None for a list that is not there, was cut short or edited, or is another practice's.
    """

    tombstones: list[Tombstone]
    until: datetime | None

    def check(self, backup_at: datetime) -> None:
        """Raises ListNotWhole or ListTooOld where applying it to a backup of that moment would bring things back."""
        if self.until is None:
            raise ListNotWhole(
                "The list of what was destroyed is not as this practice wrote it: it was cut short or edited, or is "
                "another practice\u2019s.",
                kept="Nothing was restored.",
                then=f"Give a whole one with --list: it is called {FILE} and lies with your other backups and in the "
                "practice\u2019s old folder. If there is none any more, --list-as-it-is applies the lines that this "
                f"practice wrote ({len(self.tombstones)}); what others named would be readable again.",
            )
        if self.until < backup_at:
            raise ListTooOld(
                f"The list of what was destroyed goes to {as_said(self.until)}, and the backup is younger: of "
                f"{as_said(backup_at)}.",
                kept="Nothing was restored.",
                then="Give the newest one with --list: it lies with your newest backup and in the practice\u2019s old "
                "folder. If there is none, --list-as-it-is restores with this one; what was destroyed after the "
                "backup was made would be readable again.",
            )


def record(gone: Iterable[tuple[str, Owner]], *, rule: str, law: str) -> list[Destruction]:
    """Rows that say what was destroyed. They are written in the transaction that destroys."""
    now = timezone.now().replace(microsecond=0)
    return [
        Destruction.objects.create(
            key_id=key_id, kind=owner.kind, owner_id=owner.id, at=now, rule=rule, law=law[:300]
        )
        for key_id, owner in gone
    ]


def listed(path: Path) -> list[Tombstone]:
    """The lines of a list, whoever wrote them; what is no line is passed over."""
    return [found for line in _lines(path) if (found := _read(line)) is not None]


def read(path: Path, key: bytes) -> Listed:
    """A list, its lines and its date compared with their codes."""
    lines = _lines(path)
    until = _until(lines, key)
    found = [tombstone for line in lines if (tombstone := _read(line)) is not None]
    if until is None:
        return Listed([tombstone for tombstone in found if tombstone.is_genuine(key)], None)
    return Listed(found, until)


def catch_up(key: bytes) -> int:
    """Add to every list what it lacks, and date it anew. How many lines were missing.

    Always everything, for its date says that nothing is missing: a process may have died, or a disk been away, when
    something was to be written; and what a restored practice has no row of stands on the others. Where nothing was
    destroyed yet the list is there all the same: a restore asks for one. Raises DiskFull or ListOutOfReach where one
    could not be written; the others are by then.
    """
    at = timezone.now().replace(microsecond=0)
    rows = Destruction.objects.order_by("pk").values_list("key_id", "at", "rule")
    known = [*(Tombstone(key_id, gone_at, rule) for key_id, gone_at, rule in rows), *within_reach(key)]
    missing = 0
    failed: HoldspaceError | None = None
    for path in paths():
        try:
            missing += _add(path, known, at, key)
        except DiskFull as error:
            failed = error
        except OSError:
            failed = _out_of_reach()
    if failed is not None:
        raise failed
    return missing


def within_reach(key: bytes) -> list[Tombstone]:
    """What the lists that can be read now say was destroyed, as far as this practice wrote them; nothing twice."""
    found = dict[str, Tombstone]()
    for path in paths():
        with suppress(OSError):
            found |= {tombstone.key_id: tombstone for tombstone in read(path, key).tombstones}
    return list(found.values())


def carry(applied: Listed, key: bytes) -> None:
    """Let a restored practice's own list name what the one applied to it does, and go no further than that one.

    A row is only made of what was in the backup; another one, restored later, may hold the rest.
    """
    _add(settings.CONFIG.home / FILE, applied.tombstones, applied.until, key)


def last_line(lines: Sequence[str], at: datetime, key: bytes) -> str:
    """The line that ends a list of these lines."""
    said = f"{LAST} {len(lines)} {at.isoformat()}"
    return f"{said} {hmac.new(key, chr(10).join([*lines, said]).encode(), sha256).hexdigest()[:32]}"


def as_said(at: datetime) -> str:
    """A date of a list or a backup, in words."""
    return f"{at:%-d %B %Y, %H:%M} UTC"


def paths() -> list[Path]:
    """Where the list is kept: beside the database, and beside the backups. What is there may be out of reach."""
    home: Path = settings.CONFIG.home
    backups: Path = settings.CONFIG.backups
    return [folder / FILE for folder in dict.fromkeys((home, backups)) if _is_there(folder)]


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # a mount that is dead, a folder nobody may look into: said by who opens the list
        return True


def _add(path: Path, known: Iterable[Tombstone], at: datetime | None, key: bytes) -> int:
    """The list with what it lacks, put in the place of the old one as a whole: another process may read it now.

    Without a date it has no last line, and says of itself that it is not whole.
    """
    with locked(path.with_name(LOCK)):
        kept = read(path, key).tombstones
        named = {tombstone.key_id for tombstone in kept}
        missing = {found.key_id: found.line(key) for found in known if found.key_id not in named}
        lines = [*(tombstone.as_read for tombstone in kept), *missing.values()]
        ended = lines if at is None else [*lines, last_line(lines, at, key)]
        replace(path, "".join(f"{line}\n" for line in ended).encode())
    return len(missing)


def _out_of_reach() -> ListOutOfReach:
    return ListOutOfReach(
        "The list of what was destroyed could not be written everywhere it is kept.",
        kept="The practice and the older backups are as they were.",
        then="Connect the disk of the folder for backups, and see that it can be written to.",
    )


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines() if line.strip()]


def _until(lines: Sequence[str], key: bytes) -> datetime | None:
    *before, last = lines or [""]
    parts = last.split()
    if len(parts) != _LAST_PARTS or parts[0] != LAST:
        return None
    try:
        at = datetime.fromisoformat(parts[2])
    except ValueError:
        return None
    return at if hmac.compare_digest(last.encode(), last_line(before, at, key).encode()) else None


def _read(line: str) -> Tombstone | None:
    parts = line.split()
    if len(parts) != _PARTS or parts[0] != WORD:
        return None
    try:
        return Tombstone(parts[1], datetime.fromisoformat(parts[2]), parts[3], parts[4])
    except ValueError:
        return None
