"""A signed note never changes: not by an action, not by a row, not by the database; and what was heard is gone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from holdspace.chart import actions, queries
from holdspace.chart.models import NoteQuestion, NoteSentence, ProgressNote, Signature
from holdspace.errors import AlreadySigned, BadInput, Destroyed, NotAllowed, NotReviewable
from holdspace.room.actions import sessions
from holdspace.room.queries import heard_from, transcript
from holdspace.vault.models import SessionKey
from holdspace.vault.session_keys import has_key, key_of
from tests.cast import Cast, heard, held, sign, small_draft

pytestmark = pytest.mark.django_db(transaction=True)


def in_review(cast: Cast) -> ProgressNote:
    """Ruth's note, drafted and opened for review."""
    note = actions.save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    return actions.begin_review(cast.maya, note)


def signed(cast: Cast) -> ProgressNote:
    """Ruth's note, its question answered, signed."""
    note = in_review(cast)
    for question in NoteQuestion.objects.filter(note=note):
        actions.answer_question(cast.maya, note, question=question, text="Asked; denied.")
    return actions.sign_note(cast.maya, note, credential="LCSW")


def test_signing_records_who_credential_when_and_the_hash_of_what_was_signed(cast: Cast) -> None:
    note = signed(cast)
    document = queries.printed_note(cast.maya, note.pk)
    signature = queries.signature_of(cast.maya, note)
    assert signature is not None
    assert (signature.who, signature.credential) == ("Maya Torres", "LCSW")
    assert signature.user_id == cast.maya.user_id
    assert len(signature.sha256) == 64
    assert queries.is_intact(cast.maya, note)
    assert document.sections[0].paragraphs == (
        "Client slept about 5 hours most nights. Client denied suicidal thoughts.",
    )
    assert document.minutes == 53


def test_an_open_question_keeps_a_note_from_being_signed_until_it_is_settled(cast: Cast) -> None:
    note = in_review(cast)
    with pytest.raises(NotReviewable):
        actions.sign_note(cast.maya, note, credential="LCSW")
    (question,) = NoteQuestion.objects.filter(note=note)
    actions.answer_question(cast.maya, note, question=question, text="Asked; denied.")
    assert actions.sign_note(cast.maya, note, credential="LCSW").state == "signed"
    document = queries.printed_note(cast.maya, note.pk)
    assert "Asked; denied." in document.sections[-1].paragraphs[0]


def test_a_draft_nobody_opened_cannot_be_signed_nor_one_without_a_credential(cast: Cast) -> None:
    note = actions.save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    with pytest.raises(NotReviewable):
        actions.sign_note(cast.maya, note, credential="LCSW")
    note = actions.begin_review(cast.maya, note)
    for question in NoteQuestion.objects.filter(note=note):
        actions.set_question_aside(cast.maya, note, question=question)
    with pytest.raises(BadInput):
        actions.sign_note(cast.maya, note, credential="  ")


def test_only_the_clinician_herself_signs(cast: Cast) -> None:
    note = actions.save_draft(cast.worker, heard(cast, held(cast, cast.okafors)), draft=small_draft())
    for actor in (cast.maya, cast.ada, cast.bo, cast.sam, cast.eve, cast.worker):
        with pytest.raises(NotAllowed):
            actions.sign_note(actor, note, credential="LCSW")
    actions.begin_review(cast.tom, note)


