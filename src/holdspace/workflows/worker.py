"""Does what waits, until told to stop: a thread while serving, a process of its own with `holdspace worker`."""

import secrets
from threading import Event, Thread
from time import monotonic

from django_tasks_db.management.commands.db_worker import Worker

from holdspace.access.actor import Actor
from holdspace.audit import heads
from holdspace.audit.log import event_log
from holdspace.errors import LogBroken
from holdspace.outside.door import tell_gateway
from holdspace.people.models import Practice
from holdspace.workflows.passing import one_round
from holdspace.workflows.session_to_draft import ANYWHERE, HERE, clear_away, pick_up

log = event_log("worker")

IDLE_S = 0.5
HEAD_EVERY_S = 3600
"""The log's head goes to a file beside the database this often, and once at the start."""


def work_until(stop: Event, *, only_once: bool = False) -> None:
    """Pick up and do what waits, and pin the log. While the practice is locked, wait for its key."""
    is_clear, pinned_at = False, float("-inf")

    def a_round() -> None:
        nonlocal is_clear, pinned_at
        if not is_clear:
            clear_away()
            is_clear = True
        if monotonic() - pinned_at >= HEAD_EVERY_S:
            pinned_at = monotonic()
            _pin()
        _round()

    while not stop.is_set():
        one_round(a_round, log)
        if only_once:
            return
        stop.wait(IDLE_S)


def start_thread(stop: Event) -> Thread:
    """Work beside the web server, so that one process is enough for one practice."""
    thread = Thread(target=work_until, args=(stop,), name="holdspace-worker", daemon=True)
    thread.start()
    return thread


def _pin() -> None:
    try:
        heads.keep()
    except LogBroken as error:  # said where she looks at the log; the work goes on
        log("log.broken", code=error.code)


def _round() -> None:
    for actor in map(Actor.worker, Practice.objects.values_list("pk", flat=True)):
        tell_gateway(actor)
    pick_up()
    Worker(
        queue_names=[ANYWHERE, HERE],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(16),
        excluded_queue_names=[],
    ).run()
