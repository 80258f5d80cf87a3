"""Progress for every command: bars on a terminal, one line a step elsewhere, always on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Tell = Callable[[str, float], None]
"""Told the step in plain words, and how much of it is done (0 to 1)."""


@contextmanager
def shown_progress() -> Iterator[Tell]:
    """Show each step as it is told; a step is new when its words are."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield _bars(bars)


def _bars(bars: Progress) -> Tell:
    tasks: dict[str, TaskID] = {}

    def tell(step: str, fraction: float) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=1.0)
        bars.update(tasks[step], completed=fraction)

    return tell


def _lines() -> Tell:
    seen: set[str] = set()

    def tell(step: str, _fraction: float) -> None:
        if step not in seen:
            seen.add(step)
            sys.stderr.write(f"{step} …\n")
            sys.stderr.flush()

    return tell
