"""A whole session, from booking to addendum, leaves no clinical word in any log line or audit entry.

Nor does what breaks: a view, a task, a thread, a database that quotes the row it refused.
"""

import logging
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
import uvicorn
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from holdspace.audit.log import event_log, wordless
from holdspace.audit.models import Entry
from holdspace.chart import actions as chart
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence
from holdspace.errors import HoldspaceError
from holdspace.people.models import User
from holdspace.room.actions import sessions
from holdspace.web.server import options
from tests.cast import CLINICAL_WORDS, TURNS, Cast, heard, held, small_draft
from tests.everything import RUTHS, Everything, browser, make_everything
from tests.walls.test_addresses import ALL
from tests.walls.test_matrix import methods_of, path_to


def clinical(text: str) -> list[str]:
    """The clinical words in a text."""
    return [word for word in CLINICAL_WORDS if word.lower() in text.lower()]


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Everything the configured handlers write, at the most talkative level there is."""
    written = StringIO()
    known = logging.root.manager.loggerDict.values()
    loggers = [logging.root, *(one for one in known if isinstance(one, logging.Logger))]
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
    connection.force_debug_cursor = True  # every statement with its values, as django.db.backends logs it
    yield written
    connection.force_debug_cursor = False
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


def clicked_through(house: Everything) -> None:
    """Maya does on the pages what a session brings, some of it wrong, with the client's words in every field."""
    maya = browser(house.cast.maya, raise_request_exception=False)
    ids = house.records[RUTHS].ids
    said = "Ruth slept badly; her brother drinks, her daughter takes sertraline"
    for address in ALL:
        path = path_to(address, ids, house.records[RUTHS].code)
        if "POST" in methods_of(address) and address.name not in KEEPS_HER_OUT:
            maya.post(path, dict.fromkeys(FIELDS, said))
        if "GET" in methods_of(address):
            maya.get(path, {"words": said, "who": said, "at": said, "next": f"/{said}"})


FIELDS = (
    "text",
    "name",
    "others",
    "jottings",
    "credential",
    "signed",
    "answer",
    "words",
    "username",
    "section",
    "token",
)
KEEPS_HER_OUT = {"people:sign_out"}


def test_every_page_and_form_logs_no_clinical_word(db: None, logged: StringIO) -> None:  # noqa: ARG001
    clicked_through(make_everything())
    assert "event in utils" in logged.getvalue(), "no statement was logged, so nothing was proved"
    assert clinical(logged.getvalue()) == []


def test_a_view_that_breaks_and_a_database_that_quotes_leave_their_kind_alone(
    cast: Cast, logged: StringIO, settings: LazySettings
) -> None:
    settings.ROOT_URLCONF = "tests.walls.test_headers"
    assert browser(cast.maya, raise_request_exception=False).get("/broken/").status_code == 500
    assert "LookupError" in logged.getvalue()
    try:
        with transaction.atomic():
            User.objects.create(practice=cast.practice, username="maya", name="Ruth", role="owner")
    except IntegrityError:
        logging.getLogger("django.request").exception("while Ruth slept")
    assert "IntegrityError" in logged.getvalue()
    assert clinical(logged.getvalue()) == []


@task()
def breaks(run_id: int) -> None:
    """A task that fails with words."""
    with wordless():
        raise LookupError(f"{TURNS[4].text} {run_id}")


@pytest.mark.django_db(transaction=True)
def test_the_table_of_tasks_keeps_no_word_of_what_a_task_failed_with(logged: StringIO) -> None:
    breaks.using(queue_name="default").enqueue(7)
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="w",
        excluded_queue_names=[],
    ).run()
    row = DBTaskResult.objects.get()
    assert "LookupError" in row.traceback
    assert clinical(f"{row.traceback} {row.args_kwargs} {row.exception_class_path} {logged.getvalue()}") == []


CRASHES = """
import threading
from holdspace.audit.log import keep_words_out_of_crashes
keep_words_out_of_crashes()
def sleep_badly():
    raise LookupError("Ruth slept badly")
threading.Thread(target=sleep_badly).start()
class Gone:
    def __del__(self):
        sleep_badly()
Gone()
sleep_badly()
"""


def test_a_crash_of_a_thread_or_of_the_process_says_where_and_no_more() -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASHES], capture_output=True, text=True, check=False)
    assert crashed.returncode == 1
    assert crashed.stderr.count("LookupError") == 3
    assert clinical(crashed.stderr.replace("sleep_badly", "")) == []


def test_who_tries_to_get_round_a_rule_leaves_a_line_without_words(cast: Cast, logged: StringIO) -> None:
    careful = browser(cast.maya, enforce_csrf_checks=True)
    careful.post("/clients/add/", {"name": "Ruth slept"})
    for _ in range(200):
        careful.get("/clients/", {"words": "Ruth"})
    assert "form.refused" in logged.getvalue()
    assert "too.often what=search" in logged.getvalue()
    assert clinical(logged.getvalue()) == []


def test_the_server_logs_through_ours_and_no_address(logged: StringIO) -> None:
    config = uvicorn.Config("holdspace.web.asgi:application", **options())
    assert not logging.getLogger("uvicorn.access").hasHandlers()
    assert config.log_config is None
    logging.getLogger("uvicorn.access").warning("GET /clients/?words=Ruth")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application: Ruth slept")
    logging.getLogger("asyncio").error("never retrieved: Ruth slept")
    assert "event in" in logged.getvalue()
    assert clinical(logged.getvalue()) == []


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
