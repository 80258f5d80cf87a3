"""Her review: she keeps, edits, strikes, adds and puts back; her edits are checked and never blocked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection

from holdspace.chart import actions, queries
from holdspace.chart.ledger import ledger_of
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.engines.note import Evidence, Section, Sentence
from holdspace.errors import BadInput, NotAllowed, NotReviewable
from holdspace.room.actions.sessions import destroy_now
from tests.cast import Cast, heard, held, sign, small_draft

pytestmark = pytest.mark.django_db
SLEPT = Evidence(1, "I slept about five hours most nights")
NINE = "Client slept nine hours most nights."


@pytest.fixture
def note(cast: Cast) -> ProgressNote:
    """Ruth's note, open for review."""
    made = actions.save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    return actions.begin_review(cast.maya, made)


def first(note: ProgressNote) -> NoteSentence:
    """The note's first sentence as it is now."""
    return NoteSentence.objects.filter(note=note).order_by("position")[0]


def doubted(cast: Cast, note: ProgressNote) -> int:
    """How many sentences the ledger counts that say "Look twice"."""
    counts = ledger_of(cast.maya, note).counts
    assert counts is not None
    return counts.doubted


def test_a_draft_comes_back_whole_with_its_evidence_questions_and_what_was_left_out(
    cast: Cast, note: ProgressNote
) -> None:
    page = queries.note_for_review(cast.maya, note.pk)
    assert [(section.name, len(section.sentences)) for section in page.sections] == [
        ("Data", 2),
        ("Assessment", 0),
        ("Plan", 1),
    ]
    slept = page.sections[0].sentences[0]
    assert (slept.status, slept.evidence[0].turn) == ("drafted", 1)
    assert page.questions[0].evidence[0].quote == "No, nothing like that"
    assert (page.left_out[0].reason, page.left_out[0].can_return) == ("someone else's story", True)
    assert page.open_questions == 1


def test_an_edit_keeps_her_words_and_says_when_nothing_supports_them(cast: Cast, note: ProgressNote) -> None:
    actions.edit_sentence(cast.maya, note, sentence=first(note), text="Client slept about 8 hours.")
    edited = first(note)
    assert (edited.status, edited.text) == ("edited", "Client slept about 8 hours.")
    assert edited.doubt != ""
    back = actions.edit_sentence(cast.maya, note, sentence=edited, text=edited.drafted)
    assert back.status == "kept"


def test_a_struck_sentence_stays_out_of_what_is_signed_and_can_be_restored(
    cast: Cast, note: ProgressNote
) -> None:
    actions.edit_sentence(cast.maya, note, sentence=first(note), text="Slept 5 hrs.")
    actions.strike_sentence(cast.maya, note, sentence=first(note))
    assert first(note).status == "struck"
    actions.keep_sentence(cast.maya, note, sentence=first(note))
    assert (first(note).status, first(note).text) == ("edited", "Slept 5 hrs.")
    actions.restore_sentence(cast.maya, note, sentence=first(note))
    assert (first(note).status, first(note).text) == ("drafted", first(note).drafted)
    actions.strike_sentence(cast.maya, note, sentence=first(note))
    sign(cast, note)
    text = queries.note_text(cast.maya, note)
    assert "slept" not in text
    assert "denied suicidal thoughts" in text


def test_the_drafts_words_come_back_without_the_doubt_about_hers(cast: Cast, note: ProgressNote) -> None:
    for back in ("put back", "typed"):
        edited = actions.edit_sentence(cast.maya, note, sentence=first(note), text="Client slept nine hours.")
        assert edited.doubt
        if back == "put back":
            actions.strike_sentence(cast.maya, note, sentence=first(note))
            actions.restore_sentence(cast.maya, note, sentence=first(note))
        else:
            actions.edit_sentence(cast.maya, note, sentence=first(note), text=edited.drafted)
        assert (first(note).text, first(note).doubt) == ("Client slept about 5 hours most nights.", "")
    assert doubted(cast, note) == 0


@pytest.mark.parametrize("back", ["put back", "typed", "put back after what was heard is gone"])
def test_the_drafts_words_come_back_with_the_doubt_they_were_drafted_with(cast: Cast, back: str) -> None:
    doubt = "“nine” is in none of its quotes."
    sentence = Sentence(NINE, "session", (SLEPT,), doubt)
    left_out = replace(small_draft().left_out[0], evidence=(SLEPT,), sentence=sentence)
    draft = replace(small_draft(), left_out=(left_out,))
    note = actions.save_draft(cast.worker, heard(cast, held(cast)), draft=draft)
    actions.begin_review(cast.maya, note)
    put = actions.put_back(cast.maya, note, left_out=LeftOutPart.objects.get(note=note))
    assert (put.doubt, doubted(cast, note)) == (doubt, 1)
    for words in ("Client slept about five hours.", "Client slept about five hours most nights."):
        actions.edit_sentence(cast.maya, note, sentence=put, text=words)
        assert (put.doubt, doubted(cast, note)) == ("", 0)
    if back == "put back after what was heard is gone":
        destroy_now(cast.maya, note.session)
    if back == "typed":
        actions.edit_sentence(cast.maya, note, sentence=put, text=NINE)
    else:
        actions.strike_sentence(cast.maya, note, sentence=put)
        actions.restore_sentence(cast.maya, note, sentence=put)
    put.refresh_from_db()
    assert (put.text, put.doubt, doubted(cast, note)) == (NINE, doubt, 1)


