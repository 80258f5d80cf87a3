"""`holdspace key`: change the passphrase, make a recovery key, open the practice by one."""

import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdspace.cli.practice import asked_passphrase, start_django
from holdspace.cli.progress import shown_progress
from holdspace.cli.serve import unlock
from holdspace.errors import BadInput, NotReady

if TYPE_CHECKING:
    from holdspace.access.actor import Actor
    from holdspace.people.models import Practice

app = typer.Typer(no_args_is_help=True, add_completion=False)
OnOff = Annotated[str, typer.Argument(metavar="ON|OFF", help="`on` or `off`.")]
FromFile = Annotated[Path | None, typer.Option(help="Read it from the first line of this file.")]


@app.callback()
def key() -> None:
    """The passphrase of the practice, its recovery key, and what else opens it."""


@app.command()
def change(*, new_file: FromFile = None) -> None:
    """Change the passphrase. The old one opens nothing from then on."""
    passphrase = _open()
    from holdspace.people.actions import change_passphrase  # noqa: PLC0415  # models need a started Django

    for actor, practice in _practices():
        change_passphrase(actor, practice, old=passphrase, new=_new(new_file))
    sys.stdout.write("The passphrase is changed. The old one opens nothing from now on.\n")


@app.command()
def recovery() -> None:
    """Make a recovery key for paper and show it once. An older one opens nothing from then on."""
    passphrase = _open()
    from holdspace.people.actions import make_recovery_key  # noqa: PLC0415  # models need a started Django

    for actor, practice in _practices():
        sys.stdout.write(make_recovery_key(actor, practice, passphrase=passphrase) + "\n")
    sys.stderr.write("It is kept nowhere. Write it down now, and keep it away from this machine.\n")


@app.command()
def recover(*, key_file: FromFile = None, new_file: FromFile = None) -> None:
    """Set a new passphrase with the recovery key."""
    start_django()
    from holdspace.people.opening import recover as recover_practice  # noqa: PLC0415  # likewise

    typed = _line(key_file) if key_file else _asked("Recovery key: ")
    recover_practice(typed, _new(new_file))
    sys.stdout.write("The practice opens with the new passphrase from now on.\n")


@app.command()
def rotate(
    *,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Leave a rotation that was begun and has not changed the key.")
    ] = False,
) -> None:
    """Give the practice a new key; the old one opens nothing from then on. Goes on with what was begun before."""
    passphrase = _open()
    from holdspace.people import opening, rotating  # noqa: PLC0415  # models need a started Django
    from holdspace.people.actions import give_rotation_up  # noqa: PLC0415  # likewise

    for actor, practice in _practices():
        if give_up:
            give_rotation_up(actor, practice)
            sys.stdout.write("The rotation is given up. Everything opens as before.\n")
            return
        had_recovery = opening.has_recovery()
        if not rotating.is_begun():
            rotating.begin(actor, practice, passphrase=passphrase)
        with shown_progress() as tell:
            rotating.carry_out(tell)
        sys.stdout.write("The practice has a new key. The passphrase is as before.\n")
        if had_recovery:
            sys.stdout.write(
                "The old recovery key opens nothing now: `holdspace key recovery` makes a new one.\n"
            )


@app.command()
def unattended(state: OnOff) -> None:
    """Let this system's keyring open the practice at a start (on), or no longer (off)."""
    _switch("keyring", state)


@app.command()
def kms(state: OnOff) -> None:
    """Let the key service of HOLDSPACE_KMS_URL open the practice at a start (on), or no longer (off)."""
    _switch("kms", state)


def _switch(by: str, state: str) -> None:
    if state not in ("on", "off"):
        raise BadInput("It is either on or off.")
    _open()
    from holdspace.people.actions import switch_unattended  # noqa: PLC0415  # models need a started Django

    for actor, practice in _practices():
        switch_unattended(actor, practice, by=by, is_on=state == "on")
    says = "opens by itself at a start" if state == "on" else "opens to its passphrase alone"
    sys.stdout.write(f"The practice {says}.\n")


def _practices() -> list[tuple["Actor", "Practice"]]:
    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people.opening import practices  # noqa: PLC0415  # likewise

    return [(Actor.command_line(practice.pk), practice) for practice in practices()]


def _open() -> str:
    start_django()
    passphrase = asked_passphrase()
    unlock(passphrase)
    return passphrase


def _new(path: Path | None) -> str:
    if path is not None:
        return _line(path)
    typed = _asked("New passphrase: ")
    if typed != _asked("The new passphrase once more: "):
        raise BadInput("The two passphrases differ.")
    return typed


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise NotReady("Nobody is here to be asked.", then="Name a file instead: see --help.")
    return getpass(question)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise NotReady("The file cannot be read.", then="It needs one line of text.") from None
