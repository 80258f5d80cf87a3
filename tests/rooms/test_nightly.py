"""The night's work: what had its time is destroyed, nothing before its time, and nothing by a clock that is wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from holdspace.assist.models import SpeakingVoice
from holdspace.audit.check import check_log
from holdspace.audit.letting_go import let_go_through
from holdspace.audit.models import ChainStart, Entry
from holdspace.chart.actions import add_sentence, begin_review, save_draft
from holdspace.chart.models import ProgressNote
from holdspace.consent.actions import set_place, set_practice_place
from holdspace.errors import BadInput, Destroyed, NotAllowed
from holdspace.people import name_index
from holdspace.people.actions import add_client
from holdspace.people.models import Client, User
from holdspace.people.queries import clients
from holdspace.room.models import Session
from holdspace.room.queries import heard_from
from holdspace.safekeeping import queries
from holdspace.safekeeping.actions import (
    ClockSetBack,
    TooEarly,
    destroy_record,
    hold_record,
    release_record,
    set_retention,
)
from holdspace.safekeeping.models import Night, SafeRun
from holdspace.safekeeping.rules import LONGEST_NIGHT, Kept
from holdspace.schedule.models import Appointment
from holdspace.vault import session_keys
from holdspace.vault.models import Destruction, Generation, SessionKey
from holdspace.vault.whose import CLIENT, DRAFT, HEARD, VOICE
from holdspace.workflows import nightly
from holdspace.workflows.nightly import night
from tests.cast import Cast, booked, heard, held, small_draft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("night_home")]
LONG_AGO = datetime(2011, 3, 1, 15, tzinfo=UTC)


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def drafted(cast: Cast) -> ProgressNote:
    return begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))


def long_gone(cast: Cast, name: str = "Old Client", born: date | None = date(1970, 1, 1)) -> Client:
    """A client whose one session was long ago."""
    client = add_client(cast.maya, cast.maya_clinician, name=name, birth_date=born)
    session = held(cast, client, LONG_AGO)
    Session.objects.filter(pk=session.pk).update(is_closed=True)
    Client.objects.filter(pk=client.pk).update(made_at=LONG_AGO)
    return Client.objects.get(pk=client.pk)


def test_what_was_heard_goes_within_a_week_and_the_draft_after_a_month_and_what_she_wrote_stays(
    cast: Cast,
) -> None:
    note = drafted(cast)
    add_sentence(cast.maya, note, section="Plan", text="I will call on Friday.")
    assert [(due.kind, due.session.pk) for due in queries.heard_and_drafted(cast.maya)] == [
        (HEARD, note.session_id),
        (DRAFT, note.session_id),
    ]
    first = night(cast.worker, now=in_days(5.9))
    assert first is not None
    assert heard_from(cast.maya, note.session) is not None
    night(cast.worker, now=in_days(6.9))  # the next night would find it older than seven days
    assert heard_from(cast.maya, note.session) is None
    assert ProgressNote.objects.filter(pk=note.pk).exists()
    night(cast.worker, now=in_days(31))
    assert not ProgressNote.objects.exists()
    with pytest.raises(Destroyed):
        session_keys.key_of(note.session_id, DRAFT)
    assert Session.objects.get(pk=note.session_id).jottings == "I will call on Friday."
    assert [(row.kind, row.rule) for row in Destruction.objects.order_by("pk")] == [
        (HEARD, "age"),
        (DRAFT, "age"),
    ]


def test_the_practice_shortens_what_is_kept_within_bounds_and_the_next_night_follows(cast: Cast) -> None:
    session = heard(cast, held(cast))
    for wrong in (
        Kept(transcript_days=8),
        Kept(transcript_days=0),
        Kept(log_years=5),
        Kept(draft_days=91),
        Kept(voice_months=0),
        Kept(backups_kept=1),
    ):
        with pytest.raises(BadInput, match="between"):
            set_retention(cast.maya, cast.practice, kept=wrong)
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.worker, cast.eve):
        with pytest.raises(NotAllowed):
            set_retention(actor, cast.practice, kept=Kept())
    set_retention(cast.maya, cast.practice, kept=replace(queries.kept(cast.maya), transcript_days=1))
    night(cast.worker, now=in_days(1.1))
    assert heard_from(cast.maya, session) is None


def test_a_day_has_one_night_whoever_asks(cast: Cast) -> None:
    assert night(cast.worker) is not None
    assert night(cast.worker) is None
    assert Night.objects.count() == 1


def test_a_lost_file_of_a_day_keeps_neither_the_rest_from_going_nor_the_backup_from_being_made(
    cast: Cast,
) -> None:
    set_retention(cast.maya, cast.practice, kept=Kept())
    lost, other = heard(cast, held(cast)), drafted(cast)
    gone = SessionKey.objects.get(session_id=lost.pk, kind=HEARD)
    gone.generation = Generation.objects.create(name="2026-01-01.9.gone", kind="day", is_open=False)
    gone.save()
    session_keys.opened.forget()
    done = night(cast.worker, now=in_days(8))
    assert done is not None
    done.refresh_from_db()
    assert (done.destroyed, done.error_code) == (2, "")
    assert not SessionKey.objects.filter(kind=HEARD).exists()
    assert session_keys.key_of(other.session_id, DRAFT)  # moved with nothing in its way
    assert SafeRun.objects.filter(kind="backup").count() == 1


def test_the_backup_is_asked_for_whatever_stood_in_the_way_of_destroying(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_retention(cast.maya, cast.practice, kept=Kept())

    def broken(*_: object, **__: object) -> int:
        raise Destroyed("The key of that day is destroyed.")

    monkeypatch.setattr(nightly, "_voices", broken)
    done = night(cast.worker)
    assert done is not None
    done.refresh_from_db()
    assert done.error_code == "destroyed"
    assert SafeRun.objects.filter(kind="backup").count() == 1


def test_a_night_under_a_clock_that_was_ahead_keeps_no_later_night_from_its_work(cast: Cast) -> None:
    today = timezone.now().astimezone(ZoneInfo(cast.practice.zone)).date()
    Night.objects.create(
        practice=cast.practice, day=date(2099, 1, 1), began_at=datetime(2099, 1, 1, 9, tzinfo=UTC)
    )
    assert not queries.night_is_done(cast.worker, today, timezone.now())
    assert queries.last_night(cast.worker) is None
    assert night(cast.worker) is not None
    assert queries.night_is_done(cast.worker, today, timezone.now())


def test_a_night_whose_process_died_is_done_once_more(cast: Cast) -> None:
    begun = night(cast.worker)
    assert begun is not None
    Night.objects.update(ended_at=None)
    assert night(cast.worker) is None  # it may be going on
    Night.objects.update(began_at=timezone.now() - LONGEST_NIGHT - timedelta(minutes=1))
    again = night(cast.worker)
    assert again is not None
    again.refresh_from_db()
    assert (again.pk, again.ended_at is not None) == (begun.pk, True)


def test_a_speaking_voice_goes_when_it_is_old_or_its_owner_left(cast: Cast) -> None:
    for clinician in (cast.maya_clinician, cast.tom_clinician):
        SpeakingVoice.objects.create(clinician=clinician, numbers="[0.1]")
    User.objects.filter(pk=cast.tom_clinician.user_id).update(is_active=False)
    night(cast.worker, now=in_days(1))
    assert [row.clinician for row in SpeakingVoice.objects.all()] == [cast.maya_clinician]
    night(cast.worker, now=in_days(361))
    assert not SpeakingVoice.objects.exists()
    assert [row.kind for row in Destruction.objects.all()] == [VOICE, VOICE]
    SpeakingVoice.objects.create(clinician=cast.maya_clinician, numbers="[0.2]")  # she may give it anew
    assert SpeakingVoice.objects.get().numbers == "[0.2]"


def test_a_record_goes_by_itself_only_where_she_said_so_when_its_time_is_over_and_nothing_holds_it(
    cast: Cast,
) -> None:
    set_practice_place(cast.maya, cast.practice, state="CA")
    old, watched = long_gone(cast), long_gone(cast, "Watched Client")
    hold_record(cast.maya, watched, reason="Complaint of March")
    due = queries.records_due(cast.maya, timezone.now())
    assert {record.client.pk for record in due} == {old.pk, watched.pk}
    assert due[0].until.law.startswith("California: 7 years")
    night(cast.worker, now=in_days(1))
    assert len(clients(cast.maya)) == 4
    set_retention(cast.maya, cast.practice, kept=replace(queries.kept(cast.maya), records_by_themselves=True))
    night(cast.worker, now=in_days(2))
    assert {client.name for client in clients(cast.maya)} == {"Ike Okafor", "Ruth Abel", "Watched Client"}
    (gone,) = Destruction.objects.filter(kind=CLIENT)  # a server names a new key for its index of names, too
    assert (gone.owner_id, gone.rule) == (old.pk, "record-law")
    assert "Cal. Bus. & Prof. Code" in gone.law
    release_record(cast.maya, watched)
    night(cast.worker, now=in_days(3))
    assert len(clients(cast.maya)) == 2


def test_nobody_destroys_a_record_before_its_time(cast: Cast) -> None:
    set_practice_place(cast.maya, cast.practice, state="NV")
    client = long_gone(cast)
    recent = add_client(cast.maya, cast.maya_clinician, name="Recent Client", birth_date=date(1990, 5, 5))
    session = held(cast, recent)
    Session.objects.filter(pk=session.pk).update(is_closed=True)
    with pytest.raises(TooEarly, match="The law asks to keep this record until"):
        destroy_record(cast.maya, recent)
    booked(cast, client, in_days(10))  # comes again
    with pytest.raises(TooEarly):
        destroy_record(cast.maya, client)
    Appointment.objects.filter(client=client, start__gt=timezone.now()).update(is_cancelled=True)
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.eve):
        with pytest.raises(NotAllowed):
            destroy_record(actor, client)
    hold_record(cast.maya, client, reason="A lawsuit")
    with pytest.raises(TooEarly, match="held back"):
        destroy_record(cast.maya, client)
    release_record(cast.maya, client)
    name_index.build()
    assert destroy_record(cast.maya, client)
    assert not name_index.is_complete()
    assert "Old Client" not in {found.name for found in clients(cast.maya)}


def test_the_longer_law_counts_of_where_the_client_sits_and_where_the_practice_is(cast: Cast) -> None:
    set_practice_place(cast.maya, cast.practice, state="NV")
    client = long_gone(cast)
    assert queries.record_until(cast.maya, client).until.day == date(2016, 3, 1)
    set_place(cast.maya, client, state="CA")
    assert queries.record_until(cast.maya, client).until.day == date(2018, 3, 1)
    set_place(cast.maya, client, state="OH")  # not known to us: the strictest
    assert queries.record_until(cast.maya, client).until.day == date(2021, 3, 1)


def test_a_client_entered_by_mistake_goes_at_once(cast: Cast) -> None:
    mistaken = add_client(cast.maya, cast.maya_clinician, name="Rooth Able")
    destroy_record(cast.maya, mistaken)
    assert {row.rule for row in Destruction.objects.filter(kind=CLIENT)} == {"mistake"}
    assert "Rooth Able" not in {found.name for found in clients(cast.maya)}


def test_a_clock_set_back_destroys_nothing_and_brings_nothing_back(cast: Cast) -> None:
    note = drafted(cast)
    SessionKey.objects.update(made_at=timezone.now() - timedelta(days=40))
    yesterday = timezone.now() - timedelta(days=1)
    back = night(cast.worker, now=yesterday)
    assert back is not None
    back.refresh_from_db()
    assert (back.destroyed, back.error_code) == (0, "clock-set-back")
    assert heard_from(cast.maya, note.session) is not None
    night(cast.worker)
    assert heard_from(cast.maya, note.session) is None
    gone = Destruction.objects.count()
    assert gone == 2
    night(cast.worker, now=timezone.now() - timedelta(days=300))
    assert Destruction.objects.count() == gone
    with pytest.raises(Destroyed):
        session_keys.key_of(note.session_id)


def test_a_night_that_takes_long_is_not_taken_for_a_clock_set_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted(cast)
    SessionKey.objects.update(made_at=timezone.now() - timedelta(days=40))
    real, voices = timezone.now, nightly._voices

    def after_a_sleep(*given: Any) -> int:
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=10))
        return voices(*given)

    monkeypatch.setattr(nightly, "_voices", after_a_sleep)
    done = night(cast.worker)
    assert done is not None
    done.refresh_from_db()
    assert (done.destroyed, done.error_code) == (2, "")


def test_a_record_is_not_destroyed_while_the_clock_is_set_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = long_gone(cast)
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real - timedelta(hours=3))
    with pytest.raises(ClockSetBack):
        destroy_record(cast.maya, client)


def test_the_first_night_after_a_long_gap_destroys_neither_records_nor_log(cast: Cast) -> None:
    set_practice_place(cast.maya, cast.practice, state="CA")
    set_retention(cast.maya, cast.practice, kept=replace(queries.kept(cast.maya), records_by_themselves=True))
    long_gone(cast)
    night(cast.worker, now=in_days(-0.5))
    Night.objects.update(began_at=in_days(-0.5))
    jumped = night(cast.worker, now=in_days(365 * 30))
    assert jumped is not None
    jumped.refresh_from_db()
    assert (jumped.let_go, Destruction.objects.filter(kind=CLIENT).count()) == (0, 0)


def test_the_log_lets_its_oldest_entries_go_and_stays_whole_and_nobody_else_takes_them(cast: Cast) -> None:
    set_retention(cast.maya, cast.practice, kept=replace(queries.kept(cast.maya), log_years=6))
    count = Entry.objects.count()
    Entry.objects.filter(number__gt=count - 3).update(at=in_days(400))
    years = in_days(6 * 365.25 + 1)
    Night.objects.create(practice=cast.practice, day=date(2026, 1, 1), began_at=years - timedelta(days=1))
    done = night(cast.worker, now=years)
    assert done is not None
    done.refresh_from_db()
    assert (done.let_go, done.destroyed) == (count - 3, 0)
    assert Entry.objects.order_by("number")[0].number == count - 2
    # The dates moved for this test do not fit their seals; the chain itself begins where the practice says.
    assert {finding.what for finding in check_log().findings} == {"changed"}


def test_a_log_that_was_let_go_in_part_is_whole_and_nobody_else_takes_from_it(cast: Cast) -> None:
    assert cast.maya.user_id
    count = Entry.objects.count()
    assert let_go_through(count - 3) == count - 3
    assert check_log().is_whole
    Entry.objects.filter(number=count - 2).delete()
    assert [finding.what for finding in check_log().findings] == ["missing"]
    ChainStart.objects.update(number=count - 2, sha256=Entry.objects.order_by("number")[0].previous)
    assert "start forged" in {finding.what for finding in check_log().findings}


def test_the_night_asks_for_a_backup_and_for_a_trial_when_one_is_due(cast: Cast) -> None:
    set_retention(cast.maya, cast.practice, kept=Kept())
    night(cast.worker)
    assert [run.kind for run in queries.waiting(cast.worker)] == ["backup"]
    SafeRun.objects.update(state="done", ended_at=timezone.now())
    assert queries.drill_is_due(cast.worker, timezone.now())
    night(cast.worker, now=in_days(1))
    assert [run.kind for run in queries.waiting(cast.worker)] == ["backup", "drill"]


def test_pages_of_the_rest_do_not_stumble_over_a_destroyed_record(cast: Cast) -> None:
    session = heard(cast, held(cast))
    client = long_gone(cast)
    set_practice_place(cast.maya, cast.practice, state="CA")
    destroy_record(cast.maya, client)
    assert [due.session.pk for due in queries.heard_and_drafted(cast.maya)] == [session.pk]
    assert queries.records_due(cast.maya, timezone.now()) == []
    assert [row.pk for row in queries.certificates(cast.maya)] == [
        row.pk for row in Destruction.objects.order_by("-pk")
    ]
