"""`make docs`: writes the reference pages that follow from the code. A wall test checks that they are
current.

commands.md from the command line itself, configuration.md from `web/config.py`, permissions.md from the
policy table, errors.md from the tree of errors, limits.md from `web/limits.py`, promises.md from `proof/promises`, security.md from `docs/asvs.toml`,
api.json from the views, ../how-to/when-something-is-wrong.md from `chart/incident.toml`.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import django
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from docs.api import described
from docs.limits import limits
from docs.promises import promises
from docs.security import security, when_wrong
from holdspace.access.policy import IN_EMERGENCY, POLICY, WHILE_LOCKED
from holdspace.cli.main import COMMANDS
from holdspace.errors import HoldspaceError
from holdspace.web.config import KNOWN

SOURCE = Path(__file__).parents[1] / "src" / "holdspace"
REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Written by `make docs`; edit the code, not this page. -->"
# Names that other programs coined, so that they carry no HOLDSPACE_ in front.
SHARED_SETTINGS = {
    "DATABASE_URL": "address of a PostgreSQL database; without it, an encrypted database in HOLDSPACE_HOME. To another machine the line is encrypted: without sslmode in the address the server has to be known (verify-full)",
    "LANGUAGE_MODEL": "the name by which the server of LANGUAGE_URL knows its model; by default `default`",
    "LANGUAGE_URL": "address of an OpenAI-compatible server that may propose wordings; unused until the page What may leave this machine allows it",
    "SPEECH_MODEL": "the name by which the server of SPEECH_URL knows its model; by default `whisper-1`",
    "SPEECH_URL": "address of an OpenAI-compatible transcription server that hears instead of this machine; what is said goes there",
    "XDG_DATA_HOME": "folder under which Holdspace keeps its own; by default `~/.local/share`",
}
SCOPES = {
    "all": "every record of the practice",
    "own": "records of her own clients",
    "team": "her own clients' and her supervisees'",
    "self": "what is of this person: her password, her second factors, her sign-ins",
    "–": "never",
    "\\*": "and, to read only, the record of a client she opened in an emergency, for an hour (break-glass)",
}


def commands() -> str:
    """Every command with its arguments and options, as the command line knows them."""
    parts = [
        "# Commands",
        MADE,
        "Every command prints its own help with `--help`. Exit codes: [errors](errors.md).",
    ]
    for name, command in _every_command():
        parts += [f"## {name}", (command.help or "").strip(), _parameters(command)]
    return _page(parts)


def configuration() -> str:
    """Every name read from the environment."""
    settings = {**KNOWN, **SHARED_SETTINGS}
    parts = [
        "# Configuration",
        MADE,
        "Read once, from the environment, when Holdspace starts. A `HOLDSPACE_` name that is not here is "
        "refused by "
        "name. What a person may change while working (switches, retention) is a setting in the app, not "
        "one of these.",
    ]
    for name in sorted(settings):
        text = settings[name]
        parts += [f"## {name}", f"{text[0].upper()}{text[1:]}."]
    return _page(parts)


def permissions() -> str:
    """The policy table: verb by role gives a scope."""
    roles = list(dict.fromkeys(role for _, role in POLICY))
    rows = [f"| `{verb}` | " + " | ".join(_scope(verb, role) for role in roles) + " |" for verb in _verbs()]
    return _page(
        [
            "# Permissions",
            MADE,
            "Every action passes one gate, which looks here: what is done, by whom, reaches how far. A "
            "missing record "
            "and a forbidden one look alike. Every row that was done or refused is in the audit log.",
            "\n".join(f"- **{scope}**: {meaning}" for scope, meaning in SCOPES.items()),
            "\n".join([_row(["verb", *roles]), _row(["---"] * (len(roles) + 1)), *rows]),
            "While a person's screen is locked only these go on, so that a session being heard is not lost: "
            + ", ".join(f"`{verb}`" for verb in sorted(WHILE_LOCKED))
            + ".",
        ]
    )


def errors() -> str:
    """Every error a person can meet, with its stable code and the exit code of the command line."""
    rows = [f"| `{error.code}` | {error.exit_code} | {_first_line(error)} |" for error in _every_error()]
    return _page(
        [
            "# Errors",
            MADE,
            "Each says what happened, what was kept and what to do next. The code is stable; none "
            "carries clinical "
            "content.",
            "\n".join(["| code | exit code | when |", "|---|---|---|", *rows]),
        ]
    )


PAGES: dict[str, Callable[[], str]] = {
    "../how-to/when-something-is-wrong.md": when_wrong,
    "api.json": described,
    "commands.md": commands,
    "configuration.md": configuration,
    "errors.md": errors,
    "limits.md": limits,
    "permissions.md": permissions,
    "promises.md": promises,
    "security.md": security,
}


def _every_command() -> Iterator[tuple[str, TyperCommand]]:
    for name, listed in sorted(COMMANDS.items()):
        module = import_module(listed.module)
        group: typer.Typer = getattr(module, "app", None) or typer.Typer(add_completion=False)
        if not hasattr(module, "app"):
            group.command(name)(module.command)
        yield from _walk(f"holdspace {name}", get_command(group))


def _walk(name: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for part, inner in sorted(command.commands.items()):
            yield from _walk(f"{name} {part}", inner)
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield name, command


def _parameters(command: TyperCommand) -> str:
    shown = [_parameter(parameter) for parameter in command.params if parameter.name != "help"]
    return "\n".join(["| argument or option | meaning |", "|---|---|", *shown]) if shown else ""


def _parameter(parameter: object) -> str:
    match parameter:
        case TyperOption(opts=opts, secondary_opts=others, default=default, help=text):
            written = "`, `".join([*opts, *others])
            told = f" (default `{default}`)" if isinstance(default, str | int) and default else ""
            return f"| `{written}` | {text or ''}{told} |"
        case TyperArgument(metavar=metavar, name=name, help=text):
            return f"| `{metavar or (name or '').upper()}` | {text or ''} |"
    raise TypeError(f"neither an argument nor an option: {parameter!r}")


def _verbs() -> list[str]:
    return list(dict.fromkeys(verb for verb, _ in POLICY))


def _scope(verb: str, role: str) -> str:
    scope = POLICY[verb, role]
    star = " \\*" if (verb, role) in IN_EMERGENCY else ""
    return "–" if scope == "-" else scope + star


def _every_error() -> list[type[HoldspaceError]]:
    """The whole tree, whichever file a branch grows in: those files are found by their words and imported."""
    for path in sorted(SOURCE.rglob("*.py")):
        if re.search(r'^    code = "', path.read_text(encoding="utf-8"), re.MULTILINE):
            import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
    found = {error for error in _below(HoldspaceError) if error.__module__.startswith("holdspace.")}
    return sorted(found, key=lambda error: (error.exit_code, error.code))


def _below(parent: type[HoldspaceError]) -> Iterator[type[HoldspaceError]]:
    for error in parent.__subclasses__():
        yield error
        yield from _below(error)


def _first_line(error: type[HoldspaceError]) -> str:
    return (error.__doc__ or "").strip().splitlines()[0]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _page(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> int:
    """Write every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdspace.web.settings")
    django.setup()
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
