"""Two texts that began as one, put together so that nothing typed in either is lost.

Her jottings may be open in two windows, and a dictation or what she wrote into a draft goes below them meanwhile. What
only one of the two changed is taken; where both changed the same line, both stand one below the other and are named.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 1_000
"""Longer texts are not compared line by line, which takes too long: they stand one below the other."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both. `is_more`: it has what the page did not send. `both`: the lines that differ, here and there."""

    text: str
    is_more: bool = False
    both: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """What became of each line of the text before (None: it stays), and what was put before it, and after the last."""

    lines: list[list[str] | None]
    put: list[list[str]]


def merged(before: str, here: str, there: str) -> Merged:
    """`before` became `here` in one place and `there` in the other."""
    before, here, there = _even(before), _even(here), _even(there)
    if there in (before, here):
        return Merged(here)
    if here == before:
        return Merged(there, is_more=True)
    first, theirs = _lines(before), _lines(there)
    ours = here.split("\n") if here else []  # with the new line she may just have begun
    if max(len(first), len(ours), len(theirs)) > MOST_LINES:
        return Merged(f"{here.rstrip()}\n{there}", is_more=True)
    return _woven(first, _changes(first, ours), _changes(first, theirs))


def _woven(first: list[str], here: _Changes, there: _Changes) -> Merged:
    text: list[str] = []
    both: list[tuple[str, str]] = []
    for number in range(len(first) + 1):
        text += _put(here.put[number], there.put[number])
        if number == len(first):
            break
        mine, other = here.lines[number], there.lines[number]
        if mine == other:
            text += [first[number]] if mine is None else mine
        elif mine is None or other is None:
            text += mine or other or []
        elif fuller := _fuller(mine, other):
            text += fuller
        else:
            text += mine + other
            both.append(("\n".join(mine), "\n".join(other)))
    return Merged("\n".join(text), is_more=True, both=tuple(both))


def _put(here: list[str], there: list[str]) -> list[str]:
    """Lines put into the same place: hers first; those of an earlier save of the same page are not said twice."""
    if there[: len(here)] == here:
        return there
    return here if here[: len(there)] == there else here + there


def _fuller(here: list[str], there: list[str]) -> list[str]:
    """The one that goes on where the other ends with a whole word, or nothing: so all that both say is in it."""
    ours, theirs = "\n".join(here), "\n".join(there)
    if _begins(ours, theirs):
        return here
    return there if _begins(theirs, ours) else []


def _begins(text: str, with_this: str) -> bool:
    after = text[len(with_this) : len(with_this) + 1]
    return text.startswith(with_this) and not (after.isalnum() and with_this)


def _changes(first: list[str], now: list[str]) -> _Changes:
    lines: list[list[str] | None] = [None] * len(first)
    put: list[list[str]] = [[] for _ in range(len(first) + 1)]
    steps = SequenceMatcher(None, first, now, autojunk=False).get_opcodes()
    for step, begin, end, now_begin, now_end in steps:
        if step == "equal":
            continue
        if step == "insert":
            put[begin] = now[now_begin:now_end]
            continue
        for number in range(
            begin, end
        ):  # line by line as far as both go, the rest of the new ones with the last
            at = now_begin + number - begin
            until = now_end if number == end - 1 else at + 1
            lines[number] = now[min(at, now_end) : min(until, now_end)]
    return _Changes(lines, put)


def _even(text: str) -> str:
    """With the line ends a page shows: a form without scripts sends others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> list[str]:
    return text.rstrip().split("\n") if text.strip() else []
