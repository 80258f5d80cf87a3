"""From what was said to a draft that waits: the rows, the worker, and everything that can come between."""

from datetime import timedelta
from importlib.resources import files
from threading import Event

import pytest
from django.conf import LazySettings
from django.utils import timezone

from holdspace.assist.actions import switch_off
from holdspace.assist.queries import note_formats
from holdspace.assist.rules import DRAFTING, RECORDING, SwitchAt
from holdspace.assist.tools import DraftingTools
from holdspace.audit.check import check_log
from holdspace.chart.queries import note_for_review, note_of
from holdspace.cli.draft import PARSER_WEIGHTS
from holdspace.consent.actions import revoke_consent
from holdspace.consent.queries import standings, who_is_missing
from holdspace.errors import (
    AlreadyRunning,
    ConsentMissing,
    NotASession,
    NothingToDraft,
    SwitchedOff,
    Unavailable,
)
from holdspace.room import waiting_audio
from holdspace.room.actions import sessions
from holdspace.room.models import DraftRun, Session
from holdspace.room.queries import heard_from, latest_run, who_began
from holdspace.weights.store import Store, default_root
from holdspace.workflows.session_to_draft import pick_up, record_of, vocabulary, work
from holdspace.workflows.worker import work_until
from tests.cast import Cast, agree, heard, held

pytestmark = pytest.mark.django_db(transaction=True)
NO_SOUND = b"fLaC, it says, and then there is no sound at all"

SAID = b"""Therapist: How has the week been, with the panic?
Client: I had two panic attacks this week, fewer than before. I slept about five hours most nights.
Therapist: Your PHQ-9 is eleven today. It was fourteen last month. What helped?
Client: The breathing you showed me helped. My heart pounds, but it passes in about ten minutes now.
Therapist: Any thoughts of ending your life, or of hurting yourself?
Client: No, nothing like that. I have my daughter to look after.
Therapist: Would you practise the breathing every evening until we meet next Tuesday?
Client: Yes, I can do that. Every evening after dinner.
"""


def round_of_work() -> None:
    """What a worker does once."""
    work_until(Event(), only_once=True)


def said(cast: Cast, session: Session) -> Session:
    """Ruth's session, with consent and a typed transcript."""
    agree(cast.maya, session.client)
    sessions.accept_transcript(cast.maya, session, data=SAID, filename="said.txt")
    return session


def state(run: DraftRun) -> tuple[str, str]:
    """Where a run is, and its error."""
    run.refresh_from_db()
    return run.state, run.error_code


@pytest.mark.weights
def test_a_typed_transcript_becomes_a_draft_that_waits_for_her(cast: Cast) -> None:
    session = said(cast, held(cast))
    sessions.save_jottings(cast.maya, session, text="less avoidant than last week")
    run = sessions.request_draft(cast.maya, session, note_format="DAP")
    round_of_work()
    assert state(run) == ("done", "")
    note = note_of(cast.maya, session)
    assert note is not None
    page = note_for_review(cast.maya, note.pk)
    sentences = [sentence for section in page.sections for sentence in section.sentences]
    assert sentences
    assert all(sentence.evidence for sentence in sentences)
    assert any(sentence.origin == "jottings" for sentence in sentences)
    assert check_log().is_whole
    work.call(cast.practice.pk, run.pk)  # a task that comes twice does nothing twice
    assert state(run) == ("done", "")


@pytest.mark.weights
def test_two_speakers_swapped_are_drafted_from_the_other_way_round(cast: Cast) -> None:
    session = said(cast, held(cast))
    sessions.request_draft(cast.maya, session, note_format="DAP")
    round_of_work()
    run = sessions.swap_speakers(cast.maya, session)
    assert run is not None
    assert who_began(cast.maya, session)[0][0] == "client"
    assert who_began(cast.bo, session) == ()
    round_of_work()
    assert state(run) == ("done", "")
    assert check_log().is_whole


