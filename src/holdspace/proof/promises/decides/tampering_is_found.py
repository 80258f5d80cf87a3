"""Whatever is done to the log is found and named: tried on a copy of this practice's own log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from holdspace.audit.chain import hash_of
from holdspace.audit.check import check_log
from holdspace.audit.models import ChainEnd, ChainStart, Entry
from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="4.9",
    says="Whoever changes, removes, moves, adds or cuts off entries of the log is found out, and what was "
    "done is named.",
    tried="Each of it was done to a copy of this practice’s own log, in memory, and the copy checked as the "
    "log is.",
    red="Changes of the log may go unnoticed. Keep a line of it elsewhere (`holdspace audit head`), and show "
    "this report to whoever looks after the machine.",
)
LEAST = 6
"""Entries a log must have before all of it can be tried."""


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Attack a copy, once for each attack."""
    if Entry.objects.count() < LEAST:
        raise NotTried(
            "The log is too short to be tried.", then="Run the proof again after some days of work."
        )
    with _copied():
        before = {finding.what for finding in check_log().findings}
    for name, (attack, expected) in ATTACKS.items():
        with _copied():
            attack()
            found = {finding.what for finding in check_log().findings} - before
        demand(found & expected, f"{name.capitalize()}: nothing of it was found.")
    return (
        f"On a copy of {Entry.objects.count():,} entries {len(ATTACKS)} attacks were found and named: "
        f"{', '.join(ATTACKS)}.",
    )


@contextmanager
def _copied() -> Iterator[None]:
    """Copies that stand before the real tables for this connection alone. Nothing is recorded meanwhile."""
    tables = [model._meta.db_table for model in (Entry, ChainEnd, ChainStart)]
    real = "main." if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        try:
            for table in tables:
                cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {real}{table}")  # noqa: S608  # our own  # nosec B608
            space = (
                ("temp.trial_numbers", "") if connection.vendor == "sqlite" else ("trial_numbers", "pg_temp.")
            )
            cursor.execute(f"CREATE INDEX {space[0]} ON {space[1]}{tables[0]} (number)")
            yield
        finally:
            place = "temp" if connection.vendor == "sqlite" else "pg_temp"
            for table in tables:
                cursor.execute(f"DROP TABLE IF EXISTS {place}.{table}")


def _middle() -> Entry:
    return Entry.objects.order_by("number")[Entry.objects.count() // 2]


def _last() -> Entry:
    return Entry.objects.latest("number")


def _change() -> None:
    Entry.objects.filter(pk=_middle().pk).update(outcome="refuse")


def _remove() -> None:
    Entry.objects.filter(pk=_middle().pk)._raw_delete(connection.alias)


def _move() -> None:
    one = _middle()
    other = one.number + 1
    rows = Entry.objects
    rows.filter(number=one.number).update(number=-1)
    rows.filter(number=other).update(number=one.number)
    rows.filter(number=-1).update(number=other)


def _replace() -> None:
    """Somebody who knows how seals are made writes another entry in the place of one."""
    entry = _middle()
    entry.role = "nobody"
    Entry.objects.filter(pk=entry.pk).update(role=entry.role, sha256=hash_of(entry))


def _cut_off() -> None:
    Entry.objects.filter(number__gt=_last().number - 2)._raw_delete(connection.alias)


def _forge_the_end() -> None:
    _cut_off()
    last = _last()
    ChainEnd.objects.update(number=last.number, sha256=last.sha256)


def _forge_the_start() -> None:
    """Somebody takes the older half away and says that its time was over."""
    last = _middle()
    Entry.objects.filter(number__lte=last.number)._raw_delete(connection.alias)
    ChainStart.objects.all()._raw_delete(connection.alias)
    ChainStart(number=last.number, sha256=last.sha256, signature="").save(force_insert=True)


def _add() -> None:
    last = _last()
    Entry(
        number=last.number + 1,
        at=last.at,
        role=last.role,
        verb=last.verb,
        kind=last.kind,
        subject_id=last.subject_id,
        outcome=last.outcome,
        previous=last.sha256,
        sha256=last.sha256,
    ).save(force_insert=True)


ATTACKS: dict[str, tuple[Callable[[], None], set[str]]] = {
    "an entry changed": (_change, {"changed"}),
    "an entry removed": (_remove, {"missing"}),
    "two entries changed round": (_move, {"moved", "changed"}),
    "an entry replaced": (_replace, {"replaced", "rewritten"}),
    "the end cut off": (_cut_off, {"cut off"}),
    "the end forged": (_forge_the_end, {"end forged", "cut off"}),
    "the beginning forged": (_forge_the_start, {"start forged"}),
    "an entry added": (_add, {"added"}),
}
