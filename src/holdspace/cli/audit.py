"""`holdspace audit`: check the log of who did what, and pin it outside the database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from holdspace.cli.practice import open_practice, start_django
from holdspace.cli.progress import shown_progress
from holdspace.errors import LogBroken, NotReady

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def audit() -> None:
    """The log of who did what."""


@app.command()
def verify(
    *,
    heads: Annotated[
        Path | None,
        typer.Option(help="A text file with heads you kept elsewhere: on paper, in a mail to yourself."),
    ] = None,
) -> None:
    """Read every entry and name what was changed, moved, taken out, cut off, added or forged."""
    _open()
    from holdspace.audit.check import check_log  # noqa: PLC0415  # models need a started Django
    from holdspace.audit.models import Entry  # noqa: PLC0415  # likewise

    lines = _lines(heads)
    entries = max(Entry.objects.count(), 1)
    with shown_progress() as tell:
        checked = check_log(lines, told=lambda done: tell("Reading the log", min(done / entries, 1.0)))
    for finding in checked.findings:
        where = (
            f"entry {finding.first}"
            if finding.first == finding.last
            else f"entries {finding.first} to {finding.last}"
        )
        sys.stdout.write(f"{finding.what}: {where}. {finding.says}\n")
    if not checked.is_whole:
        raise LogBroken(
            "The log is not as it was written.",
            kept="Nothing was changed by this check.",
            then="Keep this machine as it is, and open docs/explanation/trust.md, \u201cIf something is wrong\u201d.",
        )
    compared = f", and fits the {checked.heads} heads kept of it" if checked.heads else ""
    sys.stdout.write(f"The log is whole: {checked.entries:,} entries, each as it was written{compared}.\n")
    if not checked.heads:
        sys.stdout.write("No head of it is kept yet: `holdspace audit head` gives you one to keep.\n")


@app.command()
def head() -> None:
    """Print one line that pins the log up to now, and keep it beside the database. Copy it to paper or a mail."""
    _open()
    from holdspace.audit import heads  # noqa: PLC0415  # models need a started Django

    kept = heads.keep()
    if kept is None:
        raise NotReady("The log is empty.", then="There is nothing to pin yet.")
    sys.stdout.write(kept.line + "\n")


def _open() -> None:
    start_django()
    open_practice()


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NotReady(
            "The file of heads cannot be read.", then="Give a text file, a head on each line."
        ) from None
