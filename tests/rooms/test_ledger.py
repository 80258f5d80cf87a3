"""What the program did for a note: which models and rules, what became of the draft; frozen at signing, printable."""

from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from holdspace.assist.doorway import drafting_tools_for
from holdspace.assist.models import AiUse
from holdspace.chart.actions import (
    add_sentence,
    answer_question,
    begin_review,
    edit_sentence,
    export_ledger,
    keep_sentence,
    put_back,
    save_draft,
    set_question_aside,
    sign_note,
    strike_sentence,
)
from holdspace.chart.ledger import freeze, ledger_of
from holdspace.chart.models import DraftLedger, LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.pdf.ledger import LedgerDocument, render_ledger_pdf
from holdspace.chart.queries import printed_note
from holdspace.chart.rules import PURPOSES, Counts, disclosure_line
from holdspace.consent.actions import set_part2
from holdspace.consent.disclosed import disclosures_of, notice_for
from holdspace.errors import AlreadySigned, NotAllowed
from holdspace.room.models import Session
from tests.cast import CLINICAL_WORDS, Cast, heard, held, small_draft
from tests.rooms.pages.conftest import SignIn, as_

__all__ = ["as_"]
pytestmark = pytest.mark.django_db(transaction=True)


def use(session: Session, purpose: str, model: str, given: str, *, sha256: str = "a" * 64) -> AiUse:
    """An entry as the doorway makes it."""
    practice_id = session.clinician.practice_id
    return AiUse.objects.create(
        practice_id=practice_id,
        session_id=session.pk,
        purpose=purpose,
        model=model,
        sha256=sha256,
        given=given,
    )


@pytest.fixture
def note(cast: Cast) -> ProgressNote:
    """A draft of Ruth's session under review: three sentences, a question, something left out."""
    session = heard(cast, held(cast))
    use(session, "hearing", "whisper-base", "sound of the session")
    use(session, "drafting", "drafting-rules", "transcript, jottings")
    use(session, "drafting", "drafting-rules", "transcript, jottings")
    return begin_review(cast.maya, save_draft(cast.worker, session, draft=small_draft()))


def reviewed(cast: Cast, note: ProgressNote) -> None:
    """One kept, one edited, one struck, one put back, one added; the question answered."""
    first, second, third = NoteSentence.objects.filter(note=note).order_by("position")
    keep_sentence(cast.maya, note, sentence=first)
    edit_sentence(cast.maya, note, sentence=second, text="Client denied any thoughts of suicide.")
    strike_sentence(cast.maya, note, sentence=third)
    put_back(cast.maya, note, left_out=LeftOutPart.objects.get(note=note))
    add_sentence(cast.maya, note, section="Plan", text="Meet again in a week.")
    for question in NoteQuestion.objects.filter(note=note):
        answer_question(cast.maya, note, question=question, text="Asked: none.")


def test_before_signing_it_is_counted_as_the_note_stands(cast: Cast, note: ProgressNote) -> None:
    before = ledger_of(cast.maya, note)
    assert before.counts == Counts(left=3, left_out=1, open=1)
    assert before.counts.proposed == before.counts.as_drafted == 3
    reviewed(cast, note)
    counts = ledger_of(cast.maya, note).counts
    assert counts == Counts(kept=2, edited=1, struck=1, added=1, put_back=1, answered=1)
    assert (counts.proposed, counts.as_drafted, counts.asked) == (4, 2, 1)
    assert [(used.why, used.times, used.given) for used in before.used] == [
        ("To turn speech into words", 1, "sound of the session"),
        ("To choose and word the sentences of the draft", 2, "transcript, jottings"),
    ]
    assert before.used[0].title == "Hearing: Whisper base"


