"""`holdspace member`: who works here, and a joining code for whoever cannot come in any more.

Whoever holds the passphrase and the machine may do this: it is the way back for an owner who lost her password.
"""

import sys
from typing import Annotated

import typer

from holdspace.cli.practice import asked_passphrase, start_django
from holdspace.cli.serve import unlock
from holdspace.errors import BadInput

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def member() -> None:
    """Who works here, and how they come in again."""


@app.command("list")
def list_() -> None:
    """Everyone who works here: sign-in name, role, name."""
    _open()
    from holdspace.people.models import User  # noqa: PLC0415  # models need a started Django

    for user in User.objects.order_by("username"):
        closed = "" if user.is_active else "  (access closed)"
        sys.stdout.write(f"{user.username:20} {user.role:12} {user.name}{closed}\n")


@app.command()
def code(username: Annotated[str, typer.Argument(help="The sign-in name.")]) -> None:
    """Make a joining code: with it they set a new password and a new second factor, once, within three days."""
    _open()
    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people.actions import invite_user  # noqa: PLC0415  # likewise
    from holdspace.people.models import User  # noqa: PLC0415  # likewise

    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise BadInput("Nobody signs in by that name.", then="`holdspace member list` shows who does.")
    sys.stdout.write(invite_user(Actor.command_line(user.practice_id), user) + "\n")
    sys.stderr.write("It is shown this once. It is typed at /join/ on the sign-in page's address.\n")


def _open() -> None:
    start_django()
    unlock(asked_passphrase())
