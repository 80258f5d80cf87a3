"""What the program did for a note, on paper for the client, in plain words. Numbers and names of models only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from holdspace.chart.rules import Counts, Ledger, Used
from holdspace.ui.paper import typeset

TEMPLATE = files("holdspace.chart.pdf").joinpath("ledger.typ").read_bytes()
NEVER = (
    "It does not judge feelings, character or how ill somebody is, suggests no diagnosis and gives no score of risk. "
    "It makes no choice about your care."
)
KEPT = "No sound is kept. What was turned into words is destroyed when the note is signed."


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """What the paper says; `session` is in the practice's own zone."""

    practice: str
    client: str
    clinician: str
    session: datetime
    ledger: Ledger
    notice: tuple[str, ...] = ()


def render_ledger_pdf(document: LedgerDocument) -> bytes:
    """The ledger as a PDF (US Letter, tagged)."""
    ledger = document.ledger
    words = {
        "practice": document.practice,
        "client": document.client,
        "clinician": document.clinician,
        "session": f"{document.session:%A}, {document.session.day} {document.session:%B %Y, %H:%M}",
        "state": _state(ledger, document.session),
        "made_with": _rows(ledger.made_with),
        "beside": _rows(ledger.beside),
        "counts": [{"what": what, "how_many": number} for what, number in counted(ledger.counts)],
        "never": NEVER,
        "kept": KEPT,
        "notice": list(document.notice),
    }
    return typeset(TEMPLATE, "ledger", words, dated=ledger.frozen_at or document.session)


def _rows(used: Iterable[Used]) -> list[dict[str, str]]:
    return [
        {
            "why": use.why,
            "which": use.title,
            "given": use.given,
            "times": "" if use.times == 1 else f"{use.times} times",
            "sha256": use.sha256[:16],
        }
        for use in used
    ]


def counted(counts: Counts | None) -> list[tuple[str, int]]:
    """The numbers in words, those that are nothing left out."""
    if counts is None:
        return []
    told = [
        ("Sentences the program proposed", counts.proposed),
        ("of these in the note exactly as proposed", counts.as_drafted),
        ("of these changed by the therapist", counts.edited),
        ("of these struck by the therapist", counts.struck),
        ("of these first left out, then put in by the therapist", counts.put_back),
        ("Sentences the therapist wrote", counts.added),
        ("Things said that the draft left out", counts.left_out),
        ("Questions it asked the therapist", counts.asked),
        ("of these answered", counts.answered),
        ("of these set aside", counts.set_aside),
        ("of these still open", counts.open),
        ("Words it marked because they may judge or wound", counts.marked or 0),
        ("of these no longer in the note", counts.marks_gone),
        ("of these left in the note by the therapist", counts.marks_left),
        ("Sentences in the note still marked to be looked at twice", counts.doubted),
    ]
    return [(what, number) for what, number in told if number]


def _state(ledger: Ledger, session: datetime) -> str:
    if ledger.frozen_at is None:
        return "The note is not signed yet, so these numbers may still change."
    signed = ledger.frozen_at.astimezone(session.tzinfo)
    return (
        f"Counted when the note was signed, {signed.day} {signed:%B %Y, %H:%M}. It does not change any more."
    )
