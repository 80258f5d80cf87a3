"""What the program did for a note: which models and rules, what became of the draft; frozen at signing, printable."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from holdspace.assist.actions import switch_off
from holdspace.assist.doorway import drafting_tools_for
from holdspace.assist.models import AiUse
from holdspace.assist.rules import BESIDE, CHECKING, DRAFTING, LANGUAGE_CHECK, MARKING, RULES, SwitchAt
from holdspace.audit.models import Entry
from holdspace.chart.actions import (
    add_sentence,
    answer_question,
    begin_review,
    bring_in_note,
    edit_sentence,
    export_ledger,
    keep_sentence,
    put_back,
    save_draft,
    sign_note,
    strike_sentence,
    write_note,
)
from holdspace.chart.ledger import freeze, ledger_of
from holdspace.chart.models import DraftLedger, LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.pdf.ledger import LedgerDocument, render_ledger_pdf
from holdspace.chart.queries import printed_note
from holdspace.chart.rules import PURPOSES, Counts, Ledger, disclosure_line, marks_in
from holdspace.consent.actions import set_part2
from holdspace.consent.disclosed import disclosures_of, notice_for
from holdspace.errors import AlreadySigned, NotAllowed
from holdspace.room.models import Session
from tests.cast import CLINICAL_WORDS, TUESDAY, Cast, heard, held, sign, small_draft
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


def paper(ledger: Ledger) -> str:
    """Its words on paper."""
    document = LedgerDocument("Harbor Counseling", "Ruth Abel", "Maya Torres, LCSW", TUESDAY, ledger)
    pages = PdfReader(BytesIO(render_ledger_pdf(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_before_signing_it_is_counted_as_the_note_stands(cast: Cast, note: ProgressNote) -> None:
    before = ledger_of(cast.maya, note)
    assert before.counts == Counts(left=3, left_out=1, open=1)
    assert before.counts.proposed == before.counts.as_drafted == 3
    reviewed(cast, note)
    counts = ledger_of(cast.maya, note).counts
    assert counts == Counts(kept=2, edited=1, struck=1, added=1, put_back=1, answered=1, doubted=1)
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
        (
            [
                ("drafting", "drafting-rules", "jottings"),
                ("wording", "big at words.example.org", "drafted sentences"),
            ],
            "software of the practice, in part on a server it chose, proposed a draft.",
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
    sign(cast, note)
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


def counts_of(cast: Cast, note: ProgressNote) -> Counts:
    """The numbers of the ledger."""
    counts = ledger_of(cast.maya, note).counts
    assert counts is not None
    return counts


def said_of(cast: Cast, note: ProgressNote, purpose: str) -> list[tuple[int, str, str]]:
    """What the ledger says of a purpose: how often, which, on what."""
    used = ledger_of(cast.maya, note).used
    return [(use.times, use.model, use.given) for use in used if use.purpose == purpose]


def in_the_log(note: ProgressNote, purpose: str) -> int:
    """How many lines the log has of it."""
    return Entry.objects.filter(kind=f"session/{purpose}", subject_id=note.session_id).count()


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes pass."""
    now = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def test_each_sentence_she_changed_is_counted_and_the_log_has_one_line_of_a_sitting(
    cast: Cast, note: ProgressNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = NoteSentence.objects.filter(note=note).order_by("position")
    for text in ("Client slept five hours.", "Client slept nine hours.", "Client slept nine hours."):
        edit_sentence(cast.maya, note, sentence=first, text=text)  # the last one changes nothing
    edit_sentence(cast.maya, note, sentence=second, text="Client said: nothing like that.")
    assert said_of(cast, note, CHECKING) == [(3, RULES, "her own words, quotes")]
    assert in_the_log(note, CHECKING) == 1
    assert counts_of(cast, note).doubted == 1
    later(monkeypatch)
    edit_sentence(cast.maya, note, sentence=first, text="Client slept about five hours.")
    assert said_of(cast, note, CHECKING)[0][0] == 4
    assert in_the_log(note, CHECKING) == 2
    assert counts_of(cast, note).doubted == 0


def test_marks_beside_words_are_one_use_a_sitting_and_what_became_of_them_is_counted(
    cast: Cast, note: ProgressNote, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya, (first, _second, third) = as_("maya"), NoteSentence.objects.filter(note=note).order_by("position")
    edit_sentence(cast.maya, note, sentence=first, text="Client claims she slept.")
    assert counts_of(cast, note).marked is None  # nothing was marked yet: she has not seen the page
    for _ in range(3):
        maya.get(f"/notes/{note.pk}/?at={first.pk}")
    assert said_of(cast, note, MARKING) == [(1, LANGUAGE_CHECK, "sentences of the note")]
    assert in_the_log(note, MARKING) == 1
    edit_sentence(cast.maya, note, sentence=third, text="Client refused to try, and refused again.")
    add_sentence(cast.maya, note, section="Plan", text="Client is an addict.")
    strike_sentence(cast.maya, note, sentence=third)
    counts = counts_of(cast, note)
    assert (counts.marked, counts.marks_left, counts.marks_gone) == (4, 2, 2)
    later(monkeypatch)
    maya.get(f"/notes/{note.pk}/")
    assert said_of(cast, note, MARKING)[0][0] == in_the_log(note, MARKING) == 2


def test_a_word_of_the_draft_that_she_replaced_was_marked_and_is_gone() -> None:
    drafted, now = Counter({"claims": 1, "refused": 2}), Counter({"refused": 1})
    assert marks_in([(drafted, now, True)]) == (3, 1)
    assert marks_in([(drafted, now, False)]) == (3, 0)
    assert marks_in([(Counter(), now, True), (drafted, drafted, True)]) == (4, 4)
    assert marks_in([]) == (0, 0)


def test_switched_off_at_signing_the_marks_are_not_counted_and_nothing_looks_for_them(
    cast: Cast, note: ProgressNote, as_: SignIn
) -> None:
    as_("maya").get(f"/notes/{note.pk}/")
    reviewed(cast, note)
    switch_off(cast.maya, SwitchAt(DRAFTING, note.session))
    before = AiUse.objects.count()
    signed = sign_note(cast.maya, note, credential="LCSW")
    assert AiUse.objects.count() == before
    assert counts_of(cast, signed).marked is None
    assert said_of(cast, signed, MARKING) == [(1, LANGUAGE_CHECK, "sentences of the note")]


def test_what_stood_beside_a_note_is_on_the_page_and_on_paper_apart_from_what_made_it(
    cast: Cast, note: ProgressNote, as_: SignIn
) -> None:
    maya, first = as_("maya"), NoteSentence.objects.filter(note=note).order_by("position")[0]
    maya.get(f"/notes/{note.pk}/?at={first.pk}")
    reviewed(cast, note)
    edit_sentence(cast.maya, note, sentence=first, text="Client claims to have slept nine hours.")
    signed = sign_note(cast.maya, note, credential="LCSW")
    shown = " ".join(maya.get(f"/notes/{note.pk}/program/").content.decode().split())
    made_with, _, beside = shown.partition("Beside the note")
    assert "To choose and word the sentences of the draft" in made_with
    for purpose in BESIDE:
        assert PURPOSES[purpose] in beside
        assert PURPOSES[purpose] not in made_with
    assert "<dt>Words marked</dt><dd>1" in shown
    assert "1 still in the note" in shown
    assert "sentences in the note still say so" in shown
    told = paper(ledger_of(cast.maya, signed))
    for wanted in (
        "What stood beside the note",
        "To mark words that may judge or wound",
        "Words to look at twice: our list",
        "Words it marked because they may judge or wound 1",
        "of these left in the note by the therapist 1",
        "Sentences in the note still marked to be looked at twice 2",
    ):
        assert wanted in told, wanted


def test_a_note_by_hand_stays_one_and_says_what_was_marked_beside_it(cast: Cast, as_: SignIn) -> None:
    session = held(cast)
    note, maya = write_note(cast.maya, session, note_format="DAP"), as_("maya")
    assert "Nothing. The note is written by hand." in maya.get(f"/notes/{note.pk}/program/").content.decode()
    maya.get(f"/notes/{note.pk}/")
    assert not AiUse.objects.exists()  # an empty page has no word to mark
    add_sentence(cast.maya, note, section="Data", text="Client claims she slept.")
    maya.get(f"/notes/{note.pk}/")
    shown = maya.get(f"/notes/{note.pk}/program/").content.decode()
    assert "Nothing." not in shown
    assert "The note is written by hand." in shown
    assert "Beside the note" in shown
    sign_note(cast.maya, note, credential="LCSW")
    ledger = ledger_of(cast.maya, note)
    assert (ledger.is_by_hand, disclosure_line(ledger)) == (True, "")
    told = paper(ledger)
    assert "The note was written by hand." in told
    assert "Nothing." not in told
    assert "To mark words that may judge or wound" in told


def test_a_note_brought_in_from_elsewhere_is_looked_at_by_no_rule(cast: Cast) -> None:
    session = held(cast)
    sections = (("Data", ("Client claims she slept.",)),)
    note = bring_in_note(cast.maya, session, note_format="DAP", sections=sections, signed_at=session.ended_at)
    assert not AiUse.objects.exists()
    assert counts_of(cast, note).marked is None


def test_numbers_frozen_before_marks_were_counted_can_still_be_read(cast: Cast, note: ProgressNote) -> None:
    counts = {"kept": 2, "left": 0, "edited": 1, "struck": 1, "added": 1, "put_back": 0, "left_out": 1}
    DraftLedger.objects.create(note=note, uses=[], counts=counts, frozen_at=timezone.now())
    found = counts_of(cast, note)
    assert (found.kept, found.marked, found.doubted) == (2, None, 0)


@pytest.mark.weights
def test_every_purpose_the_doorway_enters_has_its_words(cast: Cast) -> None:
    session = held(cast)
    drafting_tools_for(cast.worker, session.around())
    assert set(AiUse.objects.values_list("purpose", flat=True)) <= set(PURPOSES)
