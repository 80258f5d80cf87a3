"""Break-glass: a foreign record open for an hour, with a reason, told to those responsible, in the log as such."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access import reading
from holdspace.audit.models import Entry
from holdspace.chart import queries as chart
from holdspace.chart.actions import add_diagnosis, begin_review, save_draft, sign_note, write_private_note
from holdspace.chart.history import log_of
from holdspace.chart.models import NoteQuestion, ProgressNote
from holdspace.consent import queries as consent
from holdspace.errors import BadInput, NotAllowed, Refused
from holdspace.people import actions, queries
from holdspace.people.models import Client, Emergency, Notice
from holdspace.people.opening import actor_of
from holdspace.room import queries as room
from holdspace.schedule import queries as schedule
from holdspace.vault import record_keys
from holdspace.vault.whose import CLIENT, Owner
from tests.apps import user_of
from tests.cast import TUESDAY, Cast, heard, held, small_draft

pytestmark = pytest.mark.django_db
WHY = "Ruth called the line in crisis, Maya is on a plane."


@pytest.fixture
def signed(cast: Cast) -> ProgressNote:
    """Ruth's session of Tuesday, its note signed; a second one waits as a draft."""
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))
    NoteQuestion.objects.filter(note=note).delete()
    later = held(cast, start=TUESDAY + timedelta(days=7))
    save_draft(cast.worker, heard(cast, later), draft=small_draft())
    return sign_note(cast.maya, note, credential="LCSW")


def opened(cast: Cast) -> Emergency:
    """Tom opens Ruth's record."""
    return actions.open_in_emergency(cast.tom, cast.ruth, reason=WHY)


