"""How far a run is: told by the worker several times a second, written at most twice, read by the page's poll.

Not an action: it changes nothing of the record, and an audit entry every half second would drown the others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from holdspace.room.models import DraftRun
from holdspace.room.rules import AT_WORK, QUEUED
from holdspace.room.waiting_audio import PLACE

Tell = Callable[[str, float], None]

EVERY_S = 0.5
BEAT_S = 5.0


def teller(run_id: int) -> Tell:
    """A function for an engine's progress: the step in plain words, and how much of it is done (0 to 1)."""
    said: dict[str, float] = {}

    def tell(step: str, fraction: float) -> None:
        now = monotonic()
        if now - said.get(step, 0.0) < EVERY_S and fraction < 1.0:
            return
        said[step] = now
        DraftRun.objects.filter(pk=run_id, state__in=AT_WORK).update(
            step=step[:80], fraction=min(1.0, max(0.0, fraction)), heartbeat_at=timezone.now()
        )

    return tell


@contextmanager
def beating(run_id: int) -> Iterator[None]:
    """While inside, the run and the recordings waiting here show that their process lives.

    A thread, because an engine may work longer on one sentence than a silence may last.
    """
    stop = Event()
    thread = Thread(target=_beat, args=(run_id, stop), name="holdspace-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def beat_once(run_id: int = 0) -> None:
    """Show that the process of these runs lives."""
    alive = Q(pk=run_id, state__in=AT_WORK) | Q(place=PLACE, state=QUEUED)
    DraftRun.objects.filter(alive).update(heartbeat_at=timezone.now())


def _beat(run_id: int, stop: Event) -> None:
    try:
        while not stop.wait(BEAT_S):
            try:
                beat_once(run_id)
            except DatabaseError:  # one beat missed; a silence is several
                continue
    finally:
        connection.close()
