"""`holdspace serve`: the practice on this machine. Locked until somebody gives the passphrase, here or on the page."""

import sys
from threading import Event
from typing import Annotated

import typer
import uvicorn

from holdspace.cli.enclosing import shut_in
from holdspace.cli.practice import given_passphrase, is_made, opened_unattended, start_django
from holdspace.outbound import gateway
from holdspace.outbound.listening import Listening, bound
from holdspace.vault.memory import guard_memory

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
    listening = bound(host, port)
    if passphrase is None and is_made(folder):
        opened_unattended()  # before: the system's keyring is another program
    shut_in()
    if passphrase is not None and is_made(folder):
        unlock(passphrase)
    shown = "localhost" if host == HERE_ONLY else host  # a passkey needs a name, not a number
    sys.stdout.write(f"Holdspace answers at http://{shown}:{port}/ — stop it with Ctrl+C.\n")
    sys.stdout.flush()
    serve(listening)


def unlock(passphrase: str) -> None:
    """Open the practice. Django must be started."""
    from holdspace.people.opening import unlock as open_practice  # noqa: PLC0415  # models need a started Django

    open_practice(passphrase)


def serve(listening: Listening) -> None:
    """Serve on this port, with a worker and a listener beside, until stopped. The process should be shut in by now."""
    guard_memory()
    from holdspace.assist.doorway import stop_hearing, stop_wording  # noqa: PLC0415  # likewise
    from holdspace.proof.prover import start_prover  # noqa: PLC0415  # likewise
    from holdspace.web.asgi import application  # noqa: PLC0415  # needs a started Django
    from holdspace.web.server import options  # noqa: PLC0415  # likewise
    from holdspace.workflows.consent_taken_back import start_keeper  # noqa: PLC0415  # likewise
    from holdspace.workflows.live_session import start_listener  # noqa: PLC0415  # likewise
    from holdspace.workflows.nightly import start_nights  # noqa: PLC0415  # likewise
    from holdspace.workflows.worker import start_thread  # noqa: PLC0415  # likewise

    stop = Event()
    threads = [
        start_thread(stop),
        start_listener(stop),
        start_keeper(stop),
        start_nights(stop),
        start_prover(stop),
    ]
    try:
        uvicorn.Server(uvicorn.Config(application, **options())).run(sockets=[listening])
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
        stop_hearing()
        stop_wording()
        gateway.end()
