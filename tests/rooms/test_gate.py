"""The gate refuses and records, or does and records; missing and forbidden look alike; the log is one chain."""

import pytest
from django.db import IntegrityError, transaction

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.audit.check import check_log
from holdspace.audit.log import event_log
from holdspace.audit.models import Entry
from holdspace.chart import queries as chart
from holdspace.chart.actions import save_draft
from holdspace.errors import BadInput, NotAllowed
from holdspace.people import queries as people
from holdspace.people.actions import add_client, set_vocabulary
from holdspace.people.models import Client
from holdspace.people.opening import actor_of
from holdspace.room import queries as room
from holdspace.room.actions.sessions import save_jottings
from holdspace.schedule import queries as schedule
from tests.cast import TUESDAY, Cast, booked, heard, held, small_draft

pytestmark = pytest.mark.django_db


def last() -> Entry:
    """The newest entry of the log."""
    return Entry.objects.latest("number")


def test_what_is_done_and_what_is_refused_both_leave_an_entry(cast: Cast) -> None:
    set_vocabulary(cast.maya, cast.ruth, vocabulary="trazodone")
    assert (last().verb, last().outcome, last().user_id) == ("client.edit", "done", cast.maya.user_id)
    with pytest.raises(NotAllowed):
        set_vocabulary(cast.tom, cast.ruth, vocabulary="anything")
    assert (last().verb, last().outcome, last().subject_id) == ("client.edit", "refused", cast.ruth.pk)
    assert people.client(cast.maya, cast.ruth.pk).vocabulary == "trazodone"


def test_a_refusal_inside_something_larger_is_recorded_although_that_is_undone(cast: Cast) -> None:
    @action("client.edit")
    def larger(actor: Actor, client: Client) -> None:  # noqa: ARG001  # the gate reads the actor
        client.vocabulary = "half done"
        client.save()
        set_vocabulary(cast.tom, cast.ruth, vocabulary="anything")

    number = last().number
    with pytest.raises(NotAllowed):
        larger(cast.maya, cast.ruth)
    assert (last().number, last().outcome, last().user_id) == (number + 1, "refused", cast.tom.user_id)
    assert people.client(cast.maya, cast.ruth.pk).vocabulary == ""


def test_an_action_that_fails_changes_nothing_and_claims_nothing(cast: Cast) -> None:
    before = (Client.objects.count(), Entry.objects.count())
    with pytest.raises(BadInput):
        add_client(cast.maya, cast.maya_clinician, name="   ")
    assert (Client.objects.count(), Entry.objects.count()) == before


def test_the_log_is_one_chain_that_nobody_adds_to_beside_the_gate(cast: Cast) -> None:
    save_jottings(cast.maya, held(cast), text="grounding")
    assert check_log().is_whole
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.bulk_create([Entry(number=1, at=TUESDAY, subject_id=1)])


def test_everyone_sees_the_clients_that_are_theirs_to_see(cast: Cast) -> None:
    seen = {
        who: [client.name for client in people.clients(actor)]
        for who, actor in vars(cast).items()
        if who in {"maya", "tom", "ada", "bo", "sam", "eve"}
    }
    both = ["Ike Okafor", "Ruth Abel"]
    assert seen == {
        "maya": both,
        "tom": ["Ike Okafor"],
        "ada": ["Ike Okafor"],
        "bo": both,
        "sam": both,
        "eve": [],
    }
    assert [client.name for client in people.clients(cast.maya, "ru ab")] == ["Ruth Abel"]


def test_missing_and_forbidden_are_told_with_the_same_words(cast: Cast) -> None:
    session = heard(cast, held(cast))
    note = save_draft(cast.worker, session, draft=small_draft())
    appointment = booked(cast, cast.ruth)
    tries = [
        (people.client, cast.ruth.pk),
        (schedule.appointment, appointment.pk),
        (room.session, session.pk),
        (chart.note, note.pk),
        (chart.note_for_review, note.pk),
        (chart.printed_note, note.pk),
    ]
    for query, pk in tries:
        said = set()
        for wanted in (pk, 12345):
            with pytest.raises(NotAllowed) as refused:
                query(cast.tom, wanted)
            said.add(str(refused.value))
        assert len(said) == 1


def test_lists_of_another_clinicians_client_are_empty_not_refused(cast: Cast) -> None:
    session = heard(cast, held(cast))
    save_draft(cast.worker, session, draft=small_draft())
    for actor in (cast.tom, cast.eve):
        assert room.sessions_of(actor, cast.ruth) == []
        assert chart.notes_of(actor, cast.ruth) == []
        assert schedule.appointments_of(actor, cast.ruth) == []
        assert schedule.appointments_on(cast.tom, TUESDAY.date()) == []
    for actor in (cast.sam, cast.bo):
        with pytest.raises(NotAllowed):
            room.transcript(actor, session)
    assert room.heard_from(cast.tom, session) is None


def test_a_day_is_the_practices_day_not_the_servers(cast: Cast) -> None:
    late = booked(cast, cast.ruth, TUESDAY.replace(hour=3))  # 22:00 on Monday in New York
    assert schedule.appointments_on(cast.maya, late.start.date()) == []
    (found,) = schedule.appointments_on(cast.maya, TUESDAY.date().replace(day=9))
    assert found.pk == late.pk


def test_someone_who_left_is_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actor_of(99999)
    assert actor_of(cast.ada.user_id or 0).supervisee_ids == {cast.tom_clinician.pk}


def test_a_log_line_takes_ids_and_never_text() -> None:
    log = event_log("rooms")
    log("run.done", run=17, code="not-audio")
    with pytest.raises(ValueError, match="never text"):
        log("run.done", run="she slept four hours")
