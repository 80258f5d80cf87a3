"""`holdspace serve`: the practice on this machine. Locked until somebody gives the passphrase, here or on the page."""

import sys
from threading import Event
from typing import Annotated

import typer
import uvicorn

from holdspace.cli.practice import given_passphrase, is_made, start_django
from holdspace.vault.memory import keep_from_disk

HERE_ONLY = "127.0.0.1"


def command(
    *,
    host: Annotated[
        str, typer.Option(help="Where to listen. The default answers this machine only.")
    ] = HERE_ONLY,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8700,
) -> None:
    """Serve the practice. On first run a page sets it up."""
    folder = start_django()
    passphrase = given_passphrase()
    if passphrase is not None and is_made(folder):
        unlock(passphrase)
    sys.stdout.write(f"Holdspace answers at http://{host}:{port}/ — stop it with Ctrl+C.\n")
    sys.stdout.flush()
    serve(host, port)


def unlock(passphrase: str) -> None:
    """Open the practice. Django must be started."""
    from holdspace.people.opening import unlock as open_practice  # noqa: PLC0415  # models need a started Django

    open_practice(passphrase)


def serve(host: str, port: int) -> None:
    """Serve, with a worker and a listener beside, until stopped."""
    keep_from_disk()
    from holdspace.assist.doorway import stop_hearing  # noqa: PLC0415  # likewise
    from holdspace.web.asgi import application  # noqa: PLC0415  # needs a started Django
    from holdspace.workflows.consent_taken_back import start_keeper  # noqa: PLC0415  # likewise
    from holdspace.workflows.live_session import start_listener  # noqa: PLC0415  # likewise
    from holdspace.workflows.worker import start_thread  # noqa: PLC0415  # likewise

    stop = Event()
    threads = [start_thread(stop), start_listener(stop), start_keeper(stop)]
    try:
        uvicorn.run(
            application, host=host, port=port, log_level="warning", access_log=False, server_header=False
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
        stop_hearing()
