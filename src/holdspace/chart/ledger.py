"""What the program did for a note: which models and rules, on what kinds of things, and what she made of the draft.

Before signing it is counted from the note as it stands; at signing it is frozen, so that it outlives the transcript and
the struck sentences. It holds no word of the session.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from holdspace.access.actor import Actor
from holdspace.assist.models import AiUse
from holdspace.assist.queries import switched_off_at, uses
from holdspace.assist.rules import DRAFTING, MARKING
from holdspace.assist.words import Marker, marker_for
from holdspace.chart.models import DraftLedger, LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.rules import (
    ADDED,
    ANSWERED,
    DRAFTED,
    EDITED,
    KEPT,
    OPEN,
    SET_ASIDE,
    STRUCK,
    Counts,
    Ledger,
    Used,
    marks_in,
)


def ledger_of(actor: Actor, note: ProgressNote) -> Ledger:
    """What the program did for a note: frozen once it is signed."""
    frozen = DraftLedger.objects.filter(note=note, note__clinician__practice_id=actor.practice_id).first()
    if frozen is None:
        counts = None if hasattr(note, "signature") else _counts(actor, note)
        return Ledger(_used(map(_values, uses(actor, note.session_id))), counts, None)
    return Ledger(_used(frozen.uses), Counts(**frozen.counts), frozen.frozen_at)


def freeze(actor: Actor, note: ProgressNote, at: datetime) -> DraftLedger:
    """Keep it as it stands; called while the note is being signed, before what she struck is erased."""
    counts = asdict(_counts(actor, note))  # first: the marks are looked at once more, which is a use too
    return DraftLedger.objects.create(
        note=note,
        uses=[_values(use) for use in uses(actor, note.session_id)],
        counts=counts,
        frozen_at=at,
    )


def _counts(actor: Actor, note: ProgressNote) -> Counts:
    rows = list(note.notesentence_set.all())
    lines = [(row.status, bool(row.drafted)) for row in rows]
    marked, marks_left = _marks(actor, note, rows)
    states = list(NoteQuestion.objects.filter(note=note).values_list("state", flat=True))
    parts = LeftOutPart.objects.filter(note=note)
    return Counts(
        kept=lines.count((KEPT, True)),
        left=lines.count((DRAFTED, True)),
        edited=lines.count((EDITED, True)),
        struck=lines.count((STRUCK, True)),
        added=lines.count((ADDED, False)),
        put_back=parts.filter(is_back=True).count(),
        left_out=parts.filter(is_back=False).count(),
        answered=states.count(ANSWERED),
        set_aside=states.count(SET_ASIDE),
        open=states.count(OPEN),
        marked=marked,
        marks_left=marks_left,
        doubted=sum(bool(row.doubt) for row in rows if row.status != STRUCK),
    )


def _marks(actor: Actor, note: ProgressNote, rows: Iterable[NoteSentence]) -> tuple[int | None, int]:
    """How many words were marked and how many are left, where marks were shown and may still be looked for."""
    around = note.session.around()
    were_shown = any(use.purpose == MARKING for use in uses(actor, note.session_id))
    if not were_shown or switched_off_at(actor, DRAFTING, around):
        return None, 0
    mark = marker_for(actor, around)
    return marks_in(
        (_marked(mark, row.drafted), _marked(mark, row.text), row.status != STRUCK) for row in rows
    )


def _marked(mark: Marker, text: str) -> Counter[str]:
    return Counter(flag.term.lower() for flag in mark(text))


def _used(rows: Iterable[Mapping[str, Any]]) -> tuple[Used, ...]:
    """The uses, those alike as one, in the order they first came."""
    alike: dict[tuple[str, str, str, str], list[datetime]] = {}
    for row in rows:
        key = (row["purpose"], row["model"], row["sha256"], row["given"])
        alike.setdefault(key, []).append(datetime.fromisoformat(row["at"]))
    return tuple(Used(*key, len(times), min(times), max(times)) for key, times in alike.items())


def _values(use: AiUse) -> dict[str, str]:
    return {
        "purpose": use.purpose,
        "model": use.model,
        "sha256": use.sha256,
        "given": use.given,
        "at": use.at.isoformat(),
    }
