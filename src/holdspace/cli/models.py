"""`holdspace models`: what model files there are, fetching them, checking that they are the right ones."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from holdspace.cli.progress import shown_progress
from holdspace.errors import NotReady, WeightsDamaged
from holdspace.outbound.door import Door
from holdspace.outbound.http import stream
from holdspace.weights.catalogue import hub
from holdspace.weights.store import Entry, Store, default_root

app = typer.Typer(help="The model files Holdspace uses: list, fetch, check.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Names as `holdspace models list` shows them.")]


@app.command("list")
def list_models() -> None:
    """Every model Holdspace knows: whether it is here, its size, licence and purpose."""
    store = Store(default_root())
    table = Table("model", "here", "size", "licence", "purpose", box=None, pad_edge=False)
    for entry in store.entries:
        here = "yes" if store.present(entry.name) else "no"
        table.add_row(entry.name, here, megabytes(entry.size), entry.licence, _purpose(entry))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    sys.stdout.write(f"\nThey are kept in {store.root}\n")


@app.command()
def pull(
    names: Names = None,
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--from", exists=True, file_okay=False, help="Take the files from this folder."),
    ] = None,
) -> None:
    """Fetch models (without names: the ones every installation needs). Nothing present is fetched again."""
    store = Store(default_root())
    wanted = names or [entry.name for entry in store.entries if entry.default]
    for name in wanted:
        store.entry(name)
    with shown_progress() as progress:
        for name in wanted:
            store.pull(name, progress, folder=folder, fetch=_from_hub)
    sys.stdout.write(f"Ready: {', '.join(wanted)}\n")


@app.command()
def verify(names: Names = None) -> None:
    """Hash models anew (without names: all that are here) and say which are not what they should be."""
    store = Store(default_root())
    wanted = names or [entry.name for entry in store.entries if store.present(entry.name)]
    bad = [name for name in wanted if not _is_right(store, name)]
    if bad:
        raise WeightsDamaged(
            f"Not what they should be: {', '.join(bad)}.",
            then=f"Run `holdspace models pull {' '.join(bad)}`.",
        )


def megabytes(size: int) -> str:
    """A size as people say it."""
    return f"{size / 1e6:,.0f} MB"


def _from_hub(path: str) -> Iterator[bytes]:
    """The last source tried: through the door, to the hub and the hosts it redirects to."""
    return stream(Door(frozenset(hub().hosts)), hub().address + path)


def _is_right(store: Store, name: str) -> bool:
    try:
        store.verify(name)
    except NotReady as error:
        sys.stdout.write(f"{name}: {error.what}\n")
        return False
    sys.stdout.write(f"{name}: right\n")
    return True


def _purpose(entry: Entry) -> str:
    return f"{entry.purpose} (needed)" if entry.default else entry.purpose
