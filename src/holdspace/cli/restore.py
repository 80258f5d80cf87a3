"""`holdspace restore`: bring a practice back into an empty folder, or prove that a backup would do so."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdspace.cli.practice import asked_passphrase, is_made, start_django
from holdspace.cli.progress import shown_progress
from holdspace.errors import BadInput, HoldspaceError, NotReady

if TYPE_CHECKING:
    from holdspace.vault.tombstones import Listed
    from holdspace.workflows.backups import Tried

LIST = "destroyed.txt"


def command(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    *,
    drill: Annotated[
        bool,
        typer.Option(
            "--drill", help="Only try it: restore where nothing is touched, open everything, forget it."
        ),
    ] = False,
    destroyed: Annotated[
        Path | None,
        typer.Option("--list", help=f"The list of what was destroyed; by default {LIST} beside the backup."),
    ] = None,
    list_as_it_is: Annotated[
        bool,
        typer.Option(
            "--list-as-it-is",
            help="Restore though the list is older than the backup, cut short or edited: "
            "the lines this practice wrote are applied.",
        ),
    ] = False,
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Restore without that list. What it names would come back.")
    ] = False,
) -> None:
    """Restore a practice into an empty folder. The passphrase, or the recovery key, of the backup's day opens it."""
    if drill and (destroyed or list_as_it_is or no_list):
        raise BadInput(
            "A trial restores with the list beside the backup, so --drill takes no other choice of a list.",
            then=f"Leave it out, or put the list you mean beside the backup as {LIST}: the trial says how far it goes.",
        )
    folder = start_django()
    words = asked_passphrase()
    from holdspace.vault.restore import key_in  # noqa: PLC0415  # models need a started Django

    key = key_in(file, words)
    if drill:
        _try(file, key, words, folder)
        return
    listed = None if no_list else destroyed or file.with_name(LIST)
    if listed is not None and not listed.is_file():
        raise NotReady(
            "The list of what was destroyed is not beside this backup.",
            then=f"Give it with --list: it is called {LIST} and lies with your other backups and in the practice’s "
            "old folder. If there is none any more, say --no-list: what was destroyed since would be readable again.",
        )
    _restore(file, key, listed, as_it_is=list_as_it_is)


def _restore(file: Path, key: bytes, listed: Path | None, *, as_it_is: bool) -> None:
    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people.opening import practices  # noqa: PLC0415  # likewise
    from holdspace.safekeeping.actions import restored  # noqa: PLC0415  # likewise
    from holdspace.vault.restore import restore  # noqa: PLC0415  # likewise

    with shown_progress() as tell:
        found = restore(file, key, destroyed=listed, list_as_it_is=as_it_is, told=tell)
    for practice in practices():
        restored(Actor.command_line(practice.pk), practice)
    sys.stdout.write(
        f"The practice is back as it was on {found.at:%Y-%m-%d %H:%M} UTC: "
        f"{found.clients:,} clients, {found.rows:,} rows.\n{_said_of_list(found.listed)}\n"
    )
    if found.left_out:
        sys.stdout.write(f"{found.left_out} records that were destroyed since stay destroyed.\n")
    sys.stdout.write("What was heard in sessions is not in backups. Drafts are; look at them and sign.\n")


def _said_of_list(listed: "Listed | None") -> str:
    from holdspace.vault.tombstones import as_said  # noqa: PLC0415  # models need a started Django

    if listed is None:
        return "It was restored without the list of what was destroyed: what was destroyed since is readable again."
    if listed.until is None:
        return (
            "The list of what was destroyed is not whole: the lines that this practice wrote were applied "
            f"({len(listed.tombstones)})."
        )
    return (
        f"The list of what was destroyed goes to {as_said(listed.until)}. "
        "What was destroyed after that is readable again."
    )


def _try(file: Path, key: bytes, words: str, folder: Path) -> None:
    from holdspace.workflows.backups import tried  # noqa: PLC0415  # models need a started Django

    with shown_progress() as tell:
        found = tried(file, key, tell)
    sys.stdout.write(
        f"This backup opens, is whole and complete: {found.clients:,} clients, {found.rows:,} rows, "
        f"{found.opened:,} sealed values opened, the log whole. It is of {found.at:%Y-%m-%d %H:%M} UTC.\n"
        + _said_in_trial(found)
    )
    if is_made(folder):
        _keep(found, file, words)


def _said_in_trial(found: "Tried") -> str:
    from holdspace.vault.tombstones import as_said  # noqa: PLC0415  # models need a started Django

    if found.list_until is None:
        return f"No whole list of what was destroyed ({LIST}) is beside it: a restore would ask for one.\n"
    said = f"The list of what was destroyed goes to {as_said(found.list_until)}"
    too_old = ", before the backup was made: a restore would ask for a newer one"
    return f"{said}{too_old if found.list_until < found.at else ''}.\n"


def _keep(found: "Tried", file: Path, words: str) -> None:
    """A dated record of the trial in the practice of this folder, where the same words open it."""
    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people import opening  # noqa: PLC0415  # likewise
    from holdspace.safekeeping.actions import keep_trial  # noqa: PLC0415  # likewise

    try:
        opening.unlock(words)
    except HoldspaceError:
        sys.stderr.write("The practice in this folder opens to other words; the trial is not noted there.\n")
        return
    for practice in opening.practices():
        keep_trial(
            Actor.command_line(practice.pk),
            practice,
            file=found.file,
            backup_of=found.at,
            rows=found.rows,
            clients=found.clients,
            size=file.stat().st_size,
        )
