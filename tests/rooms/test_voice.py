"""The voice profile: learnt from her own signed notes alone, hers to correct, switch off and erase."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from holdspace.access.actor import Actor
from holdspace.assist.actions import correct_voice, drop_correction, erase_voice, switch_off, switch_on
from holdspace.assist.doorway import voice_learnt
from holdspace.assist.queries import voice_kept, voice_off_at
from holdspace.assist.rules import DRAFTING, VOICE, SwitchAt, VoiceKept
from holdspace.audit.models import Entry
from holdspace.chart.actions import bring_in_note
from holdspace.chart.models import NoteSentence
from holdspace.chart.queries import voice_samples
from holdspace.errors import BadInput, NotAllowed
from holdspace.people.models import Client
from holdspace.room.actions import sessions
from holdspace.room.models import Session
from holdspace.workflows.session_to_draft import record_of
from tests.cast import TUESDAY, Cast, held
from tests.rooms.test_session_to_draft import round_of_work, said

pytestmark = pytest.mark.django_db(transaction=True)

TERSE = (
    ("Data", ("Ct on time.", "Reports 2 arguments w/ boss past wk.", "Denies SI/HI.", "Sleep 5 hrs.")),
    ("Plan", ("Walk x3.", "RTC 1 wk.")),
)
BY_NAME = (
    ("Data", ("Ruth shared that she slept.", "Ruth described her week.")),
    ("Plan", ("Ruth will walk.",)),
)


def signed_before(
    cast: Cast,
    weeks: int,
    sections: tuple[tuple[str, tuple[str, ...]], ...] = TERSE,
    client: Client | None = None,
) -> Session:
    """A note of an earlier session, signed two hours after it."""
    session = held(cast, client, TUESDAY - timedelta(weeks=weeks))
    author = cast.tom if client == cast.okafors else cast.maya
    signed_at = session.ended_at + timedelta(hours=2)
    bring_in_note(author, session, note_format="DAP", sections=sections, signed_at=signed_at)
    return session


def drafted(cast: Cast) -> str:
    """The words of the draft of Ruth's session."""
    session = said(cast, held(cast))
    sessions.request_draft(cast.maya, session, note_format="DAP")
    round_of_work()
    return " ".join(row.text for row in NoteSentence.objects.filter(note__session=session))


@pytest.mark.weights
def test_a_draft_is_worded_in_the_voice_of_her_signed_notes(cast: Cast) -> None:
    signed_before(cast, 1)
    words = drafted(cast)
    assert "SI" in words
    assert "RTC" in words


@pytest.mark.weights
def test_switched_off_the_voice_is_the_plain_one_and_corrections_rest(cast: Cast) -> None:
    signed_before(cast, 1)
    correct_voice(cast.maya, cast.maya_clinician, habit="naming", value="Pt")
    switch_off(cast.maya, SwitchAt(VOICE, cast.maya_clinician))
    words = drafted(cast)
    assert "Client" in words
    assert "suicid" in words
    assert not {"Ct", "Pt", "RTC"} & set(words.split())


@pytest.mark.weights
def test_a_correction_reaches_the_draft_and_wins_over_what_was_learnt(cast: Cast) -> None:
    signed_before(cast, 1)
    for habit, value in (
        ("naming", "Pt"),
        ("sentences", "full"),
        ("risk", "words"),
        ("next_visit", "We will meet"),
    ):
        correct_voice(cast.maya, cast.maya_clinician, habit=habit, value=value)
    words = drafted(cast)
    assert "Pt denie" in words
    assert "suicid" in words
    assert "We will meet" in words
    assert "RTC" not in words


def test_it_is_learnt_from_her_own_signed_notes_before_the_session_and_nothing_else(cast: Cast) -> None:
    signed_before(cast, 2, BY_NAME)
    signed_before(cast, 1, (("Data", ("Ike argued.",)),), cast.okafors)
    signed_before(cast, -1)
    said(cast, held(cast))
    samples = voice_samples(cast.worker, clinician_id=cast.maya_clinician.pk, before=TUESDAY)
    assert len(samples) == 1
    assert "argued" not in samples[0]
    assert "Ruth" not in samples[0]  # a name is no habit; which place it has is


