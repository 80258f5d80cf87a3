"""`holdspace demo`: an invented practice in a fresh folder; a session is heard, drafted, and waits for review."""
# ruff: noqa: PLC0415  # everything of the practice needs a started Django, and Django needs the fresh folder first

import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from holdspace.cli.progress import Tell, shown_progress
from holdspace.engines.note import Draft
from holdspace.weights.store import default_root

if TYPE_CHECKING:
    from holdspace.room.models import DraftRun

MAKING = "An encrypted practice with invented people"
HOST, PORT = "127.0.0.1", 8700


def command(
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the draft is printed.")] = False,
    folder: Annotated[Path | None, typer.Option(help="A folder that does not exist yet.")] = None,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = PORT,
) -> None:
    """Show what Holdspace does, with invented people, on this machine alone."""
    fresh = folder or default_root().parent / "demo" / f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if fresh.exists() and any(fresh.iterdir()):
        raise typer.BadParameter("That folder is not empty.")
    os.environ["HOLDSPACE_HOME"] = str(fresh)
    os.environ.pop("DATABASE_URL", None)  # invented people have no business in a real database

    from holdspace.cli.practice import start_django

    start_django()
    from holdspace.cli.enclosing import shut_in
    from holdspace.cli.serve import serve
    from holdspace.outbound.listening import bound

    listening = None if no_serve else bound(HOST, port)
    shut_in()
    password, passphrase = _words(), _words()
    username = _show(password, passphrase)
    sys.stdout.write(
        f"\nThe practice is in {fresh}\n"
        f"  address     http://localhost:{port}/\n"
        f"  user        {username}\n"
        f"  password    {password}\n"
        f"  passphrase  {passphrase}   (opens the records after a restart)\n"
    )
    sys.stdout.flush()
    if listening is None:
        return
    sys.stdout.write("Serving. The session waits under Today. Stop with Ctrl+C.\n")
    sys.stdout.flush()
    serve(listening)


def _show(password: str, passphrase: str) -> str:
    """Make the practice, hear its session, print its draft; gives the user's name."""
    from holdspace.cli.demo_practice import make, sample_recording
    from holdspace.cli.draft import printed
    from holdspace.room.actions.sessions import accept_audio, request_draft

    timed: dict[str, float] = {}
    with shown_progress() as tell:
        began = perf_counter()
        tell(MAKING, 0.1)
        made = make(password=password, passphrase=passphrase)
        tell(MAKING, 1.0)
        timed["practice"] = perf_counter() - began
        timed["hearing"], _ = _worked(accept_audio(made.actor, made.session, data=sample_recording()), tell)
        asked = request_draft(made.actor, made.session, note_format=made.note_format)
        timed["draft"], draft = _worked(asked, tell)
    if draft is not None:
        sys.stdout.write(printed(draft))
    sys.stdout.write("\n" + " · ".join(f"{step} {seconds:.1f} s" for step, seconds in timed.items()) + "\n")
    return made.username


def _worked(waiting: "DraftRun", tell: Tell) -> "tuple[float, Draft | None]":
    """Do a run here and now, as the worker would; how long it took, and the draft if it made one."""
    from holdspace.access.actor import Actor
    from holdspace.room.actions.runs import claim_run, finish_run
    from holdspace.workflows.session_to_draft import do

    began = perf_counter()
    actor = Actor.worker(waiting.whereabouts().practice_id)
    claim_run(actor, waiting)
    draft = do(actor, waiting, tell)
    finish_run(actor, waiting)
    return perf_counter() - began, draft


def _words() -> str:
    """Something random that can be typed: five groups of four letters, 90 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))
