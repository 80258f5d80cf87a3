"""Reads the whole log and names what was done to it: changed, moved, missing, cut off, added, replaced, forged.

The text each hash is made of is put together inside the database, because a million entries as objects take a minute
(bench/audit.py).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from holdspace.audit import heads
from holdspace.audit.heads import Head
from holdspace.audit.models import NO_ENTRY, ChainEnd, ChainStart, Entry

AT_ONCE = 20_000
"""Entries read at once."""
MOST_NAMED = 100
_AT = {
    "sqlite": "replace(at, ' ', 'T') || '+00:00'",
    "postgresql": "replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || '+00:00'",
}
AS_WRITTEN = (
    "'[' || number || ', \"' || {at} || '\", ' || coalesce(cast(user_id AS text), 'null') || ', \"' || role || "
    "'\", \"' || verb || '\", \"' || kind || '\", ' || subject_id || ', \"' || outcome || '\", \"' || previous || '\"]'"
)

_Row = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was done to the log: what, and to which entries."""

    what: str
    first: int
    last: int
    says: str


@dataclass
class Checked:
    """The log as it was found."""

    entries: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def found(self, what: str, first: int, last: int, says: str) -> None:
        """Name one thing, up to a hundred."""
        if len(self.findings) < MOST_NAMED:
            self.findings.append(Finding(what, first, last, says))


def check_log(lines: Iterable[str] = (), *, told: Callable[[int], None] = lambda _: None) -> Checked:
    """Compare every entry with its hash, its neighbour, the signed end, the kept heads and those on `lines`.

    `told` is called with the number of entries read so far. Raises Locked while the practice is not open.
    """
    checked = Checked()
    pinned = _pinned(checked, [*heads.kept_lines(), *lines])
    last, digest = _walk(checked, pinned, _beginning(checked), told)
    _check_end(checked, last, digest)
    for head in pinned.values():
        if head.number > last:
            checked.found(
                "cut off", last + 1, head.number, f"A head kept on {head.at:%Y-%m-%d %H:%M} UTC knew of them."
            )
    return checked


def _pinned(checked: Checked, lines: Iterable[str]) -> dict[int, Head]:
    found: dict[int, Head] = {}
    for number, head in enumerate(heads.read_genuine(lines), 1):
        if head is None:
            checked.found("false head", number, number, "This line was not written by this practice.")
        else:
            found.setdefault(head.number, head)
            checked.heads += 1
    return found


def _beginning(checked: Checked) -> tuple[int, str]:
    """Where the chain begins: before its first entry, or after the last one that was let go when its time was over."""
    start = ChainStart.objects.filter(pk=1).first()
    if start is None:
        return 0, NO_ENTRY
    if not heads.is_signed_start(start):
        checked.found(
            "start forged", start.number, start.number, "This practice did not let those entries go."
        )
    return start.number, start.sha256


def _walk(
    checked: Checked, pinned: dict[int, Head], beginning: tuple[int, str], told: Callable[[int], None]
) -> tuple[int, str]:
    (last, prior), is_sound = beginning, True
    _compare(checked, pinned, last, prior)
    misfits: list[tuple[int, str, str]] = []
    sha256 = hashlib.sha256
    for rows in _rows():
        for number, previous, digest, text in rows:
            computed = sha256(text.encode()).hexdigest()
            if number <= beginning[0]:
                checked.found("added", number, number, "No entry has such a number any more.")
                continue
            if number != last + 1:
                checked.found("missing", last + 1, number - 1, "Entries were taken out of the middle.")
            elif previous != prior and is_sound and computed == digest:
                checked.found("replaced", last, last, "The next entry was written after a different one.")
            is_sound = computed == digest
            if not is_sound:
                misfits.append((number, digest, text))
            _compare(checked, pinned, number, digest)
            last, prior = number, digest
        checked.entries += len(rows)
        told(checked.entries)
    _name(checked, misfits)
    return last, prior


def _compare(checked: Checked, pinned: dict[int, Head], number: int, digest: str) -> None:
    head = pinned.get(number)
    if head is not None and head.sha256 != digest:
        says = f"On {head.at:%Y-%m-%d %H:%M} UTC this entry read differently."
        checked.found("rewritten", number, number, says)


def _name(checked: Checked, misfits: list[tuple[int, str, str]]) -> None:
    """Tell an entry that was moved from one that was changed: under its old number its text fits its hash.

    Where a sound entry stands before others that all stood one place earlier, it was pushed in; where they stood one
    place later, one was taken out before them.
    """
    few = misfits[:MOST_NAMED]
    numbers = {number for number, _, _ in few}
    stood = {n: _number_it_fits(digest, text, numbers | {n - 1, n + 1}) for n, digest, text in few}
    for number, was in stood.items():
        if was is None or was == number:
            checked.found("changed", number, number, "It does not fit its seal.")
            continue
        checked.found("moved", number, number, f"This was entry {was}.")
        is_first = number - 1 not in numbers
        if is_first and was == number - 1:
            checked.found("added", was, was, "It was pushed in: those after it stood one place earlier.")
        elif is_first and was == number + 1 and number not in stood.values():
            checked.found(
                "missing", number, number, "It was taken out: those after it stood one place later."
            )


def _number_it_fits(digest: str, text: str, candidates: Iterable[int]) -> int | None:
    rest = text.split(",", 1)[1]
    return next(
        (n for n in sorted(candidates) if hashlib.sha256(f"[{n},{rest}".encode()).hexdigest() == digest), None
    )


def _check_end(checked: Checked, last: int, digest: str) -> None:
    end = ChainEnd.objects.filter(pk=1).first()
    if end is None:
        if last:
            checked.found("end missing", last, last, "Nothing says where the log ends.")
        return
    if not heads.is_signed_end(end):
        checked.found("end forged", end.number, end.number, "The end was not signed by this practice.")
    if end.number > last:
        checked.found("cut off", last + 1, end.number, "Entries were taken from the end.")
    elif end.number < last:
        checked.found("added", end.number + 1, last, "Entries stand after the end.")
    elif end.sha256 != digest:
        checked.found("rewritten", last, last, "The last entry is not the one the log ended with.")


def _rows() -> Iterator[list[_Row]]:
    text = AS_WRITTEN.format(at=_AT[connection.vendor])
    # Nothing in this text comes from outside: it names our own columns.
    select = f"SELECT number, previous, sha256, {text} FROM {Entry._meta.db_table} WHERE number > %s ORDER BY number LIMIT %s"  # noqa: S608, E501  # nosec B608
    last = -(2**63)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(select, [last, AT_ONCE])
            rows: list[_Row] = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]
