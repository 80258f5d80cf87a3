"""The command `holdspace`. Each sub-command is a file of its own, read only when it is called."""

import errno
import importlib
import os
import sys
from dataclasses import dataclass

import typer
from typer._click import Command, Context  # typer carries its own click and re-exports no types
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from holdspace.audit.log import keep_words_out_of_crashes
from holdspace.errors import HoldspaceError, NotReady


@dataclass(frozen=True, slots=True)
class Listed:
    """A sub-command: where it is, and its line in the list of commands."""

    module: str
    says: str


COMMANDS = {
    "demo": Listed(
        "holdspace.cli.demo", "An invented practice: one session heard, drafted, waiting for review."
    ),
    "serve": Listed("holdspace.cli.serve", "Serve the practice on this machine."),
    "worker": Listed("holdspace.cli.worker", "Hear and draft beside a server, as a process of its own."),
    "transcribe": Listed("holdspace.cli.transcribe", "Turn a recording into who said what."),
    "draft": Listed("holdspace.cli.draft", "Turn a session into a note that shows its evidence."),
    "eval": Listed("holdspace.cli.evaluate", "Measure drafts against gold sessions."),
    "models": Listed("holdspace.cli.models", "The model files: list, fetch, check."),
    "backup": Listed("holdspace.cli.backup", "Make a backup of the practice: one encrypted file."),
    "restore": Listed("holdspace.cli.restore", "Restore a practice from a backup, or try one."),
    "nightly": Listed(
        "holdspace.cli.nightly", "Do the night's work now: what is due is destroyed, a backup made."
    ),
    "audit": Listed("holdspace.cli.audit", "The log of who did what: check it, pin it on paper."),
    "key": Listed("holdspace.cli.key", "Passphrase, recovery key, rotation, unattended start."),
    "member": Listed("holdspace.cli.member", "Who works here; a joining code for whoever cannot come in."),
    "prove": Listed("holdspace.cli.prove", "Every promise, tried on this installation now."),
    "doctor": Listed("holdspace.cli.doctor", "What is installed, what is missing, what to do."),
}


class _Commands(TyperGroup):
    """Lists every command from the table above and imports the one that is called."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  # Click's signature
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        if ctx.resilient_parsing or _only_lists():
            return TyperCommand(cmd_name, help=listed.says)
        return _loaded(cmd_name, listed)


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def holdspace() -> None:
    """Evidence-first notes for therapists, on their own machine."""


def main() -> None:
    """Run a command. An error of ours becomes its words and its exit code; of anything else, its kind is said."""
    keep_words_out_of_crashes()
    try:
        app()
    except HoldspaceError as error:
        _say(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stderr.write("The disk is full. Nothing was changed. Free some space and try again.\n")
        sys.exit(6)


def _loaded(name: str, listed: Listed) -> Command:
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
    module = importlib.import_module(listed.module)
    if hasattr(module, "app"):
        command = get_command(module.app)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(module.command)
        command = get_command(single)
    command.name = name
    return command


def _only_lists() -> bool:
    return len(sys.argv) == 1 or sys.argv[1] in {"--help", "-h"}


def _say(error: HoldspaceError) -> None:
    parts = [error.what, "" if isinstance(error, NotReady) else error.kept, error.then]
    sys.stderr.write("\n".join(part for part in parts if part) + "\n")
