"""What was said, turn by turn: she says who said it, and the draft follows without losing what she decided."""

import pytest

from holdspace.chart.actions import (
    begin_review,
    edit_sentence,
    keep_sentence,
    restore_sentence,
    save_draft,
    strike_sentence,
)
from holdspace.chart.models import NoteSentence, ProgressNote
from holdspace.engines.note import Draft, Evidence, Section, Sentence
from holdspace.engines.transcript import Transcript, Turn
from holdspace.errors import BadInput, Destroyed, NotAllowed
from holdspace.room.actions import runs, sessions
from holdspace.room.models import DraftRun, HeardSession, Session
from holdspace.room.queries import transcript
from holdspace.vault.models import Destruction
from tests.cast import Cast, heard, held
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def line(text: str, turn: int) -> Sentence:
    return Sentence(text, "session", (Evidence(turn, text),))


def draft_of(*lines: Sentence) -> Draft:
    return Draft("DAP", (Section("Data", lines), Section("Assessment", ()), Section("Plan", ())), (), ())


@pytest.fixture
def session(cast: Cast) -> Session:
    """Ruth's session, heard, with a draft made of it."""
    made = heard(cast, held(cast))
    run = DraftRun.objects.create(session=made, kind="draft", note_format="DAP")
    assert runs.claim_run(cast.worker, run)
    runs.finish_run(cast.worker, run)
    return made


def test_the_page_shows_every_turn_and_marks_the_doubtful(cast: Cast, session: Session, as_: SignIn) -> None:
    said = Transcript(
        (
            Turn(0, "therapist", "How was it?", 1.0, 2.0),
            Turn(1, "client", "Mm.", 65.0, 66.0, is_doubtful=True),
        ),
        "en",
    )
    sessions.keep_transcript(cast.worker, session, heard=said)
    page = as_("maya").get(f"/sessions/{session.pk}/said/").content.decode()
    assert "How was it?" in page
    assert page.count("Who said this?") == 1
    assert "1:05" in page


def test_a_turn_given_to_somebody_else_renews_the_draft(cast: Cast, session: Session, as_: SignIn) -> None:
    answer = as_("maya").post(f"/sessions/{session.pk}/said/4/", {"role": "therapist"})
    assert answer.status_code == 302
    said = transcript(cast.maya, session)
    assert said is not None
    assert [turn.speaker for turn in said.turns][4] == "therapist"
    assert [turn.index for turn in said.turns] == [0, 1, 2, 3, 4]
    run = DraftRun.objects.order_by("-made_at")[0]
    assert (run.kind, run.renews, run.state) == ("draft", True, "queued")


def test_nobody_who_does_not_come_can_have_said_it(cast: Cast, session: Session) -> None:
    with pytest.raises(BadInput):
        sessions.give_turn(cast.maya, session, index=1, role="the neighbour")
    with pytest.raises(NotAllowed):
        sessions.give_turn(cast.ada, session, index=1, role="therapist")


def test_several_unnamed_people_are_named_at_once(cast: Cast, as_: SignIn) -> None:
    couple = held(cast, cast.okafors)
    said = tuple(Turn(n, f"speaker {n % 3 + 1}", "Hm.") for n in range(6))
    sessions.keep_transcript(cast.worker, couple, heard=Transcript(said, "en"))
    tom = as_("tom")
    assert "Who is who?" in tom.get(f"/sessions/{couple.pk}/said/").content.decode()
    tom.post(
        f"/sessions/{couple.pk}/said/speakers/",
        {"speaker": ["speaker 1", "speaker 2", "speaker 3"], "role": ["partner", "therapist", ""]},
    )
    told = transcript(cast.tom, couple)
    assert told is not None
    assert [turn.speaker for turn in told.turns[:3]] == ["partner", "therapist", "speaker 3"]


def test_a_renewed_draft_keeps_what_she_decided_and_replaces_the_rest(cast: Cast, session: Session) -> None:
    note = save_draft(cast.worker, session, draft=draft_of(line("slept five hours", 1), line("drinks", 4)))
    begin_review(cast.maya, note)
    kept, other = NoteSentence.objects.filter(note=note).order_by("position")
    keep_sentence(cast.maya, note, sentence=kept)
    renewed = save_draft(
        cast.worker,
        session,
        draft=draft_of(line("brother drinks", 4), line("slept five hours", 1)),
        renews=True,
    )
    assert renewed.pk == note.pk
    rows = NoteSentence.objects.filter(note=note).order_by("position")
    assert [(row.text, row.status) for row in rows] == [
        ("brother drinks", "drafted"),
        ("slept five hours", "kept"),
    ]
    assert not NoteSentence.objects.filter(pk=other.pk).exists()
    assert ProgressNote.objects.get(pk=note.pk).state == "in_review"


def test_a_line_she_kept_that_the_renewed_draft_no_longer_has_is_marked_and_stays(
    cast: Cast, session: Session
) -> None:
    note = save_draft(cast.worker, session, draft=draft_of(line("drinks", 4)))
    begin_review(cast.maya, note)
    keep_sentence(cast.maya, note, sentence=NoteSentence.objects.get(note=note))
    save_draft(cast.worker, session, draft=draft_of(line("brother drinks", 4)), renews=True)
    stays, new = NoteSentence.objects.filter(note=note).order_by("position", "id")
    both = {stays.text: stays.doubt, new.text: new.doubt}
    assert "who spoke" in both["drinks"]
    assert both["brother drinks"] == ""


@pytest.mark.parametrize("did", ["struck", "changed"])
def test_a_line_put_back_that_the_renewed_draft_no_longer_has_is_marked_too(
    cast: Cast, session: Session, did: str
) -> None:
    note = save_draft(cast.worker, session, draft=draft_of(line("drinks", 4)))
    begin_review(cast.maya, note)
    row = NoteSentence.objects.get(note=note)
    if did == "changed":
        edit_sentence(cast.maya, note, sentence=row, text="drinks a little")
    strike_sentence(cast.maya, note, sentence=row)
    save_draft(cast.worker, session, draft=draft_of(line("brother drinks", 4)), renews=True)
    row = restore_sentence(cast.maya, note, sentence=NoteSentence.objects.get(pk=row.pk))
    assert row.text == "drinks"
    assert "who spoke" in row.doubt


def test_what_was_heard_goes_at_once_when_she_asks_and_the_draft_stays(
    cast: Cast, session: Session, as_: SignIn
) -> None:
    note = save_draft(cast.worker, session, draft=draft_of(line("My brother is the one who drinks", 4)))
    maya, address = as_("maya"), f"/sessions/{session.pk}/said/"
    run = DraftRun.objects.create(session=session, kind="draft", note_format="DAP")
    assert maya.post(f"{address}destroy/").status_code == 409
    assert "brother" in maya.get(address).content.decode()
    DraftRun.objects.filter(pk=run.pk).update(state="done")
    assert as_("tom").post(f"{address}destroy/").status_code == 404
    assert maya.post(f"{address}destroy/").status_code == 302
    page = maya.get(address).content.decode()
    assert "brother" not in page
    assert "Nothing was heard in this session, or it is destroyed." in page
    assert not HeardSession.objects.filter(session=session).exists()
    gone = Destruction.objects.get(owner_id=session.pk)
    assert (gone.kind, gone.rule) == ("heard", "asked")
    kept = NoteSentence.objects.get(note=note)
    assert kept.text == "My brother is the one who drinks"
    with pytest.raises(Destroyed):
        kept.shown()
