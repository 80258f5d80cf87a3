"""`holdspace eval DIR`: draft every gold session of a folder and print how near each draft comes."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from holdspace.cli.draft import draft_session, loaded_parser, phraser_for
from holdspace.cli.measure import Measured, gold_sessions, measure, pick_author
from holdspace.engines.drafting.format import load_format
from holdspace.engines.drafting.session_file import read_session
from holdspace.errors import NotASession

COLUMNS = "session,critical,major,minor,forbid,numbers,no ev.,jottings,words,usual,leaks,author,asks,seconds"


def command(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder of gold sessions.")],
    *,
    language: Annotated[str, typer.Option(help="none, builtin, or the address of a server.")] = "none",
    long: Annotated[
        bool, typer.Option("--long", help="Name what was missed and what was forbidden.")
    ] = False,
) -> None:
    """Measure drafts against gold sessions: recall, inventions, jottings, length, voice."""
    rows = evaluate(folder, language=language)
    sys.stdout.write(table(rows))
    if long:
        sys.stdout.writelines(
            f"{row.name}\n" + "".join(f"  {line}\n" for line in _details(row)) for row in rows
        )


def evaluate(folder: Path, *, language: str = "none") -> list[Measured]:
    """Draft and measure every gold session in a folder. Raises NotASession when it holds none."""
    sessions = gold_sessions(folder)
    if not sessions:
        raise NotASession("There is no session with gold facts in that folder.")
    parser = loaded_parser()
    phraser = phraser_for(language, parser)
    rows, notes, samples = [], [], []
    for path, document in sessions:
        given = read_session(path.read_bytes(), path.name)
        began = perf_counter()
        made = draft_session(given, load_format(given.note_format), phraser, parser)
        rows.append(measure(document, made, seconds=perf_counter() - began))
        notes.append(" ".join(s.text for section in made.sections for s in section.sentences))
        samples.append(document["voice_samples"])
    return [replace(row, is_right_author=pick_author(notes[n], samples) == n) for n, row in enumerate(rows)]


def table(rows: Sequence[Measured]) -> str:
    """One line a session and one in total, aligned for reading."""
    lines = [COLUMNS.split(","), *(_cells(row) for row in rows), _totals(rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + "\n"
        for line in lines
    )


def _cells(row: Measured) -> list[str]:
    recalls = [_share(*row.recall[rank]) for rank in ("critical", "major", "minor")]
    return [
        row.name,
        *recalls,
        str(len(row.forbidden)),
        str(len(row.unsupported_numbers)),
        str(row.without_evidence),
        f"{row.jottings_kept:.2f}",
        str(row.words),
        f"{row.usual_words} ({row.words / max(1, row.usual_words):.1f})",
        str(row.off_record_leaks),
        "yes" if row.is_right_author else "no",
        str(row.questions),
        f"{row.seconds:.1f}",
    ]


def _totals(rows: Sequence[Measured]) -> list[str]:
    ranks = ("critical", "major", "minor")
    recalls = [_share(sum(r.recall[k][0] for r in rows), sum(r.recall[k][1] for r in rows)) for k in ranks]
    ratios = [row.words / max(1, row.usual_words) for row in rows]
    return [
        f"all {len(rows)}",
        *recalls,
        str(sum(len(r.forbidden) for r in rows)),
        str(sum(len(r.unsupported_numbers) for r in rows)),
        str(sum(r.without_evidence for r in rows)),
        f"{sum(r.jottings_kept for r in rows) / len(rows):.2f}",
        str(sum(r.words for r in rows)),
        f"({sum(ratios) / len(ratios):.1f})",
        str(sum(r.off_record_leaks for r in rows)),
        f"{sum(bool(r.is_right_author) for r in rows)}/{len(rows)}",
        str(sum(r.questions for r in rows)),
        f"{sum(r.seconds for r in rows):.1f}",
    ]


def _share(found: int, of: int) -> str:
    return f"{found / of:.2f}" if of else "-"


def _details(row: Measured) -> list[str]:
    return [
        *(f"missed {fact}" for fact in row.missed),
        *(f"FORBIDDEN {hit}" for hit in row.forbidden),
        *(f"number {number} is in nothing given" for number in row.unsupported_numbers),
    ]
