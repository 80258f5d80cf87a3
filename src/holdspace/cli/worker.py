"""`holdspace worker`: hears and drafts as a process of its own; as many as the machine carries, on one database."""

import signal
from threading import Event
from typing import Annotated

import typer

from holdspace.cli.practice import asked_passphrase, start_django
from holdspace.cli.serve import unlock


def command(
    *, once: Annotated[bool, typer.Option("--once", help="Do what waits now, then stop.")] = False
) -> None:
    """Do what waits, until stopped. A run this leaves half done is taken up again by another."""
    start_django()
    unlock(asked_passphrase())
    from holdspace.workflows.worker import work_until  # noqa: PLC0415  # models need a started Django

    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    work_until(stop, only_once=once)
