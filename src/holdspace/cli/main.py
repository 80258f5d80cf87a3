"""The command `holdspace`: one table of commands, each loaded only when it is asked for.

Engines take seconds to import; `holdspace --help` must not. So the table names modules, and
the one summary line a command needs for the help. An error of ours ends as a message and its exit code.
"""

import importlib
import sys
from dataclasses import dataclass

import typer
from typer._click import (  # typer carries its own click and re-exports no types
    Command,
    Context,
    HelpFormatter,
)
from typer.core import TyperGroup
from typer.main import get_command as built

from holdspace.errors import HoldspaceError


@dataclass(frozen=True, slots=True)
class Listed:
    """A command: the module of `cli` that holds it, and what it does in one line."""

    module: str
    summary: str


COMMANDS = {
    "demo": Listed("demo", "See a session become a note: an invented practice, heard, drafted and served."),
    "serve": Listed("serve", "Start your practice in the browser; the first page sets it up."),
    "worker": Listed("worker", "Work off drafts in the background, beside a server."),
    "transcribe": Listed("transcribe", "Write down a recording: who said what."),
    "draft": Listed("draft", "Draft a note from a session, on this machine."),
    "eval": Listed("evaluate", "Measure drafts against sessions with gold facts."),
    "models": Listed("models", "List, fetch and check model weights."),
    "doctor": Listed("doctor", "Say what is installed, what is missing, what to do."),
}


class Loading(TyperGroup):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, _ctx: Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: Context, cmd_name: str) -> Command | None:
        """The command itself, or None for a name nobody knows."""
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        module = importlib.import_module(f"holdspace.cli.{listed.module}")
        return built(module.app) if hasattr(module, "app") else _single(cmd_name, module.command)

    def format_commands(self, _ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])


def _single(name: str, command: object) -> Command:
    alone = typer.Typer(add_completion=False)
    alone.command(name)(command)  # type: ignore[type-var]
    return built(alone)


app = typer.Typer(cls=Loading, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback(no_args_is_help=True)
def holdspace() -> None:
    """Evidence-first notes and the business of therapy, on your own machine."""


def main() -> None:
    """Run one command; an error of ours becomes a message on stderr and its exit code."""
    try:
        app()
    except HoldspaceError as error:
        sys.stderr.write(f"\nholdspace: {error}  [{error.code}]\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