def test_a_second_draft_is_refused_while_one_runs(cast: Cast) -> None:
    session = said(cast, held(cast))
    run = sessions.request_draft(cast.maya, session, note_format="DAP")
    with pytest.raises(AlreadyRunning):
        sessions.request_draft(cast.maya, session, note_format="SOAP")
    with pytest.raises(AlreadyRunning):
        sessions.accept_audio(cast.maya, session, data=b"sound")
    found = latest_run(cast.maya, session)
    assert found is not None
    assert (found.pk, found.is_going) == (run.pk, True)


def test_nothing_is_taken_without_everyones_consent_and_taking_it_back_holds(cast: Cast) -> None:
    session = held(cast, cast.okafors)
    agree(cast.tom, cast.okafors, "client")
    assert who_is_missing(cast.tom, cast.okafors) == ("partner",)
    with pytest.raises(ConsentMissing, match="partner"):
        sessions.accept_audio(cast.tom, session, data=b"sound")
    agree(cast.tom, cast.okafors, "partner")
    sessions.accept_transcript(cast.tom, session, data=SAID, filename="said.txt")
    revoke_consent(cast.tom, cast.okafors, participant="partner: Amara Okafor")
    with pytest.raises(ConsentMissing):
        sessions.accept_transcript(cast.tom, session, data=SAID, filename="said.txt")
    assert [(s.label, s.is_given) for s in standings(cast.tom, cast.okafors)] == [
        ("client", True),
        ("partner", False),
    ]


def test_a_file_that_is_no_session_leaves_what_was_there(cast: Cast) -> None:
    session = said(cast, held(cast))
    with pytest.raises(NotASession):
        sessions.accept_transcript(cast.maya, session, data=b'{"turns": [', filename="broken.json")
    kept = heard_from(cast.maya, session)
    assert kept is not None
    assert kept.turn_count == 8


def test_nothing_given_is_nothing_to_draft(cast: Cast) -> None:
    with pytest.raises(NothingToDraft):
        sessions.request_draft(cast.maya, held(cast), note_format="DAP")


def test_a_switch_that_is_off_stops_the_request_and_a_waiting_run(cast: Cast) -> None:
    session = said(cast, held(cast))
    run = sessions.request_draft(cast.maya, session, note_format="DAP")
    switch_off(cast.maya, SwitchAt(DRAFTING, session))
    round_of_work()
    assert state(run) == ("failed", "switched-off")
    with pytest.raises(SwitchedOff):
        sessions.request_draft(cast.maya, session, note_format="DAP")
    switch_off(cast.maya, SwitchAt(RECORDING, session))
    with pytest.raises(SwitchedOff):
        sessions.accept_audio(cast.maya, session, data=b"sound")


@pytest.mark.weights
def test_what_is_not_audio_is_said_and_her_jottings_and_the_next_try_are_untouched(cast: Cast) -> None:
    session = held(cast)
    agree(cast.maya, cast.ruth)
    sessions.save_jottings(cast.maya, session, text="tired today")
    run = sessions.accept_audio(cast.maya, session, data=NO_SOUND)
    round_of_work()
    assert state(run) == ("failed", "not-audio")
    session.refresh_from_db()
    assert session.jottings == "tired today"
    assert waiting_audio.take(run.pk) is None
    again = sessions.accept_audio(cast.maya, session, data=NO_SOUND)
    assert again.pk != run.pk
    waiting_audio.drop(again.pk)


def test_missing_weights_are_said_with_what_to_do(cast: Cast, settings: LazySettings) -> None:
    session = said(cast, held(cast))
    elsewhere = settings.CONFIG.home / "no weights"
    settings.CONFIG = type(settings.CONFIG)(home=settings.CONFIG.home, weights=elsewhere)
    run = sessions.request_draft(cast.maya, session, note_format="DAP")
    round_of_work()
    assert state(run) == ("failed", "weights-missing")
    assert "holdspace models pull" in run.error_then


def lose(run: DraftRun, *, tries: int = 1, since: timedelta = timedelta(minutes=5)) -> None:
    """As a killed worker leaves it: at work, picked up, and silent."""
    silent = timezone.now() - since
    at_work = "hearing" if run.kind == "hear" else "drafting"
    DraftRun.objects.filter(pk=run.pk).update(
        state=at_work, task_id="picked up", tries=tries, heartbeat_at=silent
    )


