"""Turns as a page shows them: the words that were said, marked, with what was said around them.

A quote is marked where it stands in its turn, whatever its spacing, capitals or kind of quotation mark. Turns
that lie close together become one passage, so that a question and its answer are read together.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdspace.engines.note import Evidence
from holdspace.engines.transcript import Turn

Piece = tuple[str, bool]

_ALIKE = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", '"': '["“”]', "“": '["“”]', "”": '["“”]'}


@dataclass(frozen=True, slots=True)
class Line:
    """One turn on the page. `pieces` are its words, each marked when quoted; `is_around` is context only; `is_doubtful`
    when the voice does not tell who said it.
    """

    speaker: str
    at: str
    pieces: tuple[Piece, ...]
    is_around: bool
    is_doubtful: bool = False


def passages(
    turns: Sequence[Turn], evidence: Iterable[Evidence], *, around: int = 1
) -> tuple[tuple[Line, ...], ...]:
    """The turns the evidence names, with `around` turns before and after, split where they are far apart."""
    quotes: dict[int, list[str]] = {}
    for item in evidence:
        if item.turn is not None:
            quotes.setdefault(item.turn, []).append(item.quote)
    by_index = {turn.index: turn for turn in turns}
    shown = sorted({i for at in quotes for i in range(at - around, at + around + 1) if i in by_index})
    return tuple(tuple(_line(by_index[i], quotes.get(i)) for i in group) for group in _neighbours(shown))


def marked(text: str, phrases: Iterable[str]) -> tuple[Piece, ...]:
    """`text` cut into pieces, those that are one of `phrases` marked True."""
    spans: list[tuple[int, int]] = []
    for phrase in phrases:
        if found := _pattern(phrase):
            spans += [match.span() for match in found.finditer(text)]
    return cut(text, spans)


def cut(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """`text` cut into pieces, those within a span (start, end) marked True."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _merged(spans):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def clock(seconds: float) -> str:
    """Seconds into the session as a person says it: 247.0 is "4:07"."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _line(turn: Turn, quotes: list[str] | None) -> Line:
    at = clock(turn.start_s) if turn.end_s > 0 else ""
    pieces = marked(turn.text, quotes or ())
    return Line(turn.speaker[:1].upper() + turn.speaker[1:], at, pieces, quotes is None, turn.is_doubtful)


def _neighbours(indices: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for index in indices:
        if groups and index - groups[-1][-1] == 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _pattern(phrase: str) -> re.Pattern[str] | None:
    words = phrase.split()
    if not words:
        return None
    spelled = ["".join(_ALIKE.get(c, re.escape(c)) for c in word) for word in words]
    return re.compile(r"\s+".join(spelled), re.IGNORECASE)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
