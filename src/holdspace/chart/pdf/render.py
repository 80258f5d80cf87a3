"""A signed note on paper. The PDF's own date is the signing's, so the same signed note prints to the same bytes."""

from datetime import date, datetime
from importlib.resources import files

from holdspace.chart.pdf.document import PrintedAddendum, SignedNoteDocument
from holdspace.ui.paper import typeset

TEMPLATE = files("holdspace.chart.pdf").joinpath("note.typ").read_bytes()


def render_note_pdf(document: SignedNoteDocument) -> bytes:
    """The note as a PDF (US Letter, tagged for screen readers)."""
    return typeset(TEMPLATE, "note", _printed(document), dated=document.signature.when)


def _printed(document: SignedNoteDocument) -> dict[str, object]:
    signature = document.signature
    return {
        "practice": document.practice,
        "address": list(document.practice_address),
        "client": document.client,
        "day": _day(document.started_at),
        "format": document.format,
        "facts": [{"label": label, "lines": list(lines)} for label, lines in _facts(document) if lines],
        "sections": [{"name": s.name, "paragraphs": list(s.paragraphs)} for s in document.sections],
        "signature": {
            "who": _with_credential(signature.who, signature.credential),
            "when": _moment(signature.when),
            "sha256": signature.sha256,
        },
        "addenda": [_addendum(addendum) for addendum in document.addenda],
        "disclosure": document.disclosure,
        "notice": list(document.notice),
    }


def _facts(document: SignedNoteDocument) -> list[tuple[str, tuple[str, ...]]]:
    """What payers look for first, in the order they look (RULES:

    date, start and stop, service, place, who).
    """
    start, stop = document.started_at, document.ended_at
    born = (_day(document.client_born),) if document.client_born else ()
    return [
        ("Client", (document.client,)),
        ("Date of birth", born),
        ("Date of service", (_day(start),)),
        ("Start and stop", (f"{start:%H:%M}–{stop:%H:%M} ({document.minutes} minutes)",)),
        ("Service", (document.service,)),
        ("Place", (document.setting,) if document.setting else ()),
        ("Present", document.attendees),
        ("Diagnosis", document.diagnoses),
        ("Plan objectives", document.objectives),
    ]


def _addendum(addendum: PrintedAddendum) -> dict[str, object]:
    return {
        "who": _with_credential(addendum.who, addendum.credential),
        "when": _moment(addendum.when),
        "paragraphs": list(addendum.paragraphs),
    }


def _with_credential(who: str, credential: str) -> str:
    return f"{who}, {credential}" if credential else who


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}" if isinstance(day, datetime) else f"{day.day} {day:%B %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {moment:%H:%M %Z}".rstrip()