def test_a_sentence_from_before_drafted_doubts_were_kept_is_edited_put_back_and_signed(
    cast: Cast, note: ProgressNote
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chart_notesentence SET drafted_doubt = %s", [b""])
    assert first(note).drafted_doubt == ""
    actions.edit_sentence(cast.maya, note, sentence=first(note), text="Client slept nine hours.")
    assert actions.restore_sentence(cast.maya, note, sentence=first(note)).doubt == ""
    sign(cast, note)
    assert {row.drafted_doubt for row in NoteSentence.objects.filter(note=note)} == {""}


def test_what_was_left_out_is_put_back_once_with_its_evidence(cast: Cast, note: ProgressNote) -> None:
    left_out = LeftOutPart.objects.get(note=note)
    put = actions.put_back(cast.maya, note, left_out=left_out)
    page = queries.note_for_review(cast.maya, note.pk)
    assert page.sections[0].sentences[-1].id == put.pk
    assert page.sections[0].sentences[-1].evidence[0].turn == 4
    assert page.left_out[0].is_back
    with pytest.raises(BadInput):
        actions.put_back(cast.maya, note, left_out=left_out)


def test_her_own_sentence_is_hers_and_an_empty_one_is_refused(cast: Cast, note: ProgressNote) -> None:
    added = actions.add_sentence(cast.maya, note, section="Assessment", text="  Avoidance   easing. ")
    assert (added.text, added.status) == ("Avoidance easing.", "added")
    actions.strike_sentence(cast.maya, note, sentence=added)
    assert actions.restore_sentence(cast.maya, note, sentence=added).status == "added"
    for section, text in (("Assessment", " "), ("Gossip", "words")):
        with pytest.raises(BadInput):
            actions.add_sentence(cast.maya, note, section=section, text=text)
    with pytest.raises(BadInput):
        actions.edit_sentence(cast.maya, note, sentence=added, text="")


@pytest.mark.parametrize("act", ["kept", "edited"])
def test_her_own_sentence_struck_in_one_window_and_kept_or_edited_in_another_is_still_hers(
    cast: Cast, note: ProgressNote, act: str
) -> None:
    added = actions.add_sentence(cast.maya, note, section="Assessment", text="Avoidance easing.")
    actions.strike_sentence(cast.maya, note, sentence=added)
    if act == "kept":
        actions.keep_sentence(cast.maya, note, sentence=added)
    else:
        actions.edit_sentence(cast.maya, note, sentence=added, text="Avoidance is easing.")
    assert added.status == "added"
    counts = ledger_of(cast.maya, note).counts
    assert counts is not None
    assert (counts.added, counts.edited) == (1, 0)
    actions.destroy_draft(cast.worker, note.session)
    note.session.refresh_from_db()
    assert note.session.jottings.endswith(added.text)


def test_what_another_window_did_meanwhile_is_what_an_act_begins_from(cast: Cast, note: ProgressNote) -> None:
    seen = first(note)
    actions.edit_sentence(cast.maya, note, sentence=first(note), text="Client slept nine hours.")
    actions.keep_sentence(cast.maya, note, sentence=seen)
    assert (first(note).text, first(note).status) == ("Client slept nine hours.", "edited")
    seen = first(note)
    actions.restore_sentence(cast.maya, note, sentence=first(note))
    actions.keep_sentence(cast.maya, note, sentence=seen)
    assert (first(note).text, first(note).status) == (seen.drafted, "kept")
    seen = first(note)
    actions.edit_sentence(cast.maya, note, sentence=first(note), text="Client slept nine hours.")
    actions.edit_sentence(cast.maya, note, sentence=seen, text=seen.drafted)
    assert (first(note).status, first(note).doubt) == ("kept", "")


def test_two_windows_put_one_thing_back_once(cast: Cast, note: ProgressNote) -> None:
    one, other = LeftOutPart.objects.get(note=note), LeftOutPart.objects.get(note=note)
    actions.put_back(cast.maya, note, left_out=one)
    with pytest.raises(BadInput):
        actions.put_back(cast.maya, note, left_out=other)
    assert NoteSentence.objects.filter(note=note).count() == 4


def test_what_a_new_draft_took_away_meanwhile_is_no_record_any_more(cast: Cast, note: ProgressNote) -> None:
    acts: list[Callable[[], object]] = [
        partial(actions.keep_sentence, cast.maya, note, sentence=first(note)),
        partial(actions.restore_sentence, cast.maya, note, sentence=first(note)),
        partial(actions.edit_sentence, cast.maya, note, sentence=first(note), text="Slept."),
        partial(actions.set_question_aside, cast.maya, note, question=NoteQuestion.objects.get(note=note)),
        partial(actions.put_back, cast.maya, note, left_out=LeftOutPart.objects.get(note=note)),
    ]
    actions.add_sentence(cast.maya, note, section="Plan", text="Meet in a week.")
    actions.save_draft(cast.worker, note.session, draft=small_draft(), renews=True)
    assert ProgressNote.objects.filter(pk=note.pk).exists()
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert NoteSentence.objects.filter(note=note).exclude(status="drafted").count() == 1


def test_a_note_that_a_new_draft_replaced_meanwhile_is_no_record_any_more(
    cast: Cast, note: ProgressNote
) -> None:
    unseen = actions.save_draft(cast.worker, note.session, draft=small_draft())
    actions.save_draft(cast.worker, note.session, draft=small_draft())
    for act in (
        partial(actions.begin_review, cast.maya, unseen),
        partial(actions.add_sentence, cast.maya, note, section="Plan", text="Meet in a week."),
        partial(actions.sign_note, cast.maya, note, credential="LCSW"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_her_own_sentence_comes_last_in_its_section_though_the_draft_became_shorter(
    cast: Cast, note: ProgressNote
) -> None:
    actions.add_sentence(cast.maya, note, section="Data", text="Came on foot.")
    shorter = replace(small_draft(), sections=(Section("Data", ()), Section("Plan", ())))
    actions.save_draft(cast.worker, note.session, draft=shorter, renews=True)
    actions.add_sentence(cast.maya, note, section="Data", text="Left by bus.")
    page = queries.note_for_review(cast.maya, note.pk)
    assert [line.text for line in page.sections[0].sentences] == ["Came on foot.", "Left by bus."]


def test_an_emptied_answer_opens_its_question_again(cast: Cast, note: ProgressNote) -> None:
    (question,) = NoteQuestion.objects.filter(note=note)
    assert actions.answer_question(cast.maya, note, question=question, text="Asked.").state == "answered"
    assert actions.answer_question(cast.maya, note, question=question, text=" ").state == "open"


def test_a_part_of_another_note_cannot_be_reached_through_ones_own(cast: Cast, note: ProgressNote) -> None:
    other = actions.save_draft(cast.worker, heard(cast, held(cast, cast.okafors)), draft=small_draft())
    theirs = first(other)
    for attempt in (
        lambda: actions.edit_sentence(cast.maya, note, sentence=theirs, text="x"),
        lambda: actions.answer_question(
            cast.maya, note, question=NoteQuestion.objects.get(note=other), text="x"
        ),
        lambda: actions.put_back(cast.maya, note, left_out=LeftOutPart.objects.get(note=other)),
        lambda: queries.sentence(cast.maya, note.pk, theirs.pk),
        lambda: queries.question(cast.tom, note.pk, NoteQuestion.objects.get(note=note).pk),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_new_draft_replaces_an_untouched_one_and_never_her_work(cast: Cast) -> None:
    session = heard(cast, held(cast))
    old = actions.save_draft(cast.worker, session, draft=small_draft())
    new = actions.save_draft(cast.worker, session, draft=small_draft())
    assert list(ProgressNote.objects.filter(session=session)) == [new]
    assert old.pk != new.pk
    with pytest.raises(NotReviewable):
        actions.keep_sentence(cast.maya, new, sentence=first(new))
    actions.begin_review(cast.maya, new)
    actions.keep_sentence(cast.maya, new, sentence=first(new))
    with pytest.raises(actions.ReviewBegun):
        actions.save_draft(cast.worker, session, draft=small_draft())
    assert first(new).status == "kept"


def test_the_supervisor_reads_the_biller_does_not_and_neither_changes_a_word(cast: Cast) -> None:
    note = actions.save_draft(cast.worker, heard(cast, held(cast, cast.okafors)), draft=small_draft())
    actions.begin_review(cast.tom, note)
    assert queries.note_for_review(cast.ada, note.pk).client_name == "Ike Okafor"
    with pytest.raises(NotAllowed):
        queries.note_for_review(cast.bo, note.pk)
    for actor in (cast.ada, cast.bo, cast.maya):
        with pytest.raises(NotAllowed):
            actions.strike_sentence(actor, note, sentence=first(note))
