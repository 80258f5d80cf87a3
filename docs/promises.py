"""The page of promises: what each says, how it is tried and what to do where it is red, from the promises themselves."""

from itertools import groupby
from typing import TYPE_CHECKING

from holdspace.proof.promise import GROUPS, WORDS

if TYPE_CHECKING:
    from holdspace.proof.listed import Listed

MADE = "<!-- Written by `make docs`; edit the code, not this page. -->"
STATES = {
    "kept": "it was tried just now and held. Only this passes",
    "broken": "it was tried just now and did not hold",
    "not tried": "it could not be tried here now: a model is missing, something is switched off, or the machine was busy",
    "not enforced": "it was tried, and this machine does not enforce it",
}
FIELDS = {
    "version": "1; names and meanings do not change under it",
    "at": "when, with its offset from UTC",
    "installation": "a number that tells nothing, the program, the system, the database, the models by their SHA-256, the log's last entry and its seal",
    "all_kept": "true only for a run of all promises of which each was kept",
    "is_whole": "whether it was a run of all promises",
    "counts": "how many ended how",
    "groups": "the tests of the mission by their number",
    "promises": "each with `code`, `number`, `says`, `tried`, `state`, `seen` (sentences), `then` (what to do, empty where kept), `seconds`",
}


def promises() -> str:
    """Every promise, and the report's contract."""
    from holdspace.proof.listed import listed  # the promises need a started Django

    every = listed()
    parts = [
        "# Promises",
        MADE,
        f"The {len(every)} promises `holdspace prove` and the page *Promises* try, by the mission's tests. Each line below is the promise's own. What a red one means: "
        "[trust](../explanation/trust.md#what-a-red-line-means). A new one: [how](../how-to/add-a-promise.md).",
        "\n".join(f"- **{WORDS[state]}**: {means}." for state, means in STATES.items()),  # type: ignore[index]
        "Exit codes of the command: 0 when every promise that was asked for was kept, 8 when one was not, others as in [errors](errors.md).",
    ]
    for group, some in groupby(every, key=lambda one: one.promise.group):
        parts += [f"## {group}. {GROUPS[group]}", *map(_one, some)]
    rows = [f"| `{name}` | {means} |" for name, means in FIELDS.items()]
    parts += [
        "## The report as JSON",
        "`holdspace prove --json`, and *JSON* on the page. Nobody's name and no client is in it. The SHA-256 on the paper is of exactly this text.",
        "\n".join(["| field | holds |", "|---|---|", *rows]),
    ]
    return "\n\n".join(parts) + "\n"


def _one(one: "Listed") -> str:
    told = one.promise
    after = " Tried when the rest is over." if told.is_after else ""
    return f"### {told.number} {one.code}\n\n**{told.says}**\n\nTried: {told.tried}{after}\n\nRed: {told.red}"
