"""Each client's record is under a key of its own: destroyed, it is gone; nobody else's is touched."""

from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from holdspace.chart.actions import (
    add_addendum,
    add_diagnosis,
    answer_question,
    begin_review,
    destroy_draft,
    save_draft,
    sign_note,
)
from holdspace.chart.models import Diagnosis, NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.queries import is_intact, note_for_review, printed_note
from holdspace.errors import Destroyed, NotAllowed
from holdspace.people.models import Client
from holdspace.people.queries import client, clients
from holdspace.room.actions.sessions import destroy_transcript, save_jottings
from holdspace.room.models import Session
from holdspace.room.queries import session as session_by_id
from holdspace.room.queries import transcript
from holdspace.vault import bring_over as bringing
from holdspace.vault import record_keys, session_keys, tombstones
from holdspace.vault.bring_over import fields_of, sealed_models
from holdspace.vault.envelope import Tampered, seal
from holdspace.vault.fields import open_all
from holdspace.vault.guards import lifted
from holdspace.vault.keys import ring
from holdspace.vault.models import BringingOver, Destruction, RecordKey, SessionKey
from holdspace.vault.whose import CLIENT, DRAFT, HEARD, Owner
from tests.cast import Cast, heard, held, small_draft

pytestmark = pytest.mark.django_db(transaction=True)


def drafted(cast: Cast) -> ProgressNote:
    """Ruth's draft, opened for review."""
    return begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))


def signed(cast: Cast) -> ProgressNote:
    """Ruth's note, its question answered, signed."""
    note = drafted(cast)
    for question in NoteQuestion.objects.filter(note=note):
        answer_question(cast.maya, note, question=question, text="Asked; denied.")
    return sign_note(cast.maya, note, credential="LCSW")


def destroy(*gone: Client) -> None:
    record_keys.destroy([Owner(CLIENT, one.pk) for one in gone], rule="record-law")


def test_a_destroyed_key_ends_one_clients_record_and_nobody_elses(cast: Cast) -> None:
    note, other = signed(cast), heard(cast, held(cast, cast.okafors))
    add_addendum(cast.maya, note, text="Called back on Friday.")
    save_jottings(cast.tom, other, text="grounding used")
    destroy(cast.ruth)
    for row in (Client.objects.get(pk=cast.ruth.pk), Session.objects.get(pk=note.session_id)):
        with pytest.raises(Destroyed):
            open_all(row)
    for sentence in NoteSentence.objects.filter(note=note):
        with pytest.raises(Destroyed):
            open_all(sentence)
    assert [found.name for found in clients(cast.maya)] == ["Ike Okafor"]
    for missing in (
        lambda: client(cast.maya, cast.ruth.pk),
        lambda: printed_note(cast.maya, note.pk),
        lambda: session_by_id(cast.maya, note.session_id),
    ):
        with pytest.raises(NotAllowed):
            missing()
    assert session_by_id(cast.tom, other.pk).jottings == "grounding used"
    assert transcript(cast.tom, other) is not None


def test_nothing_is_ever_added_to_a_destroyed_record(cast: Cast) -> None:
    destroy(cast.ruth)
    with pytest.raises(Destroyed):
        add_diagnosis(cast.maya, cast.ruth, code="F41.0", name="Panic disorder", since=date(2026, 9, 1))
    assert not Diagnosis.objects.exists()
    assert not RecordKey.objects.filter(kind=CLIENT, owner_id=cast.ruth.pk).exists()


def test_what_was_heard_opens_with_the_clients_key_and_the_days_or_not_at_all(cast: Cast) -> None:
    session = heard(cast, held(cast))
    kept = SessionKey.objects.get(session_id=session.pk, kind=HEARD)
    assert kept.client_id == cast.ruth.pk
    record_keys.destroy([Owner(CLIENT, cast.ruth.pk)], rule="record-law")
    session_keys.opened.forget()
    with pytest.raises(Destroyed):
        session_keys.key_of(session.pk)
    assert list((settings.CONFIG.home / "generations").glob("*.key"))  # the day's key alone opens nothing


def test_destroying_leaves_when_what_and_why(cast: Cast) -> None:
    key_id = RecordKey.objects.get(kind=CLIENT, owner_id=cast.ruth.pk).key_id
    note = signed(cast)
    destroy(cast.ruth)
    rows = {(row.kind, row.owner_id): row for row in Destruction.objects.all()}
    assert rows[CLIENT, cast.ruth.pk].key_id == key_id
    assert rows[CLIENT, cast.ruth.pk].rule == "record-law"
    assert {rows[kind, note.session_id].rule for kind in (HEARD, DRAFT)} == {"signed"}
    listed = settings.CONFIG.home / "destroyed.txt"
    assert {line.key_id for line in tombstones.listed(listed)} == {row.key_id for row in rows.values()}
    assert "Ruth" not in listed.read_text()


def test_a_key_made_in_a_transaction_that_is_undone_seals_nothing_afterwards(cast: Cast) -> None:
    made = Client(practice=cast.practice, clinician=cast.maya_clinician, name="Never Was")
    with transaction.atomic():
        made.save(force_insert=True)
        assert made.name == Client.objects.get(pk=made.pk).name
        transaction.set_rollback(True)
    made._state.adding = True
    made.save(force_insert=True)
    record_keys.opened.forget()
    assert client(cast.maya, made.pk).name == "Never Was"


