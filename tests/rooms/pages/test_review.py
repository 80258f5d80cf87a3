"""The review's pages: every act on a line, with HTMX and without it, until the note is signed and locked."""

import pytest
from django.test import Client as Browser

from holdspace.assist.actions import switch_off
from holdspace.assist.rules import DRAFTING, SwitchAt
from holdspace.chart.actions import save_draft
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.engines.note import Draft, Evidence, Question, Section, Sentence
from holdspace.engines.transcript import Transcript, Turn
from holdspace.room.actions.sessions import keep_transcript
from tests.cast import Cast, agree, heard, held, small_draft
from tests.rooms.pages.conftest import SignIn

HTMX = {"HX-Request": "true"}


@pytest.fixture
def note(cast: Cast, as_: SignIn) -> ProgressNote:
    """Ruth's draft, opened by Maya."""
    made = save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft())
    as_("maya").get(f"/notes/{made.pk}/")
    return made


@pytest.fixture
def maya(as_: SignIn) -> Browser:
    """Maya's browser."""
    return as_("maya")


def line(note: ProgressNote, words: str) -> str:
    """The address of the sentence that has these words."""
    row = next(row for row in NoteSentence.objects.filter(note=note) if words in row.text)
    return f"/notes/{note.pk}/sentences/{row.pk}/"


def test_the_note_stands_in_its_sections_and_an_empty_one_stays_blank(
    maya: Browser, note: ProgressNote
) -> None:
    shown = maya.get(f"/notes/{note.pk}/").content.decode()
    assert shown.index("Data") < shown.index("Assessment") < shown.index("Plan")
    assert "It stays blank unless you write it" in shown
    assert "is-hers" in shown  # her jotting
    assert "Was homicidal ideation asked about?" in shown
    assert "someone else&#x27;s story" in shown


def test_a_sentence_shows_the_words_it_stands_on_with_the_question_before_them(
    maya: Browser, note: ProgressNote
) -> None:
    shown = maya.get(f"{line(note, 'denied')}evidence/", headers=HTMX).content.decode()
    assert "<mark>No, nothing like that</mark>" in shown
    assert "Any thoughts of ending your life?" in shown
    assert "My brother" in shown  # the turn after, as context
    assert "How has the week been?" not in shown


OFF_RECORD = (
    Turn(0, "therapist", "How has the week been with the sleep?"),
    Turn(1, "client", "I slept about five hours most nights."),
    Turn(2, "therapist", "Any thoughts of ending your life?"),
    Turn(3, "client", "No, nothing like that."),
    Turn(
        4,
        "client",
        "Please leave this next part off the record. I kissed the organist after the harvest fair.",
    ),
    Turn(5, "therapist", "Of course. That stays off the record."),
    Turn(6, "client", "It was only the once, with the organist."),
    Turn(7, "therapist", "Okay, we can go back on the record now."),
    Turn(8, "therapist", "How is the panic?"),
    Turn(9, "client", "Two panic attacks this week, fewer than last month."),
)


@pytest.mark.parametrize("turn", [3, 9], ids=["just before", "just after"])
def test_what_was_said_off_the_record_stands_beside_no_sentence(cast: Cast, maya: Browser, turn: int) -> None:
    session = held(cast)
    agree(cast.maya, session.client)
    keep_transcript(cast.worker, session, heard=Transcript(OFF_RECORD, "en", 60.0))
    said = Sentence("As was said.", "session", (Evidence(turn, OFF_RECORD[turn].text),))
    asked = Question("Is that right?", (Evidence(turn, OFF_RECORD[turn].text),))
    draft = Draft("DAP", (Section("Data", (said,)),), (asked,), ())
    note = save_draft(cast.worker, session, draft=draft)
    at = f"{line(note, 'As was said')}evidence/"
    question = NoteQuestion.objects.get(note=note)
    for address in (at, f"/notes/{note.pk}/questions/{question.pk}/evidence/"):
        shown = maya.get(address, headers=HTMX).content.decode()
        assert OFF_RECORD[turn].text in shown
        assert OFF_RECORD[turn - 1].text in shown  # what was said before it, on the record
        assert "organist" not in shown
        assert "stays off the record" not in shown
    assert "organist" not in maya.get(f"/notes/{note.pk}/?at=q{question.pk}").content.decode()
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.practice))  # no rule can be asked: the quote alone is shown
    shown = maya.get(at, headers=HTMX).content.decode()
    assert OFF_RECORD[turn].text in shown
    assert not [one.text for one in OFF_RECORD if one.index != turn and one.text in shown]


