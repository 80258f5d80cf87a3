"""Psychotherapy notes (45 CFR 164.501, 164.508(a)(2)): their author's alone, and in nothing else."""

import pytest
from django.urls import reverse

from holdspace.access.actor import Actor
from holdspace.audit.models import Entry
from holdspace.chart import queries as chart
from holdspace.chart.actions import begin_review, save_draft, sign_note, write_private_note
from holdspace.chart.models import NoteQuestion, PsychotherapyNote
from holdspace.errors import NotAllowed, Refused
from holdspace.people import actions as people
from holdspace.people.opening import actor_of
from holdspace.room.models import Session
from holdspace.workflows.session_to_draft import record_of, vocabulary
from tests.cast import Cast, heard, held, small_draft
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WORDS = "countertransference with zinnia"
ALONE = "zinnia"


@pytest.fixture
def toms(cast: Cast) -> Session:
    """A session of Tom's, who is supervised by Ada in Maya's practice, with his private note on it."""
    session = heard(cast, held(cast, cast.okafors))
    write_private_note(cast.tom, session, text=WORDS, seen_at=None)
    return session


def test_its_author_reads_and_writes_it_and_nobody_else(cast: Cast, toms: Session) -> None:
    note = chart.private_note(cast.tom, toms)
    assert note is not None
    assert note.text == WORDS
    assert chart.session_of_private_note(cast.tom, toms.pk) == toms
    for actor in (
        cast.maya,
        cast.ada,
        cast.bo,
        cast.sam,
        cast.eve,
        cast.worker,
        Actor.command_line(cast.practice.pk),
    ):
        assert chart.private_note(actor, toms) is None, actor.role
        with pytest.raises(NotAllowed):
            chart.session_of_private_note(actor, toms.pk)
        with pytest.raises(NotAllowed):
            write_private_note(actor, toms, text="mine", seen_at=note.changed_at)
    assert ALONE not in repr(list(PsychotherapyNote.objects.values()))
    assert ALONE not in repr(list(Entry.objects.values()))


def test_an_emergency_does_not_open_it(cast: Cast) -> None:
    session = heard(cast, held(cast))
    write_private_note(cast.maya, session, text=WORDS, seen_at=None)
    people.open_in_emergency(cast.tom, cast.ruth, reason="Ruth is at the hospital and Maya is away.")
    tom = actor_of(cast.tom.user_id or 0)
    assert chart.private_note(tom, session) is None
    with pytest.raises(NotAllowed):
        chart.session_of_private_note(tom, session.pk)


def test_it_is_in_no_draft_no_signed_note_no_paper_and_no_page_but_its_own(
    cast: Cast, toms: Session, as_: SignIn
) -> None:
    note = begin_review(cast.tom, save_draft(cast.worker, toms, draft=small_draft()))
    tom, maya = as_("tom"), as_("maya")
    own = {"session_id": toms.pk}
    pages = [
        "/",
        "/days/2026-11-10/",
        "/clients/",
        reverse("chart:client", args=[cast.okafors.pk]),
        reverse("chart:client_log", args=[cast.okafors.pk]),
        reverse("room:session", kwargs=own),
        reverse("room:said", kwargs=own),
        reverse("chart:note", args=[note.pk]),
        "/voice/",
    ]
    for browser in (tom, maya):
        for path in pages:
            assert ALONE not in browser.get(path).content.decode(), path
    NoteQuestion.objects.filter(note=note).delete()
    signed = sign_note(cast.tom, note, credential="LPC")
    for text in (
        chart.note_text(cast.tom, signed),
        chart.prior_text(cast.tom, toms),
        repr(chart.printed_note(cast.tom, signed.pk)),
        repr(record_of(cast.worker, toms, note_format="SOAP")),  # all that drafting, and a model, is told
        repr(vocabulary(toms)),
        tom.get(reverse("chart:note", args=[note.pk])).content.decode(),
    ):
        assert ALONE not in text
    assert ALONE in tom.get(reverse("chart:private", kwargs=own)).content.decode()
    assert maya.get(reverse("chart:private", kwargs=own)).status_code == 404
    assert ALONE not in maya.get("/log/").content.decode()


def test_the_page_saves_as_she_types_and_another_window_overwrites_nothing(cast: Cast, as_: SignIn) -> None:
    session = held(cast)
    page = reverse("chart:private", args=[session.pk])
    maya = as_("maya")
    assert "Saved" not in maya.get(page).content.decode()
    first = maya.post(page, {"text": "one", "seen": ""}, headers=HTMX).content.decode()
    assert first.startswith("Saved ")
    note = PsychotherapyNote.objects.get()
    seen = note.changed_at.isoformat()
    assert seen in first
    assert maya.post(page, {"text": "one two", "seen": seen}, headers=HTMX).status_code == 200
    late = maya.post(page, {"text": "other", "seen": seen}, headers=HTMX)
    assert late.status_code == 409
    assert "What you typed is still on this page" in late.content.decode()
    note.refresh_from_db()
    assert note.text == "one two"
    with pytest.raises(Refused):
        write_private_note(cast.maya, session, text="x", seen_at=None)
    assert maya.post(page, {"text": "x" * 100_001, "seen": seen}, headers=HTMX).status_code == 422
    assert maya.post(page, {"text": "x", "seen": "no date"}, headers=HTMX).status_code == 409


def test_who_holds_the_session_finds_the_way_to_it_and_who_only_reads_along_does_not(
    toms: Session, as_: SignIn
) -> None:
    way = reverse("chart:private", args=[toms.pk])
    page = reverse("room:session", args=[toms.pk])
    assert way in as_("tom").get(page).content.decode()
    for other in ("maya", "ada"):
        assert way not in as_(other).get(page).content.decode()