def test_signing_freezes_it_and_it_outlives_the_transcript_and_what_was_struck(
    cast: Cast, note: ProgressNote
) -> None:
    reviewed(cast, note)
    before = ledger_of(cast.maya, note)
    signed = sign_note(cast.maya, note, credential="LCSW")
    use(note.session, "wording", "some-model", "drafted sentences")  # whatever comes later
    after = ledger_of(cast.maya, signed)
    assert (after.counts, after.used) == (before.counts, before.used)
    assert after.frozen_at is not None
    row = DraftLedger.objects.get(note=note)
    note.refresh_from_db()
    for change in (row.save, row.delete, lambda: freeze(cast.maya, note, row.frozen_at)):
        with pytest.raises((AlreadySigned, DatabaseError)), transaction.atomic():
            change()
    for statement in ("UPDATE chart_draftledger SET counts = '{}'", "DELETE FROM chart_draftledger"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_it_holds_kinds_and_numbers_and_no_word_of_the_session(cast: Cast, note: ProgressNote) -> None:
    reviewed(cast, note)
    sign_note(cast.maya, note, credential="LCSW")
    kept = str(list(DraftLedger.objects.values()) + list(AiUse.objects.values()))
    assert [word for word in CLINICAL_WORDS if word.lower() in kept.lower()] == []


@pytest.mark.parametrize(
    ("uses", "says"),
    [
        ([], ""),
        (
            [("drafting", "drafting-rules", "jottings")],
            "software on the practice’s own computer proposed a draft.",
        ),
        (
            [("hearing", "whisper-base", "her dictation"), ("drafting", "drafting-rules", "jottings")],
            "wrote down the clinician’s dictation and proposed a draft.",
        ),
        ([("hearing", "whisper-base", "sound of the session")], "own computer transcribed the session."),
        (
            [("hearing", "whisper-1 at speech.example.org", "sound of the session")],
            "software of the practice, in part on a server it chose, transcribed the session.",
        ),
    ],
)
def test_the_printed_note_says_what_the_program_did_and_nothing_where_it_did_nothing(
    cast: Cast, uses: list[tuple[str, str, str]], says: str
) -> None:
    session = held(cast)
    for purpose, model, given in uses:
        use(session, purpose, model, given, sha256="" if " at " in model else "a" * 64)
    note = begin_review(cast.maya, save_draft(cast.worker, session, draft=small_draft()))
    for question in NoteQuestion.objects.filter(note=note):
        set_question_aside(cast.maya, note, question=question)
    sign_note(cast.maya, note, credential="LCSW")
    printed = printed_note(cast.maya, note.pk).disclosure
    assert printed == disclosure_line(ledger_of(cast.maya, note))
    assert says in printed
    assert bool(says) == printed.startswith("AI assistance:")


def test_on_paper_it_is_in_plain_words_for_the_client(cast: Cast, note: ProgressNote) -> None:
    reviewed(cast, note)
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    sign_note(cast.maya, note, credential="LCSW")
    shown = export_ledger(cast.maya, note, to="the client")
    document = LedgerDocument(
        "Harbor Counseling",
        "Ruth Abel",
        "Maya Torres, LCSW",
        note.session.started_at,
        shown,
        notice_for(cast.maya, cast.ruth),
    )
    pages = PdfReader(BytesIO(render_ledger_pdf(document))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for wanted in (
        "What the computer program did",
        "for Ruth Abel",
        "Maya Torres, LCSW wrote or read each line of it",
        "To turn speech into words",
        "Hearing: Whisper base",
        "sound of the session",
        "aaaaaaaaaaaaaaaa",
        "Sentences the program proposed 4",
        "of these in the note exactly as proposed 2",
        "of these changed by the therapist 1",
        "of these struck by the therapist 1",
        "Sentences the therapist wrote 1",
        "Counted when the note was signed",
        "suggests no diagnosis",
        "42 CFR part 2",
    ):
        assert wanted in text, wanted
    assert [line.kind for line in disclosures_of(cast.maya, cast.ruth)] == ["ledger"]
    with pytest.raises(NotAllowed):
        export_ledger(cast.bo, note)


def test_it_stands_beside_the_review_and_on_the_signed_note(
    cast: Cast, note: ProgressNote, as_: SignIn
) -> None:
    maya = as_("maya")
    assert f'hx-get="/notes/{note.pk}/program/"' in maya.get(f"/notes/{note.pk}/").content.decode()
    fragment = maya.get(f"/notes/{note.pk}/program/", headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div class="ledger"')
    assert "Counted just now; frozen when you sign." in fragment
    reviewed(cast, note)
    sign_note(cast.maya, note, credential="LCSW")
    page = maya.get(f"/notes/{note.pk}/").content.decode()
    assert "Frozen when the note was signed" in page
    assert maya.post(f"/notes/{note.pk}/program/pdf/")["Content-Type"] == "application/pdf"
    assert as_("bo").get(f"/notes/{note.pk}/program/").status_code == 404
    assert as_("tom").get(f"/notes/{note.pk}/program/").status_code == 404


@pytest.mark.weights
def test_every_purpose_the_doorway_enters_has_its_words(cast: Cast) -> None:
    session = held(cast)
    drafting_tools_for(cast.worker, session.around())
    assert set(AiUse.objects.values_list("purpose", flat=True)) <= set(PURPOSES)