def test_a_signed_note_refuses_every_verb_but_an_addendum(cast: Cast) -> None:
    note = signed(cast)
    sentence = NoteSentence.objects.filter(note=note).first()
    assert sentence is not None
    tries: list[Callable[[], object]] = [
        lambda: actions.edit_sentence(cast.maya, note, sentence=sentence, text="Other words."),
        lambda: actions.strike_sentence(cast.maya, note, sentence=sentence),
        lambda: actions.keep_sentence(cast.maya, note, sentence=sentence),
        lambda: actions.restore_sentence(cast.maya, note, sentence=sentence),
        lambda: actions.add_sentence(cast.maya, note, section="Plan", text="More."),
        lambda: actions.sign_note(cast.maya, note, credential="LCSW"),
        lambda: actions.save_draft(cast.worker, note.session, draft=small_draft()),
        lambda: sessions.save_jottings(cast.maya, note.session, text="more"),
        lambda: sessions.request_draft(cast.maya, note.session, note_format="DAP"),
        note.delete,
    ]
    for attempt in tries:
        with pytest.raises((AlreadySigned, Destroyed)):
            attempt()
    added = actions.add_addendum(cast.maya, note, text="Called back on Friday.")
    assert (added.who, added.credential) == ("Maya Torres", "LCSW")
    assert queries.is_intact(cast.maya, note)
    assert queries.printed_note(cast.maya, note.pk).addenda[0].paragraphs == ("Called back on Friday.",)


def test_the_database_itself_refuses_to_change_a_signed_note(cast: Cast) -> None:
    note = signed(cast)
    actions.add_addendum(cast.maya, note, text="Called back on Friday.")
    statements = [
        "UPDATE chart_progressnote SET state = 'draft'",
        "DELETE FROM chart_progressnote",
        "UPDATE chart_notesentence SET status = 'struck'",
        "DELETE FROM chart_notesentence",
        "UPDATE chart_notequestion SET state = 'open'",
        "UPDATE chart_signature SET who = 'Eve'",
        "DELETE FROM chart_signature",
        "UPDATE chart_addendum SET who = 'Eve'",
        "DELETE FROM chart_addendum",
    ]
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    with pytest.raises(AlreadySigned):
        Signature.objects.get(note=note).save()


def test_signing_erases_what_she_struck_first_wordings_and_questions_set_aside(cast: Cast) -> None:
    note = in_review(cast)
    struck = NoteSentence.objects.filter(note=note).order_by("position").first()
    assert struck is not None
    actions.strike_sentence(cast.maya, note, sentence=struck)
    doubted = NoteSentence.objects.filter(note=note).exclude(pk=struck.pk)[0]
    doubted.doubt = doubted.drafted_doubt = "“nine” is in none of its quotes"
    doubted.save(update_fields=["doubt", "drafted_doubt"])
    sign(cast, note)
    left = NoteSentence.objects.filter(note=note)
    assert struck.pk not in {row.pk for row in left}
    assert {(row.drafted, row.doubt, row.drafted_doubt) for row in left} == {("", "", "")}
    assert not NoteQuestion.objects.filter(note=note).exists()


def test_signing_destroys_what_was_heard_and_every_quote_of_it(cast: Cast) -> None:
    note = in_review(cast)
    before = queries.note_for_review(cast.maya, note.pk)
    assert before.sections[0].sentences[0].evidence[0].quote == "I slept about five hours most nights"
    copied = SessionKey.objects.get(session_id=note.session_id, kind="heard")
    sign(cast, note)
    assert heard_from(cast.maya, note.session) is None
    assert transcript(cast.maya, note.session) is None
    sentence = NoteSentence.objects.filter(note=note).first()
    assert sentence is not None
    with pytest.raises(Destroyed):
        sentence.shown()
    assert list((settings.CONFIG.home / "generations").glob("*.key")) == []
    # The row as a backup made before signing would bring it back: it opens nothing.
    copied.save(force_insert=True)
    assert has_key(note.session_id)
    with pytest.raises(Destroyed):
        key_of(note.session_id)


def test_a_neighbours_transcript_of_the_same_day_survives_the_destruction(cast: Cast) -> None:
    other = heard(cast, held(cast, cast.okafors))
    old = {path.name for path in _generations()}
    note = signed(cast)
    assert {path.name for path in _generations()}.isdisjoint(old)
    said = transcript(cast.tom, other)
    assert said is not None
    assert said.turns[1].text.startswith("I slept")
    assert heard_from(cast.maya, note.session) is None


def _generations() -> list[Path]:
    return list((settings.CONFIG.home / "generations").glob("*.key"))
