"""The trial disturbs no real page: its client is in no list, no schedule and no log of anybody real."""

from collections.abc import Callable

from django.utils import timezone

from holdspace.chart.history import whole_log
from holdspace.errors import NotAllowed
from holdspace.people.queries import client, clients, clinicians
from holdspace.proof.promise import Promise, Seen, demand, demand_refused
from holdspace.proof.trial import Trial
from holdspace.room.queries import open_sessions, session
from holdspace.schedule.queries import appointments_on

PROMISE = Promise(
    number="1.19",
    says="This trial shows on nobody’s pages: its client is in no list, no schedule, and in the log without "
    "a name.",
    tried="While the trial’s client was there, the lists, the day and the log of the practice were read as "
    "their owner reads them, and the client was asked for by number.",
    red="The trial’s client shows among real ones. Nothing of theirs was touched; show this report to "
    "whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Look for the trial where it must not be."""
    ours, began = trial.company.alone, trial.company.session()
    owner = trial.owner
    lists: dict[str, set[int]] = {
        "clients": {row.pk for row in clients(owner, ours.name)},
        "clinicians": {row.pk for row in clinicians(owner)} & {ours.clinician_id},
        "the day": {row.pk for row in appointments_on(owner, timezone.localdate())} & {began.appointment_id},
        "open sessions": {row.pk for row in open_sessions(owner)} & {began.pk},
        "names in the log": {line.client_id or 0 for line in whole_log(owner)} & {ours.pk},
    }
    shown = [name for name, found in lists.items() if found]
    demand(not shown, *(f"The trial shows among the {name}." for name in shown))
    _demand_missing(lambda: client(owner, ours.pk))
    _demand_missing(lambda: session(owner, began.pk))
    return (
        f"{len(lists)} lists were read and the trial was in none; asked for by number, there was no such record.",
    )


def _demand_missing(ask: Callable[[], object]) -> None:
    demand_refused(ask, NotAllowed, "The trial’s record opened to the practice’s owner.")
