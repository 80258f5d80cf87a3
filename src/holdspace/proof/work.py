"""Waiting for what the installation does beside, and doing the trial's own work where nobody else has taken it up.

A server's threads hear and carry out what was taken back; `holdspace prove` begins the same threads. Runs of the
trial are done here as a worker does them: whoever claims one first does it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep

from holdspace.access.actor import Actor
from holdspace.people.rules import TRIAL
from holdspace.proof.promise import Broken, NotTried
from holdspace.room.models import DraftRun
from holdspace.room.rules import DONE, FAILED, QUEUED
from holdspace.workflows.consent_taken_back import start_keeper
from holdspace.workflows.live_session import start_listener
from holdspace.workflows.session_to_draft import work

LOOK_EVERY_S = 0.05
LONGEST_S = 120.0
BUSY_PER_CORE = 1.5
NOT_HERE = frozenset({"weights-missing", "weights-damaged", "switched-off"})


def demand_quick(is_quick: object, seen: str) -> None:
    """Raise Broken where something took too long; NotTried where this machine is busy with other things just now."""
    if is_quick:
        return
    others = os.getloadavg()[0]
    if others > BUSY_PER_CORE * (os.cpu_count() or 1):
        raise NotTried(
            f"{seen} But this machine has {others:.0f} things to do at once just now.",
            then="Run the proof again when nothing else runs, or on a quicker machine.",
        )
    raise Broken(seen)


@contextmanager
def threads_beside() -> Iterator[None]:
    """The threads a server has that hear and that carry out what was taken back."""
    stop = Event()
    threads = [start_listener(stop), start_keeper(stop)]
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)


def until(happened: Callable[[], bool], *, within_s: float = LONGEST_S) -> bool:
    """Wait for it; whether it happened in time."""
    end = monotonic() + within_s
    while not happened():
        if monotonic() >= end:
            return False
        sleep(LOOK_EVERY_S)
    return True


def work_on(session_id: int) -> DraftRun:
    """Do the session's run, or wait for whoever does. NotTried where a model is missing, Broken where it fails."""
    run = DraftRun.objects.filter(session_id=session_id).latest("made_at")

    def is_over() -> bool:
        run.refresh_from_db()
        if run.state == QUEUED:
            work.call(Actor.worker(TRIAL).practice_id, run.pk)
            run.refresh_from_db()
        return run.state in (DONE, FAILED)

    if not until(is_over):
        raise Broken("The draft of the trial was not made within two minutes.")
    if run.error_code in NOT_HERE:
        raise NotTried(run.error_what, then=run.error_then)
    if run.state == FAILED:
        raise Broken(f"The trial's draft failed: {run.error_code}.")
    return run
