"""`holdspace worker`: hears and drafts as a process of its own; as many as the machine carries, on one database."""

import signal
from threading import Event
from typing import Annotated

import typer

from holdspace.cli.enclosing import shut_in
from holdspace.cli.practice import passphrase_unless_opened, start_django
from holdspace.cli.serve import unlock
from holdspace.outbound import gateway


def command(
    *, once: Annotated[bool, typer.Option("--once", help="Do what waits now, then stop.")] = False
) -> None:
    """Do what waits, until stopped. A run this leaves half done is taken up again by another."""
    start_django()
    passphrase = passphrase_unless_opened()
    shut_in()
    if passphrase is not None:
        unlock(passphrase)
    from holdspace.assist.doorway import stop_hearing, stop_wording  # noqa: PLC0415  # models need a started Django
    from holdspace.workflows.nightly import start_nights  # noqa: PLC0415  # likewise
    from holdspace.workflows.worker import work_until  # noqa: PLC0415  # likewise

    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if not once:
        start_nights(stop)
    try:
        work_until(stop, only_once=once)
    finally:
        stop_hearing()
        stop_wording()
        gateway.end()