def test_a_draft_whose_worker_was_killed_is_taken_up_again_until_it_is_hopeless(cast: Cast) -> None:
    run = sessions.request_draft(cast.maya, said(cast, held(cast)), note_format="DAP")
    assert pick_up() == 1
    lose(run)
    assert pick_up() == 1
    assert state(run) == ("queued", "")
    lose(run, tries=3)
    assert pick_up() == 0
    assert state(run) == ("failed", "engine-failed")
    assert "jottings are kept" in run.error_kept


def test_a_draft_whose_worker_was_killed_under_a_clock_that_was_ahead_is_taken_up_again(cast: Cast) -> None:
    run = sessions.request_draft(cast.maya, said(cast, held(cast)), note_format="DAP")
    lose(run, since=-timedelta(days=365))
    assert pick_up() == 1
    assert state(run) == ("queued", "")


def test_a_recording_that_went_with_its_process_says_so_instead_of_waiting_for_ever(cast: Cast) -> None:
    session = held(cast)
    agree(cast.maya, cast.ruth)
    run = sessions.accept_audio(cast.maya, session, data=NO_SOUND)
    waiting_audio.drop(run.pk)
    DraftRun.objects.filter(pk=run.pk).update(
        place="a process that is gone", heartbeat_at=timezone.now() - timedelta(minutes=5)
    )
    pick_up()
    assert state(run) == ("failed", "unavailable")
    assert run.error_then == "Give the recording again."


def test_a_recording_waiting_in_a_living_process_is_left_to_it(cast: Cast) -> None:
    session = held(cast)
    agree(cast.maya, cast.ruth)
    run = sessions.accept_audio(cast.maya, session, data=NO_SOUND)
    waiting_audio.drop(run.pk)
    DraftRun.objects.filter(pk=run.pk).update(place="another process", heartbeat_at=timezone.now())
    assert pick_up() == 0
    assert state(run) == ("queued", "")


def test_memory_for_waiting_recordings_is_not_endless() -> None:
    with pytest.raises(Unavailable, match="Too many recordings"):
        waiting_audio.put(1, _Huge())


class _Huge(bytes):
    """As long as two of the largest uploads and one byte more, without being so."""

    def __len__(self) -> int:
        return waiting_audio.MOST_BYTES + 1


def test_the_drafter_is_told_of_this_client_and_of_no_other(cast: Cast) -> None:
    session = heard(cast, held(cast))
    heard(cast, held(cast, cast.okafors))
    told = record_of(cast.worker, session, note_format="SOAP")
    assert (told.client.name, told.clinician.credential) == ("Ruth Abel", "LCSW")
    assert (told.day, told.start, told.end) == ("2026-11-10", "11:00", "11:53")
    assert told.former_names == ("Rudy",)
    assert len(told.turns) == 5
    assert "Okafor" not in str(told)
    assert vocabulary(session) == ("Ruth Abel",)


@pytest.mark.weights
def test_a_practices_own_format_is_offered_and_drafted_in(cast: Cast, settings: LazySettings) -> None:
    formats = settings.CONFIG.formats
    formats.mkdir()
    shipped = files("holdspace.engines.drafting") / "formats" / "dap.yaml"
    own = shipped.read_text().replace("format: DAP", "format: CLINIC").replace("name: Data", "name: Facts")
    (formats / "clinic.yaml").write_text(own)
    assert "CLINIC" in note_formats(cast.maya)
    assert note_formats(cast.bo) == ()
    tools = DraftingTools.load(
        parser=Store(default_root()).path(PARSER_WEIGHTS),
        learns_voice=False,
        own_formats=settings.CONFIG.formats,
        ahead={},
    )
    session = said(cast, held(cast))
    made = tools.draft(record_of(cast.worker, session, note_format="CLINIC"), session.pk)
    assert made.sections[0].name == "Facts"