def test_a_jotting_shows_as_her_own_words(maya: Browser, note: ProgressNote) -> None:
    shown = maya.get(f"{line(note, 'Grounding')}evidence/", headers=HTMX).content.decode()
    assert "From your jottings" in shown
    assert 'hers">grounding' in shown


def test_a_sentence_changed_in_another_window_is_not_overwritten(maya: Browser, note: ProgressNote) -> None:
    at = line(note, "slept about 5")
    began = "Client slept about 5 hours most nights."
    assert f'name="was" value="{began}"' in maya.get(f"{at}edit/", headers=HTMX).content.decode()
    assert maya.post(f"{at}edit/", {"text": "Slept 5 hrs.", "was": began}, headers=HTMX).status_code == 200
    late = maya.post(f"{at}edit/", {"text": "Slept about 5 hrs.", "was": began}, headers=HTMX)
    assert late.status_code == 409
    assert "changed in another window" in late.content.decode()
    assert "Slept 5 hrs." in maya.get(at, headers=HTMX).content.decode()
    again = maya.post(f"{at}edit/", {"text": "Slept about 5 hrs.", "was": "Slept 5 hrs."}, headers=HTMX)
    assert "Slept about 5 hrs." in again.content.decode()


def test_every_button_of_a_line_has_its_own_address(maya: Browser, note: ProgressNote) -> None:
    shown = maya.get(f"/notes/{note.pk}/").content.decode()
    assert 'hx-post=""' not in shown
    assert f'hx-post="{line(note, "slept")}keep/"' in shown


def test_keeping_striking_and_restoring_answer_with_the_line_and_the_count(
    maya: Browser, note: ProgressNote
) -> None:
    at = line(note, "slept")
    kept = maya.post(f"{at}keep/", headers=HTMX).content.decode()
    assert "is-kept" in kept
    assert "1 of 3 looked at" in kept
    assert "is-struck" in maya.post(f"{at}strike/", headers=HTMX).content.decode()
    assert "is-drafted" in maya.post(f"{at}restore/", headers=HTMX).content.decode()


def test_without_scripts_the_same_buttons_lead_back_to_the_line(maya: Browser, note: ProgressNote) -> None:
    at = line(note, "slept")
    assert "?at=" in maya.post(f"{at}keep/")["Location"]
    assert "Edit the sentence" in maya.get(f"{at}edit/").content.decode()
    assert (
        maya.get(maya.post(f"{at}edit/", {"text": "Client slept five hours."})["Location"]).status_code == 200
    )


def test_an_edit_is_hers_and_the_draft_can_still_be_read(maya: Browser, note: ProgressNote) -> None:
    at = line(note, "slept")
    edited = maya.post(f"{at}edit/", {"text": "Client slept five hours, most nights."}, headers=HTMX)
    assert "is-edited" in edited.content.decode()
    shown = maya.get(f"{at}evidence/", headers=HTMX).content.decode()
    assert "The draft said: Client slept about 5 hours most nights." in shown
    empty = maya.post(f"{at}edit/", {"text": " "}, headers=HTMX).content.decode()
    assert "Strike it instead" in empty


def test_a_word_that_judges_is_shown_at_its_sentence_with_its_reason_and_another_word(
    maya: Browser, note: ProgressNote
) -> None:
    at = line(note, "slept")
    edited = maya.post(f"{at}edit/", {"text": "Client claims she slept."}, headers=HTMX).content.decode()
    assert 'Client <span class="flagged">claims</span> she slept.' in edited
    assert "<b>“claims”</b> casts doubt. Instead: reports, says." in edited
    assert "Look at the word “claims”." in edited  # said to who cannot see the mark
    assert "casts doubt" in maya.get(f"/notes/{note.pk}/").content.decode()
    shown = maya.get(f"{at}evidence/", headers=HTMX).content.decode()
    assert "Why “claims” is marked: Goddu" in shown


def test_a_word_is_looked_at_again_with_every_edit_and_never_changed(
    maya: Browser, note: ProgressNote
) -> None:
    at = line(note, "slept")
    maya.post(f"{at}edit/", {"text": "Client claims she slept."}, headers=HTMX)
    better = maya.post(f"{at}edit/", {"text": "Client says she slept."}, headers=HTMX).content.decode()
    assert "casts doubt" not in better
    added = {"section": "Plan", "text": "Refused the referral."}
    shown = maya.post(f"/notes/{note.pk}/sentences/add/", added, headers=HTMX).content.decode()
    assert '<span class="flagged">Refused</span> the referral.' in shown
    row = next(row for row in NoteSentence.objects.filter(note=note) if "referral" in row.text)
    assert row.text == "Refused the referral."
    struck = maya.post(f"/notes/{note.pk}/sentences/{row.pk}/strike/", headers=HTMX).content.decode()
    assert "flagged" not in struck


