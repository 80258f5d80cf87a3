"""A yes taken back: the unsigned draft goes whatever is left of the transcript, and whatever broke on the way."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError

from holdspace.assist.models import AiUse
from holdspace.chart.actions import save_draft, write_note
from holdspace.chart.models import ProgressNote
from holdspace.consent.actions import record_consent, revoke_consent
from holdspace.consent.models import Consent
from holdspace.consent.rules import NO
from holdspace.errors import ConsentMissing, NothingToDraft
from holdspace.room import keeping
from holdspace.room.actions import captures, sessions
from holdspace.room.models import HeardSession, Session
from holdspace.vault.reasons import AGE
from holdspace.workflows import consent_taken_back
from holdspace.workflows.consent_taken_back import carry_out
from tests.cast import TUESDAY, Cast, agree, heard, held, small_draft

pytestmark = pytest.mark.django_db(transaction=True)
SAID = b"Therapist: How was the week?\nClient: I slept about five hours most nights.\n"


def drafted(cast: Cast, session: Session) -> Session:
    """The session with a draft that nobody signed."""
    save_draft(cast.worker, session, draft=small_draft())
    return session


def is_drafted(session: Session) -> bool:
    """Whether a draft of it stands."""
    return ProgressNote.objects.filter(session=session).exists()


def is_done() -> bool:
    """Whether nothing that was taken back waits."""
    return not Consent.objects.filter(is_pending=True).exists()


@pytest.mark.parametrize("by", ["her", "age"])
def test_a_draft_goes_though_the_transcript_went_before(cast: Cast, by: str) -> None:
    session = drafted(cast, heard(cast, held(cast)))
    if by == "her":
        sessions.destroy_now(cast.maya, session)
    else:
        sessions.destroy_transcript(cast.worker, session, rule=AGE)
    assert is_drafted(session)
    revoke_consent(cast.maya, cast.ruth)
    carry_out()
    assert (is_drafted(session), is_done()) == (False, True)


def test_a_draft_goes_in_the_next_round_where_this_one_broke_after_the_transcript(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = drafted(cast, heard(cast, held(cast)))
    revoke_consent(cast.maya, cast.ruth)

    def broken(*_: Any, **__: Any) -> bool:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as full:
        full.setattr(consent_taken_back, "destroy_draft", broken)
        with pytest.raises(OperationalError):
            carry_out()
    assert not HeardSession.objects.exists()
    assert (is_drafted(session), is_done()) == (True, False)
    carry_out()
    assert (is_drafted(session), is_done()) == (False, True)


def test_what_is_drafted_from_her_jottings_alone_stays(cast: Cast) -> None:
    session = drafted(cast, held(cast))
    record_consent(cast.maya, cast.ruth, answer=NO, session_id=session.pk)
    carry_out()
    assert (is_drafted(session), is_done()) == (True, True)


def test_what_she_writes_after_it_was_carried_out_stays_when_another_says_no_too(cast: Cast) -> None:
    session = drafted(cast, heard(cast, held(cast, cast.okafors)))
    revoke_consent(cast.tom, cast.okafors)
    carry_out()
    assert not is_drafted(session)
    write_note(cast.tom, session, note_format="DAP")
    revoke_consent(cast.tom, cast.okafors, participant="partner: Amara Okafor")
    carry_out()
    assert (is_drafted(session), is_done()) == (True, True)


def test_what_is_heard_under_a_new_yes_is_remembered_though_the_old_one_is_closed_late(cast: Cast) -> None:
    session = heard(cast, held(cast))
    captures.heard_is_gone(cast.worker, session)
    session.refresh_from_db()
    assert session.heard_at is not None


def test_a_practice_that_was_here_before_remembers_what_the_ledger_says(cast: Cast) -> None:
    hour = timedelta(hours=2)
    given = ("transcript, jottings", "sound of the session", "", "jottings, plan", "her dictation")
    found = [held(cast, start=TUESDAY + n * hour) for n in range(len(given) + 1)]
    for session, what in zip(found[1:], given, strict=True):
        AiUse.objects.create(
            practice=cast.practice, session_id=session.pk, purpose="drafting", model="rules", given=what
        )
    heard(cast, found[0])
    Session.objects.update(heard_at=None)
    import_module("holdspace.room.migrations.0005_heard_at").tell(apps, None)
    remembered = set(Session.objects.exclude(heard_at=None).values_list("pk", flat=True))
    assert remembered == {session.pk for session in found[:4]}


def test_a_yes_is_asked_about_while_the_session_is_held(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the yes could be taken back, and that carried out, between the question and the words."""
    session = held(cast)
    agree(cast.maya, cast.ruth)
    hold = keeping.hold

    def taken_back_just_before(one: Session) -> None:
        revoke_consent(cast.maya, cast.ruth)
        hold(one)

    monkeypatch.setattr(keeping, "hold", taken_back_just_before)
    with pytest.raises(ConsentMissing):
        sessions.accept_transcript(cast.maya, session, data=SAID, filename="said.txt")
    assert not HeardSession.objects.exists()


def test_who_carries_out_a_no_holds_the_session_before_looking(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = held(cast)

    def heard_just_before(_: Session) -> None:
        HeardSession.objects.create(session=session, source="transcript", turn_count=1, sealed=b"sealed")

    monkeypatch.setattr(captures, "hold", heard_just_before)
    assert captures.take_back_heard(cast.worker, session)
    assert not HeardSession.objects.exists()


def test_a_correction_brings_back_nothing_that_was_taken_back_meanwhile(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = heard(cast, held(cast))
    monkeypatch.setattr(sessions, "hold", lambda one: captures.take_back_heard(cast.worker, one))
    with pytest.raises(NothingToDraft):
        sessions.swap_speakers(cast.maya, session)