def test_a_first_name_is_a_habit_of_naming_and_no_clients_in_particular(cast: Cast) -> None:
    signed_before(cast, 1, BY_NAME)
    session = held(cast)
    told = record_of(cast.worker, session, note_format="DAP")
    learnt = voice_learnt(cast.maya, session.around(), told.signed_notes)
    assert learnt is not None
    assert (learnt.habits["naming"], learnt.habits["saying"], learnt.notes) == ("Firstname", "share", 1)


def test_a_correction_is_dropped_alone_and_an_impossible_one_refused(cast: Cast) -> None:
    for habit, value in (("naming", "Pt"), ("length", "200")):
        correct_voice(cast.maya, cast.maya_clinician, habit=habit, value=value)
    drop_correction(cast.maya, cast.maya_clinician, habit="naming")
    assert voice_kept(cast.maya, cast.maya_clinician.pk).corrections == {"length": "200"}
    with pytest.raises(BadInput):
        correct_voice(cast.maya, cast.maya_clinician, habit="length", value="9")


def test_erased_it_starts_again_from_notes_signed_afterwards(cast: Cast) -> None:
    signed_before(cast, 1)
    correct_voice(cast.maya, cast.maya_clinician, habit="naming", value="Pt")
    since = erase_voice(cast.maya, cast.maya_clinician).learns_from
    assert since is not None
    told = record_of(cast.worker, held(cast), note_format="DAP")
    assert (told.signed_notes, told.voice) == ((), ())
    session = held(cast, start=TUESDAY - timedelta(days=3))
    bring_in_note(
        cast.maya, session, note_format="DAP", sections=TERSE, signed_at=since + timedelta(minutes=1)
    )
    assert len(voice_samples(cast.maya, clinician_id=cast.maya_clinician.pk, before=TUESDAY)) == 1


def test_nobody_else_reads_or_changes_it(cast: Cast) -> None:
    correct_voice(cast.tom, cast.tom_clinician, habit="naming", value="Pt")
    for stranger in (cast.maya, cast.ada, cast.bo, cast.eve):
        assert voice_kept(stranger, cast.tom_clinician.pk) == VoiceKept()
        with pytest.raises(NotAllowed):
            correct_voice(stranger, cast.tom_clinician, habit="naming", value="Ct")
        with pytest.raises(NotAllowed):
            erase_voice(stranger, cast.tom_clinician)
    assert voice_kept(cast.worker, cast.tom_clinician.pk).corrections == {"naming": "Pt"}


def test_it_is_kept_encrypted_and_every_change_is_in_the_audit_log(cast: Cast) -> None:
    correct_voice(cast.maya, cast.maya_clinician, habit="naming", value="Pt")
    erase_voice(cast.maya, cast.maya_clinician)
    correct_voice(cast.maya, cast.maya_clinician, habit="self", value="this writer")
    with connection.cursor() as cursor:
        cursor.execute("SELECT corrections FROM assist_voiceprofile")
        ((kept,),) = cursor.fetchall()
    assert b"this writer" not in bytes(kept)
    assert json.dumps("self").encode() not in bytes(kept)
    verbs = [entry.verb for entry in Entry.objects.order_by("pk") if entry.verb.startswith("voice.")]
    assert verbs == ["voice.correct", "voice.erase", "voice.correct"]


def test_switched_off_nothing_is_learnt_for_the_page_either(cast: Cast) -> None:
    session, notes = held(cast), ("Ct on time. RTC 1 wk.",)
    assert voice_learnt(cast.maya, session.around(), notes) is not None
    switch_off(cast.maya, SwitchAt(VOICE, cast.maya_clinician))
    assert voice_off_at(cast.maya, cast.maya_clinician) == "clinician"
    assert voice_learnt(cast.maya, session.around(), notes) is None
    switch_on(cast.maya, SwitchAt(VOICE, cast.maya_clinician))
    assert voice_off_at(cast.maya, cast.maya_clinician) is None
    switch_off(cast.maya, SwitchAt(DRAFTING, session))
    assert voice_learnt(cast.maya, session.around(), notes) is None


def test_a_machine_may_not_correct_it(cast: Cast) -> None:
    for machine in (cast.worker, Actor.command_line(cast.practice.pk)):
        with pytest.raises(NotAllowed):
            correct_voice(machine, cast.maya_clinician, habit="naming", value="Pt")
