"""What was destroyed: a row of the record, and a line outside it.

A restored backup knows nothing of what was destroyed after it was made. So every destroyed key's id stands in a text
file beside the database and, again, beside the backups; whoever restores applies the list. A line is

    holdspace-destroyed c-5f0c9a… 2026-11-24T09:00:00+00:00 record-law <code>

and says nothing about anyone. The code at its end is made with a key of the practice that every backup has, so that a
line put in by somebody else destroys nothing.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from holdspace.vault.home import append
from holdspace.vault.models import Destruction
from holdspace.vault.whose import LIST, Owner

FILE = "destroyed.txt"
WORD = "holdspace-destroyed"
LIST_OWNER = Owner(LIST, 0)
_PARTS = 5


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
    """The lines of a list; what is no line is passed over."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [found for line in lines if (found := _read(line)) is not None]


def write(gone: Iterable[Destruction], key: bytes) -> None:
    """Add a line for each to every list."""
    lines = "".join(f"{Tombstone(row.key_id, row.at, row.rule).line(key)}\n" for row in gone)
    for path in paths():
        append(path, lines)


def catch_up(key: bytes) -> int:
    """Add what a list lacks: a process may have died, or a disk been away, when it was to be written. How many.

    Where nothing was destroyed yet the list is there and empty: a restore asks for one.
    """
    rows = list(Destruction.objects.order_by("pk"))
    added = 0
    for path in paths():
        known = {tombstone.key_id for tombstone in listed(path)}
        missing = [row for row in rows if row.key_id not in known]
        append(path, "".join(f"{Tombstone(row.key_id, row.at, row.rule).line(key)}\n" for row in missing))
        added += len(missing)
    return added


def paths() -> list[Path]:
    """Where the list is kept: beside the database, and beside the backups."""
    home: Path = settings.CONFIG.home
    backups: Path = settings.CONFIG.backups
    return [folder / FILE for folder in dict.fromkeys((home, backups)) if folder.is_dir()]


def _read(line: str) -> Tombstone | None:
    parts = line.split()
    if len(parts) != _PARTS or parts[0] != WORD:
        return None
    try:
        return Tombstone(parts[1], datetime.fromisoformat(parts[2]), parts[3], parts[4])
    except ValueError:
        return None