def test_a_key_another_process_destroyed_is_not_used_from_memory(cast: Cast) -> None:
    assert client(cast.maya, cast.ruth.pk).name == "Ruth Abel"
    owner = Owner(CLIENT, cast.ruth.pk)
    assert record_keys.opened.get(owner)
    remembered = dict(record_keys.opened._keys)
    destroy(cast.ruth)
    record_keys.opened._keys = remembered  # as in a process that was not told
    assert record_keys.opened.get(owner) is None
    with pytest.raises(Destroyed):
        record_keys.key_of(owner)


def test_a_row_given_to_another_client_does_not_open(cast: Cast) -> None:
    row = add_diagnosis(cast.maya, cast.ruth, code="F41.0", name="Panic disorder", since=date(2026, 9, 1))
    Diagnosis.objects.filter(pk=row.pk).update(client=cast.okafors)
    with pytest.raises(Tampered):
        open_all(Diagnosis.objects.get(pk=row.pk))


def test_a_draft_can_be_destroyed_without_the_record_and_what_she_wrote_stays(cast: Cast) -> None:
    note = drafted(cast)
    sentence = NoteSentence.objects.filter(note=note).first()
    assert sentence is not None
    copied = SessionKey.objects.get(session_id=note.session_id, kind=DRAFT)
    question = NoteQuestion.objects.get(note=note)
    answer_question(cast.maya, note, question=question, text="Asked; denied.")
    assert destroy_draft(cast.worker, note.session, rule="age")
    assert not ProgressNote.objects.exists()
    assert session_by_id(cast.maya, note.session_id).jottings == "Asked; denied."
    copied.save(force_insert=True)  # as an old copy of the database has it
    with pytest.raises(Destroyed):
        session_keys.key_of(note.session_id, DRAFT)


def test_signing_moves_the_words_from_the_drafts_key_to_the_clients(cast: Cast) -> None:
    note = drafted(cast)
    assert session_keys.has_key(note.session_id, DRAFT)
    before = note_for_review(cast.maya, note.pk).sections[0].sentences[0].text
    for question in NoteQuestion.objects.filter(note=note):
        answer_question(cast.maya, note, question=question, text="Asked; denied.")
    sign_note(cast.maya, note, credential="LCSW")
    assert not session_keys.has_key(note.session_id, DRAFT)
    assert NoteSentence.objects.filter(note=note).order_by("position")[0].text == before


def test_a_draft_can_be_reviewed_and_signed_when_what_was_heard_is_destroyed_already(cast: Cast) -> None:
    note = drafted(cast)
    assert destroy_transcript(cast.worker, note.session, rule="age")
    reviewed = note_for_review(cast.maya, note.pk)
    assert not reviewed.is_heard
    assert [line.evidence for line in reviewed.sections[0].sentences] == [(), ()]
    assert reviewed.left_out == ()
    for question in NoteQuestion.objects.filter(note=note):
        answer_question(cast.maya, note, question=question, text="Asked; denied.")
    assert sign_note(cast.maya, note, credential="LCSW").state == "signed"


def as_the_first_version_wrote_it() -> int:
    """Every value under one key of the whole practice, as an older Holdspace sealed it. How many."""
    count = 0
    for model in sealed_models():
        with lifted([model._meta.db_table]):
            for row in model._base_manager.all():
                open_all(row)
                for field in fields_of(model):
                    plain = field.packed(getattr(row, field.attname))
                    sealed = seal(
                        ring.key_for(f"field/{field.purpose}"), plain, identity=field.identity_of(row)
                    )
                    model._base_manager.filter(pk=row.pk).update(**{field.attname: sealed})
                    count += 1
    BringingOver.objects.all().delete()
    return count


def of_the_first_version() -> int:
    """How many values are."""
    return sum(
        bytes(value)[:1] == b"\x01"
        for model in sealed_models()
        for values in model._base_manager.values_list(*(field.attname for field in fields_of(model)))
        for value in values
    )


def test_an_older_practice_is_brought_over_a_little_at_a_time_and_stays_readable(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, other = signed(cast), heard(cast, held(cast, cast.okafors))
    waiting = save_draft(cast.worker, other, draft=small_draft())
    count = as_the_first_version_wrote_it()
    assert of_the_first_version() == count > 30
    monkeypatch.setattr(bringing, "AT_ONCE", 2)
    assert not bringing.bring_over(within_s=0.0)
    while of_the_first_version() == count:  # the first rooms in the order have nothing sealed
        bringing._batch()
    assert 0 < of_the_first_version() < count
    assert client(cast.maya, cast.ruth.pk).name == "Ruth Abel"
    assert printed_note(cast.maya, note.pk).client == "Ruth Abel"
    assert bringing.bring_over()
    assert of_the_first_version() == 0
    assert bringing.bring_over()
    assert is_intact(cast.maya, note)
    assert note_for_review(cast.tom, waiting.pk).sections[0].sentences[0].evidence
    assert session_keys.has_key(other.pk, DRAFT)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changes"):
        cursor.execute("UPDATE chart_signature SET who = 'Eve'")


def test_a_session_key_of_the_first_version_learns_its_client(cast: Cast) -> None:
    session = heard(cast, held(cast))
    kept = SessionKey.objects.select_related("generation").get(session_id=session.pk)
    key = session_keys.key_of(session.pk)
    kept.key_id = ""  # what the first version wrote: wrapped by the day's key alone
    kept.wrapped = session_keys._wrapped(kept, key, kept.generation)
    kept.save()
    session_keys.opened.forget()
    assert transcript(cast.maya, session) is not None
    assert session_keys.bring_over() == 1
    assert session_keys.bring_over() == 0
    session_keys.opened.forget()
    assert transcript(cast.maya, session) is not None
