"""A whole session, from booking to addendum, leaves no clinical word in any log line or audit entry."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from holdspace.audit.log import event_log
from holdspace.audit.models import Entry
from holdspace.chart import actions as chart
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence
from holdspace.errors import HoldspaceError
from holdspace.room.actions import sessions
from tests.cast import CLINICAL_WORDS, TURNS, Cast, heard, held, small_draft


def clinical(text: str) -> list[str]:
    """The clinical words in a text."""
    return [word for word in CLINICAL_WORDS if word.lower() in text.lower()]


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Everything the configured handlers write, at the most talkative level there is."""
    written = StringIO()
    known = logging.root.manager.loggerDict.values()
    loggers = [logging.root, *(one for one in known if isinstance(one, logging.Logger) and one.handlers)]
    handlers = {
        handler
        for logger in loggers
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler) and handler.filters
    }
    assert handlers, "no log handler is configured"
    before = [logger.level for logger in loggers]
    streams = {handler: handler.setStream(written) for handler in handlers}
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield written
    for handler, stream in streams.items():
        handler.setStream(stream)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def journey(cast: Cast) -> None:
    """Maya holds Ruth's session, reviews the draft and signs; what may be refused on the way is refused."""
    session = heard(cast, held(cast))
    sessions.save_jottings(cast.maya, session, text="grounding; brother drinks, slept badly")
    note = chart.begin_review(cast.maya, chart.save_draft(cast.worker, session, draft=small_draft()))
    first, second, *_ = NoteSentence.objects.filter(note=note)
    chart.edit_sentence(cast.maya, note, sentence=first, text="Ruth slept five hours; her brother drinks.")
    chart.strike_sentence(cast.maya, note, sentence=second)
    chart.put_back(cast.maya, note, left_out=LeftOutPart.objects.get(note=note))
    with pytest.raises(HoldspaceError):
        chart.sign_note(cast.tom, note, credential="LPC")
    for question in NoteQuestion.objects.filter(note=note):
        chart.answer_question(cast.maya, note, question=question, text="No thoughts of hurting anyone.")
    signed = chart.sign_note(cast.maya, note, credential="LCSW")
    chart.add_addendum(cast.maya, signed, text="Her daughter called: sertraline is 75 mg.")
    with pytest.raises(HoldspaceError):
        chart.edit_sentence(cast.maya, signed, sentence=first, text="Ruth slept well.")


def test_a_whole_journey_logs_no_clinical_word(cast: Cast, logged: StringIO) -> None:
    journey(cast)
    assert clinical(logged.getvalue()) == []


def test_a_whole_journey_is_audited_without_a_clinical_word(cast: Cast) -> None:
    journey(cast)
    entries = [str(values) for values in Entry.objects.values()]
    assert any("note.sign" in entry for entry in entries)
    assert any("refused" in entry for entry in entries)
    assert [entry for entry in entries if clinical(entry)] == []


def test_a_librarys_own_words_do_not_reach_the_log(logged: StringIO) -> None:
    said = TURNS[4].text
    try:
        raise LookupError(said)
    except LookupError:
        logging.getLogger("django.request").exception("Internal Server Error: /clients/?q=%s", said)
    assert "LookupError" in logged.getvalue()
    assert clinical(logged.getvalue()) == []


def test_our_own_log_cannot_be_given_text(logged: StringIO) -> None:
    event_log("room")("draft.failed", run=7, code="no-speech")
    assert "draft.failed run=7 code=no-speech" in logged.getvalue()
    with pytest.raises(ValueError, match="never text"):
        event_log("room")("draft.failed", why=TURNS[4].text)


def test_the_wall_knows_a_clinical_word_when_it_sees_one() -> None:
    assert clinical("draft.failed session=7") == []
    assert clinical(f"could not read: {TURNS[4].text}") == ["brother", "drinks"]