def test_the_same_word_in_a_quotation_is_the_clients_and_has_no_mark(
    maya: Browser, note: ProgressNote
) -> None:
    at, words = line(note, "slept"), 'Client claims it: "Mom claims I drink."'
    edited = maya.post(f"{at}edit/", {"text": words}, headers=HTMX).content.decode()
    assert edited.count('class="flagged"') == 1
    assert "&quot;Mom claims I drink.&quot;" in edited


def test_where_drafting_is_switched_off_no_word_is_marked(
    maya: Browser, cast: Cast, note: ProgressNote
) -> None:
    switch_off(cast.maya, SwitchAt(DRAFTING, note.session))
    at = line(note, "slept")
    edited = maya.post(f"{at}edit/", {"text": "Client claims she slept."}, headers=HTMX).content.decode()
    assert "flagged" not in edited


def test_what_she_types_is_text_and_never_markup(maya: Browser, note: ProgressNote) -> None:
    sent = {"section": "Plan", "text": "<img src=x onerror=alert(1)> weekly"}
    added = maya.post(f"/notes/{note.pk}/sentences/add/", sent, headers=HTMX).content.decode()
    assert "&lt;img src=x" in added
    assert "<img" not in added


def test_what_was_left_out_comes_back_in_one_step(maya: Browser, note: ProgressNote) -> None:
    item = LeftOutPart.objects.get(note=note)
    place = maya.post(f"/notes/{note.pk}/left-out/{item.pk}/put-back/")["Location"]
    shown = maya.get(place).content.decode()
    assert "brother drinks." in shown
    assert "It is back in the note" in shown


def test_a_question_is_answered_set_aside_or_opened_again(maya: Browser, note: ProgressNote) -> None:
    question = NoteQuestion.objects.get(note=note)
    path = f"/notes/{note.pk}/questions/{question.pk}/answer/"
    nothing = maya.post(path, {"act": "answer", "text": ""}, headers=HTMX)
    assert nothing.status_code == 422
    answered = maya.post(path, {"act": "answer", "text": "Yes, and denied."}, headers=HTMX).content.decode()
    assert "Yes, and denied." in answered
    assert "No open questions" in answered
    assert "1 question open" in maya.post(path, {"act": "open"}, headers=HTMX).content.decode()
    assert (
        "Nothing about it goes into the note"
        in maya.post(path, {"act": "set_aside"}, headers=HTMX).content.decode()
    )


def test_signing_waits_for_the_questions_and_says_so(maya: Browser, note: ProgressNote) -> None:
    shown = maya.get(f"/notes/{note.pk}/").content.decode()
    assert "Sign the note" not in shown
    refused = maya.post(f"/notes/{note.pk}/sign/", {"credential": "LCSW"})
    assert refused.status_code == 409
    assert "A question is still open." in refused.content.decode()


def test_a_signed_note_is_read_printed_added_to_and_never_changed(maya: Browser, note: ProgressNote) -> None:
    at, question = line(note, "slept"), NoteQuestion.objects.get(note=note)
    maya.post(f"/notes/{note.pk}/questions/{question.pk}/answer/", {"act": "set_aside"})
    assert "key to the transcript is destroyed" in maya.get(f"/notes/{note.pk}/").content.decode()
    assert maya.post(f"/notes/{note.pk}/sign/", {"credential": "LCSW"}).status_code == 302
    shown = maya.get(f"/notes/{note.pk}/").content.decode()
    assert "Maya Torres, LCSW" in shown
    assert "SHA-256" in shown
    paper = maya.get(f"/notes/{note.pk}/pdf/")
    assert paper.content.startswith(b"%PDF")
    assert "Ruth" not in paper["Content-Disposition"]
    refused = maya.post(f"{at}edit/", {"text": "Something else."}, headers=HTMX)
    assert refused.status_code == 409
    assert "signed" in refused.content.decode()
    maya.post(f"/notes/{note.pk}/addenda/", {"text": "She called back."})
    assert "She called back." in maya.get(f"/notes/{note.pk}/").content.decode()
