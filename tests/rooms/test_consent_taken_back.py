"""A yes taken back: the unsigned draft goes whatever is left of the transcript, and whatever broke on the way."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from threading import Event
from time import monotonic
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client as Browser

from holdspace.assist.models import AiUse
from holdspace.audit.models import Entry
from holdspace.chart.actions import add_sentence, answer_question, begin_review, save_draft, write_note
from holdspace.chart.models import ProgressNote
from holdspace.consent.actions import record_consent, revoke_consent
from holdspace.consent.models import Consent
from holdspace.consent.rules import NO
from holdspace.errors import ConsentMissing, Destroyed, NothingToDraft
from holdspace.people.models import User
from holdspace.room import keeping
from holdspace.room.actions import captures, sessions
from holdspace.room.models import Capture, HeardPiece, HeardSession, Session
from holdspace.room.rules import DICTATION
from holdspace.vault import session_keys
from holdspace.vault.generations import DAYS
from holdspace.vault.reasons import AGE
from holdspace.workflows import consent_taken_back, worker
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


def lose_the_day() -> None:
    """Every day's key file is gone, and nothing is left open in memory."""
    for path in (settings.CONFIG.home / DAYS.folder).glob("*.key"):
        path.unlink()
    session_keys.opened.forget()


def worked_on(cast: Cast, session: Session) -> Session:
    """The session with a draft she wrote a sentence into and answered a question of."""
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, session), draft=small_draft()))
    add_sentence(cast.maya, note, section="Plan", text="I will call on Friday.")
    answer_question(cast.maya, note, question=note.notequestion_set.get(), text="He denied it.")
    return session


def test_a_draft_goes_though_the_key_of_its_day_is_lost_and_takes_what_nobody_reads_any_more(
    cast: Cast,
) -> None:
    session = worked_on(cast, held(cast))
    lose_the_day()
    revoke_consent(cast.maya, cast.ruth)
    carry_out()
    assert (is_drafted(session), is_done()) == (False, True)
    assert Session.objects.get(pk=session.pk).jottings == session.jottings


def test_hearing_stops_though_what_she_dictates_meanwhile_cannot_be_read_any_more(cast: Cast) -> None:
    session = heard(cast, held(cast))
    dictation = Capture.objects.create(session=session, mode=DICTATION, token="t", place="here")
    HeardPiece.objects.create(capture=dictation, start_s=0.0, end_s=1.0, sealed=b"sealed")
    lose_the_day()
    revoke_consent(cast.maya, cast.ruth)
    carry_out()
    assert (HeardSession.objects.exists(), HeardPiece.objects.exists(), is_done()) == (False, False, True)


def stuck(cast: Cast) -> Session:
    """A worked-on session of Ruth's whose jottings were damaged: its draft cannot go, for her line would be lost."""
    session = worked_on(cast, held(cast))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE room_session SET jottings = %s WHERE id = %s", [b"damaged", session.pk])
    revoke_consent(cast.maya, cast.ruth)
    return session


def test_one_withdrawal_that_cannot_be_carried_out_keeps_no_other_from_it(cast: Cast) -> None:
    in_the_way = stuck(cast)
    next_to_it = heard(cast, held(cast, start=TUESDAY + timedelta(hours=2)))
    revoke_consent(cast.maya, cast.ruth)
    others = drafted(cast, heard(cast, held(cast, cast.okafors)))
    revoke_consent(cast.tom, cast.okafors)
    carry_out()
    assert is_drafted(in_the_way)
    assert not is_drafted(others)
    assert not HeardSession.objects.filter(session__in=(in_the_way, next_to_it, others)).exists()
    assert {row.client for row in Consent.objects.filter(is_pending=True)} == {cast.ruth}


def test_what_could_not_be_carried_out_is_tried_again_a_while_later_and_not_five_times_a_second(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = stuck(cast)
    carry_out()
    entries = Entry.objects.count()
    carry_out()
    assert Entry.objects.count() == entries
    whole = Session.objects.get(pk=session.pk)
    whole.jottings = "Grounding."
    whole.save(update_fields=["jottings"])
    monkeypatch.setattr(consent_taken_back, "monotonic", lambda: monotonic() + consent_taken_back.AGAIN_S)
    carry_out()
    assert (is_drafted(session), is_done()) == (False, True)
    assert "I will call on Friday." in Session.objects.get(pk=session.pk).jottings


def test_the_owner_sees_that_a_withdrawal_is_not_carried_out_yet(cast: Cast) -> None:
    page, said = Browser(), "is not all destroyed yet"
    page.force_login(User.objects.get(username="maya"))
    assert said not in page.get("/practice/safekeeping/").content.decode()
    stuck(cast)
    carry_out()
    assert said in page.get("/practice/safekeeping/").content.decode()


class Rounds(Event):
    """Told to stop after so many rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        self.left -= 1
        if self.left < 0:
            self.set()
        return self.is_set()


@pytest.mark.parametrize(
    ("loop", "module", "name"),
    [
        (consent_taken_back.carry_out_until, consent_taken_back, "carry_out"),
        (worker.work_until, worker, "pick_up"),
    ],
    ids=["what carries out withdrawals", "what drafts"],
)
def test_a_loop_goes_on_after_an_error_of_ours(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, loop: Callable[[Event], None], module: Any, name: str
) -> None:
    assert cast.maya.user_id
    asked: list[str] = []

    def broken() -> int:
        asked.append(name)
        raise Destroyed("The key of that day is destroyed.")

    monkeypatch.setattr(module, name, broken)
    loop(Rounds(2))
    assert len(asked) >= 2