def test_it_opens_the_signed_record_to_read_and_nothing_else(cast: Cast, signed: ProgressNote) -> None:
    session = room.session(cast.maya, signed.session_id)
    write_private_note(cast.maya, session, text="my own thoughts", seen_at=None)
    add_diagnosis(cast.maya, cast.ruth, code="F41.1", name="Generalized anxiety", since=TUESDAY.date())
    with pytest.raises(NotAllowed):
        queries.client(cast.tom, cast.ruth.pk)
    opened(cast)
    tom = actor_of(cast.tom.user_id or 0)
    assert queries.client(tom, cast.ruth.pk) == cast.ruth
    assert [note.pk for note in chart.notes_of(tom, cast.ruth)] == [signed.pk]  # no draft
    assert chart.printed_note(tom, signed.pk).sections
    assert len(chart.diagnoses_of(tom, cast.ruth)) == 1
    assert len(schedule.appointments_of(tom, cast.ruth)) == 2
    assert consent.standings(tom, cast.ruth)[0].is_given
    for refused in (
        lambda: room.session(tom, session.pk),
        lambda: room.transcript(tom, session),
        lambda: chart.session_of_private_note(tom, session.pk),
        lambda: log_of(tom, cast.ruth),
        lambda: actions.set_vocabulary(tom, cast.ruth, vocabulary="x"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert chart.private_note(tom, session) is None
    assert queries.clients(actor_of(cast.ada.user_id or 0)) == [
        cast.okafors
    ]  # his supervisor sees no more by it


def test_it_ends_by_itself_after_an_hour_or_when_she_closes_it(cast: Cast) -> None:
    first = opened(cast)
    assert first.until - first.began_at == timedelta(hours=1)
    Emergency.objects.filter(pk=first.pk).update(until=timezone.now())
    with pytest.raises(NotAllowed):
        queries.client(actor_of(cast.tom.user_id or 0), cast.ruth.pk)
    second = opened(cast)
    tom = actor_of(cast.tom.user_id or 0)
    assert queries.emergencies(tom) == [second]
    actions.end_emergency(tom, second)
    assert actor_of(cast.tom.user_id or 0).opened == frozenset()


def test_each_reading_under_it_is_in_the_log_as_such_and_her_own_readings_are_not(
    cast: Cast, signed: ProgressNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ONE_READING_S", 0.0)
    opened(cast)
    tom = actor_of(cast.tom.user_id or 0)
    queries.client(tom, cast.ruth.pk)
    chart.note(tom, signed.pk)
    queries.client(tom, cast.okafors.pk)
    entries = Entry.objects.filter(user_id=tom.user_id, verb__in=("client.read", "note.read"))
    assert list(entries.order_by("number").values_list("verb", "outcome")) == [
        ("client.read", "emergency"),
        ("note.read", "emergency"),
        ("client.read", "done"),
    ]
    seen = [line for line in log_of(cast.maya, cast.ruth) if line.in_emergency]
    assert {line.who for line in seen} == {cast.tom.name}
    assert "opened a record in an emergency" in {line.did for line in log_of(cast.maya, cast.ruth)}


def test_the_clinician_and_the_owners_are_told_until_they_say_they_have_seen_it(cast: Cast) -> None:
    mine = actions.open_in_emergency(cast.ada, cast.ruth, reason=WHY)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {cast.maya.user_id}
    actions.change_role(cast.maya, user_of(cast.ada), role="owner")
    tom = user_of(cast.tom)
    lena = actions.add_client(cast.tom, cast.tom_clinician, name="Lena Marsh")
    Client.objects.filter(pk=lena.pk).update(clinician=cast.maya_clinician)
    actions.open_in_emergency(actor_of(tom.pk), Client.objects.get(pk=lena.pk), reason=WHY)
    owners = {cast.maya.user_id, cast.ada.user_id}
    second = Notice.objects.exclude(emergency=mine)
    assert set(second.values_list("user_id", flat=True)) == owners
    notice = queries.notices(cast.maya)[0]
    with pytest.raises(NotAllowed):
        actions.acknowledge(actor_of(cast.ada.user_id or 0), notice)
    assert len(queries.notices(cast.maya)) == 2
    actions.acknowledge(cast.maya, notice)
    assert len(queries.notices(cast.maya)) == 1
    assert len(queries.notices(actor_of(cast.ada.user_id or 0))) == 1


def test_only_who_could_treat_opens_one_and_nobody_what_is_open_to_them_already(cast: Cast) -> None:
    for actor in (cast.bo, cast.sam, cast.eve, cast.worker):
        with pytest.raises(NotAllowed):
            actions.open_in_emergency(actor, cast.ruth, reason=WHY)
    for actor, client in ((cast.maya, cast.okafors), (cast.tom, cast.okafors), (cast.ada, cast.okafors)):
        with pytest.raises(Refused, match="open to you already"):
            actions.open_in_emergency(actor, client, reason=WHY)
    with pytest.raises(BadInput):
        actions.open_in_emergency(cast.tom, cast.ruth, reason="because")
    assert Emergency.objects.count() == 0


def test_a_reason_is_kept_sealed_and_in_no_log(cast: Cast) -> None:
    opened(cast)
    assert "crisis" not in repr(list(Emergency.objects.values()))
    assert "crisis" not in repr(list(Entry.objects.values()))


@pytest.mark.parametrize("typed", ["ruth abel", "Abel Ruth", "  RUTH   abel "])
def test_a_client_is_found_by_the_whole_name_and_by_nothing_less(cast: Cast, typed: str) -> None:
    assert queries.client_in_emergency(cast.tom, typed, None) == cast.ruth
    for less in ("Ruth", "Ruth A", "", "Ruth Abel Abel"):
        with pytest.raises(BadInput, match="exactly this name"):
            queries.client_in_emergency(cast.tom, less, None)
    with pytest.raises(BadInput, match="exactly this name"):
        queries.client_in_emergency(cast.bo, typed, None)


def test_two_of_one_name_are_told_apart_by_the_date_of_birth(cast: Cast) -> None:
    born = TUESDAY.date().replace(year=1990)
    other = actions.add_client(cast.maya, cast.maya_clinician, name="Ruth Abel", birth_date=born)
    with pytest.raises(BadInput, match="date of birth"):
        queries.client_in_emergency(cast.tom, "Ruth Abel", None)
    assert queries.client_in_emergency(cast.tom, "Ruth Abel", born) == other


def destroy(client: Client) -> None:
    """The client's record, as after its time."""
    record_keys.destroy([Owner(CLIENT, client.pk)], rule="record-law")


@pytest.mark.django_db(transaction=True)
def test_a_destroyed_record_keeps_nobody_elses_from_being_opened(cast: Cast) -> None:
    gone = actions.add_client(cast.maya, cast.maya_clinician, name="Lena Marsh")
    destroy(gone)
    assert queries.client_in_emergency(cast.tom, "Ruth Abel", None) == cast.ruth
    with pytest.raises(BadInput, match="exactly this name"):
        queries.client_in_emergency(cast.tom, "Lena Marsh", None)


@pytest.mark.django_db(transaction=True)
def test_of_a_record_destroyed_since_it_is_still_told_that_it_was_opened(cast: Cast) -> None:
    first = opened(cast)
    destroy(cast.ruth)
    assert queries.emergencies(actor_of(cast.tom.user_id or 0)) == []
    maya, tom = Browser(), Browser()
    tom.force_login(user_of(cast.tom))
    assert tom.get("/").status_code == 200
    maya.force_login(user_of(cast.maya))
    page = maya.get("/").content.decode()
    assert "Tom Bright opened a record in an emergency" in page
    assert f"/clients/{cast.ruth.pk}/" not in page
    notice = Notice.objects.get(emergency=first)
    assert maya.post(f"/notices/{notice.pk}/acknowledge/").status_code == 302
    assert "in an emergency" not in maya.get("/").content.decode()


def test_closing_somebodys_access_ends_what_they_opened(cast: Cast) -> None:
    opened(cast)
    actions.close_access(cast.maya, user_of(cast.tom))
    actions.open_access(cast.maya, user_of(cast.tom))
    assert actor_of(cast.tom.user_id or 0).opened == frozenset()
