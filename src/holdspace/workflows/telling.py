"""How far a long run is, in the row its page polls: written in a thread of its own.

What runs may be silent for minutes, or read the database in one transaction, which may not write; and a silent row is
taken for that of a process that is gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

from django.db import close_old_connections
from django.db.models import QuerySet
from django.utils import timezone

from holdspace.workflows.passing import PASSING

Tell = Callable[[str, float], None]
EVERY_S = 0.5


@contextmanager
def telling(rows: QuerySet[Any], told: Tell) -> Iterator[Tell]:
    """Give what is told a step and how much is done (0 to 1); both go on to `told`, and to `rows` every half second.

    `rows` have a step, a fraction and a heartbeat_at; what they say is cut to the length their step has.
    """
    longest = rows.model._meta.get_field("step").max_length
    latest, over = ["", 0.0], Event()

    def tell(step: str, fraction: float) -> None:
        latest[:] = [step[:longest], fraction]
        told(step, fraction)

    def beat() -> None:
        while not over.wait(EVERY_S):
            with suppress(*PASSING):
                rows.update(step=latest[0], fraction=latest[1], heartbeat_at=timezone.now())
            close_old_connections()

    thread = Thread(target=beat, name="holdspace-beat", daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()
