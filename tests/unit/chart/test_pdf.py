"""The signed note on paper: what it says, that it prints on any words, and that no word is read as markup."""

import subprocess
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from holdspace.chart.pdf.document import (
    PrintedAddendum,
    PrintedSection,
    PrintedSignature,
    SignedNoteDocument,
)
from holdspace.chart.pdf.render import render_note_pdf

ZONE = ZoneInfo("America/New_York")
HASH = "9f2c8e1b" * 8
NOTE = SignedNoteDocument(
    practice="Lindenfeld Psychotherapy",
    practice_address=("214 Orchard Street, Suite 3", "Ithaca, NY 14850", "NPI 1992739486"),
    client="Ruth Adeyemi",
    client_born=date(1981, 4, 9),
    started_at=datetime(2026, 11, 3, 10, 2, tzinfo=ZONE),
    ended_at=datetime(2026, 11, 3, 10, 55, tzinfo=ZONE),
    service="90837 · Psychotherapy, 53 minutes or more",
    setting="Office",
    attendees=("Ruth Adeyemi, client", "Maya Lindenfeld, LCSW"),
    diagnoses=("F41.0 Panic disorder",),
    objectives=(
        "1.1 Ride the bus to work three days a week without leaving early, by 15 December 2026",
        "1.2 Name and test one feared prediction each week",
    ),
    format="DAP",
    sections=(
        PrintedSection(
            "Data",
            (
                "Client reported two panic attacks since last session, one on the bus and one at the "
                "pharmacy, each "
                "“ten minutes, maybe less.” She stayed on the bus on Tuesday and Thursday. SUDS fell "
                "from 85 to 40 "
                "by the fourth stop.",
                "Sertraline was raised from 50 mg to 75 mg by Dr. Amin on 27 October; she has missed no "
                "doses. "
                "Asked directly, she denied any thoughts of suicide or of harming herself or others.",
            ),
        ),
        PrintedSection(
            "Assessment",
            (
                "Avoidance is loosening; the feared prediction (“I will pass out”) was tested and did "
                "not come true.",
            ),
        ),
        PrintedSection(
            "Plan",
            (
                "Ride the full line twice before Tuesday, alone, without headphones. Keep the prediction "
                "log. "
                "Next session Tuesday, 10 November, 10:00.",
            ),
        ),
    ),
    signature=PrintedSignature("Maya Lindenfeld", "LCSW", datetime(2026, 11, 3, 17, 40, tzinfo=ZONE), HASH),
    addenda=(
        PrintedAddendum(
            "Maya Lindenfeld",
            "LCSW",
            datetime(2026, 11, 5, 9, 12, tzinfo=ZONE),
            ("Client called to correct the date of the dose change: it was 28 October.",),
        ),
    ),
)
LONG = replace(
    NOTE, sections=tuple(PrintedSection(s.name, s.paragraphs * 7) for s in NOTE.sections), addenda=()
)
HOSTILE = (
    '#panic("x") *bold* $x$ _i_ <label> @ref \\ `raw` "] } {" 日本語 🌊 '
    '#read("/etc/passwd") // gone /* gone */'
)


def text_of(pdf: bytes) -> str:
    """The words of a PDF, read back by poppler, with its line breaks made spaces."""
    try:
        read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return " ".join(read.stdout.decode().split())


def test_the_paper_says_everything_a_payer_looks_for() -> None:
    text = text_of(render_note_pdf(NOTE))
    for part in (
        "Lindenfeld Psychotherapy",
        "Ruth Adeyemi",
        "9 April 1981",
        "Tuesday, 3 November 2026",
        "10:02–10:55 (53 minutes)",
        "90837",
        "Office",
        "Maya Lindenfeld, LCSW",
        "F41.0 Panic disorder",
        "Ride the bus to work three days a week",
        "SUDS fell from 85 to 40 by the fourth stop.",
        "Signed electronically on Tuesday, 3 November 2026, 17:40 EST",
        HASH,
        "Addendum, Thursday, 5 November 2026, 09:12 EST",
        "it was 28 October.",
        "AI assistance:",
        "Page 1 of",
    ):
        assert part in text, part


def test_a_long_note_names_its_client_day_and_page_on_every_page() -> None:
    text = text_of(render_note_pdf(LONG))
    pages = int(text.rsplit(" of ", 1)[1].split()[0])
    assert pages > 1
    assert text.count("Ruth Adeyemi · Tuesday, 3 November 2026") == pages - 1
    assert all(f"Page {number} of {pages}" in text for number in range(1, pages + 1))


def test_what_people_typed_is_printed_and_never_run() -> None:
    hostile = replace(
        NOTE,
        client=HOSTILE,
        practice=HOSTILE,
        sections=(PrintedSection(HOSTILE, (HOSTILE,)),),
        signature=replace(NOTE.signature, who=HOSTILE),
        addenda=(replace(NOTE.addenda[0], paragraphs=(HOSTILE,)),),
    )
    text = text_of(render_note_pdf(hostile))
    assert '#read("/etc/passwd") // gone /* gone */' in text
    assert "root:" not in text


def test_nothing_is_printed_where_nothing_is_known() -> None:
    bare = replace(
        NOTE,
        client_born=None,
        setting="",
        diagnoses=(),
        objectives=(),
        addenda=(),
        disclosure="",
        practice_address=(),
    )
    text = text_of(render_note_pdf(bare))
    for heading in ("Date of birth", "Place", "Diagnosis", "Plan objectives", "Addendum", "AI assistance"):
        assert heading not in text


def test_the_same_signed_note_prints_to_the_same_bytes() -> None:
    assert render_note_pdf(NOTE) == render_note_pdf(NOTE)
