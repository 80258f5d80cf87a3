"""The clinician's jottings, cut where she cut them, each piece kept verbatim with the part of the note it
belongs to.
"""

import re

from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.note import Evidence
from holdspace.engines.transcript import THERAPIST

_LEXICON = "jottings"
_CUT = re.compile(r"\s*\n+\s*|(?<=[.!?;])\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"\b(?:w|re|vs|approx|Dr|Mr|Mrs|Ms|St|min|hr|hrs|wk|wks|pt|appt|q|e\.g|i\.e|a\.m|p\.m)\.$", re.I
)
_KINDS = (
    ("plan", Kind.COMMITMENT),
    ("score", Kind.SCORE),
    ("risk", Kind.RISK),
    ("observed", Kind.OBSERVED),
    ("impression", Kind.IMPRESSION),
)


def read_jottings(jottings: str) -> tuple[Mention, ...]:
    """One mention per piece, in her order, speaker the clinician, origin jottings."""
    return tuple(
        Mention(
            _kind(piece),
            piece,
            (Evidence(None, piece),),
            speaker=THERAPIST,
            origin="jottings",
            status="jotted",
        )
        for piece in _pieces(jottings)
    )


def _pieces(jottings: str) -> list[str]:
    pieces: list[str] = []
    for part in _CUT.split(jottings.strip()):
        if pieces and _ABBREVIATION.search(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {part}"
        elif part.strip():
            pieces.append(part.strip())
    return pieces


def _kind(piece: str) -> Kind:
    """A piece that opens with an instruction is plan; else what its strongest words say; else her
    impression.
    """
    opening = re.match(pattern(_LEXICON, "plan").pattern, piece, re.I)
    hits = [kind for key, kind in _KINDS if pattern(_LEXICON, key).search(piece)]
    if opening:
        return Kind.COMMITMENT
    if Kind.IMPRESSION in hits:
        return Kind.IMPRESSION
    return next(
        (kind for kind in (Kind.RISK, Kind.SCORE, Kind.OBSERVED, Kind.COMMITMENT) if kind in hits),
        Kind.IMPRESSION,
    )
