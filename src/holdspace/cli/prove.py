"""`holdspace prove`: every promise tried on this installation, now."""
# ruff: noqa: PLC0415  # everything of the practice needs a started Django

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO
from zoneinfo import ZoneInfo

import typer

from holdspace.cli.enclosing import shut_in
from holdspace.cli.practice import passphrase_unless_opened, start_django
from holdspace.cli.progress import shown_progress
from holdspace.cli.serve import unlock
from holdspace.errors import BadInput, HoldspaceError, NotReady
from holdspace.outbound import gateway
from holdspace.vault.memory import guard_memory

if TYPE_CHECKING:
    from holdspace.proof.listed import Listed
    from holdspace.proof.report import Report

KIND = 10
MARKS = {"kept": "✓", "broken": "✗", "not tried": "·", "not enforced": "!"}


class NotProven(HoldspaceError):
    """A promise was not kept, could not be tried, or is not enforced on this machine."""

    code = "not-proven"
    exit_code = 8


def command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Try this promise alone, by its code or number; may be given again."),
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the report as a PDF to hand out.")] = None,
    names: Annotated[bool, typer.Option("--list", help="List the promises; try nothing.")] = False,
) -> None:
    """Try every promise on this installation, now (exit code 0 only if all are kept)."""
    start_django()
    if names:
        _list(tuple(only or ()))
        return
    passphrase = passphrase_unless_opened()
    paper = _begun(pdf) if pdf is not None else None
    shut_in()  # as a server does, before anything begins a thread: nothing can be written elsewhere, and nobody asked
    from holdspace.proof.listed import chosen

    promises = chosen(tuple(only or ()))
    if passphrase is not None:
        unlock(passphrase)
    guard_memory()
    with suppress(OSError):
        os.nice(KIND)
    text = _proved(promises, is_whole=not only)
    report = _printed(text, as_json=as_json)
    if paper is not None:
        _write(paper, text)
        sys.stderr.write(f"Written: {pdf}\n")
    if report.kept < len(report.results):
        raise NotProven(
            f"{len(report.results) - report.kept} of {len(report.results)} promises were not kept here.",
            kept="Nothing of anybody\u2019s record was touched.",
            then="Each says what to do. docs/explanation/trust.md, \u201cWhat a red line means\u201d.",
        )


def _list(only: tuple[str, ...]) -> None:
    from holdspace.proof.listed import chosen

    sys.stdout.writelines(
        f"{one.promise.number:<5} {one.code:<36} {one.promise.says}\n" for one in chosen(only)
    )


def _proved(promises: "tuple[Listed, ...]", *, is_whole: bool) -> str:
    """Run them as a server would have them run: with what hears and what carries out consents beside."""
    from holdspace.access.actor import Actor
    from holdspace.assist.doorway import stop_hearing
    from holdspace.people.opening import practices
    from holdspace.proof.actions import ask_for_proof, begin_proof
    from holdspace.proof.prover import prove
    from holdspace.proof.work import threads_beside

    held = practices()
    if not held:
        raise NotReady("There is no practice here yet.", then="`holdspace serve` sets one up.")
    practice = held[0]
    actor = Actor.command_line(practice.pk)
    asked = ask_for_proof(actor, practice)
    begin_proof(actor, asked)
    try:
        with threads_beside(), shown_progress() as bars:
            return prove(
                actor, asked, promises, lambda _, done: bars("Trying promises", done), is_whole=is_whole
            ).report
    finally:
        stop_hearing()
        gateway.end()


def _printed(text: str, *, as_json: bool) -> "Report":
    from holdspace.proof.promise import GROUPS, WORDS
    from holdspace.proof.report import read

    report = read(text)
    if as_json:
        sys.stdout.write(text + "\n")
        return report
    for number, title in GROUPS.items():
        if results := report.group(number):
            sys.stdout.write(f"\n{title}\n")
        for result in results:
            sys.stdout.write(f"  {MARKS[result.state]} {result.number:<5} {result.says}\n")
            shown = [f"{WORDS[result.state]}."] if result.state != "kept" else []
            for line in (*shown, *result.seen):
                sys.stdout.write(f"          {line}\n")
            if result.then:
                sys.stdout.write(f"          → {result.then}\n")
    counts = ", ".join(f"{number} {words.lower()}" for words, number in report.counts.items())
    sys.stdout.write(f"\n{counts}. SHA-256 of the report: {report.sha256}\n")
    return report


def _begun(path: Path) -> BinaryIO:
    """The file of the PDF, open to be written when the run is over; what stands in it is kept until then."""
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    except OSError:
        raise BadInput(f"{path} cannot be written.", then="Name another file.") from None


def _write(paper: BinaryIO, text: str) -> None:
    from holdspace.people.opening import practices
    from holdspace.proof.paper import render_report_pdf

    with paper:
        paper.truncate()
        paper.write(render_report_pdf(text, zone=ZoneInfo(practices()[0].zone)))
