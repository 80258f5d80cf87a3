"""A language model elsewhere: asked only where it is switched on, allowed, agreed and told; and told nobody's name."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.models import AiUse
from holdspace.assist.queries import uses
from holdspace.assist.remote import has_capitals
from holdspace.assist.rules import MODEL, NAMES_OUT, PARSER, SwitchAt
from holdspace.chart.actions import add_diagnosis
from holdspace.chart.queries import note_for_review, note_of
from holdspace.consent.actions import revoke_consent
from holdspace.consent.queries import standings, text_for, who_is_missing
from holdspace.consent.rules import TRANSCRIPTION
from holdspace.outbound import gateway
from holdspace.outbound.door import host_named
from holdspace.outside.actions import allow_host, end_host
from holdspace.outside.models import AllowedHost
from holdspace.outside.queries import sent_in
from holdspace.outside.rules import BAA, MODEL_SERVER, AgreementGiven
from holdspace.room.actions import sessions
from holdspace.room.models import Session
from holdspace.workflows.worker import work_until
from tests.cast import Cast, agree, held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.weights]
SAID = """Therapist: How has the week been, Ruth, since you came back from Duluth?
Client: My brother Daniel called from Cookeville and I was anxious the whole evening before he even said a word.
Therapist: And the shift at Kroger, did you stay until the end although it was so crowded in there?
Client: I went to Kroger on Tuesday and I stayed there the whole time even though it was very crowded and loud.
Therapist: Any thoughts of ending your life, or of hurting yourself?
Client: No, nothing like that. I have my daughter Priyanka to look after and she needs me every single day.
Therapist: What about sleep, since the third of March?
Client: I slept about five hours most nights and I kept waking up at four because Daniel texts me at 555-010-2233.
Therapist: Would you practise the breathing every evening until we meet next Tuesday?
Client: Yes, I can do that. Every evening after dinner with Priyanka in the kitchen of our place on Maple Street.
"""
NAMES = (
    "Ruth",
    "Abel",
    "Maya",
    "Torres",
    "Daniel",
    "Priyanka",
    "Duluth",
    "Cookeville",
    "Kroger",
    "Maple",
    "555",
)


class Elsewhere(BaseHTTPRequestHandler):
    """A server that keeps all it is sent and words as it is told to."""

    heard: list[str] = []
    answer: str = ""
    then: Callable[[], None] | None = None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Elsewhere.heard.append(self.path + str(self.headers) + body)
        if Elsewhere.then is not None and len(Elsewhere.heard) == 1:
            Elsewhere.then()
        asked: dict[str, Any] = json.loads(body)
        sentence = asked["messages"][0]["content"].rpartition("Sentence: ")[2].strip()
        said = Elsewhere.answer or json.dumps({"sentence": sentence})
        told = {"choices": [{"finish_reason": "stop", "message": {"content": said}}]}
        written = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url(settings: LazySettings) -> Iterator[str]:
    """Its address, as LANGUAGE_URL names it; and a gateway of this process's own."""
    Elsewhere.heard, Elsewhere.answer, Elsewhere.then = [], "", None
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/v1"
    settings.CONFIG = replace(settings.CONFIG, language_url=address, language_model="big")
    yield address
    gateway.end()
    server.shutdown()
    server.server_close()


def allow(cast: Cast, url: str, *, is_ours: bool = False) -> AllowedHost:
    """The owner allows the server: as hers, or under an agreement."""
    agreement = None if is_ours else AgreementGiven("Harbor Models, Inc.", BAA, date(2026, 11, 1))
    return allow_host(
        cast.maya,
        cast.practice,
        host=host_named(url),
        purpose=MODEL_SERVER,
        reason="Better wording",
        is_ours=is_ours,
        agreement=agreement,
    )


def drafted(cast: Cast, session: Session, said: str = SAID) -> list[str]:
    """The sentences of a draft made by a worker."""
    if said:
        sessions.accept_transcript(cast.maya, session, data=said.encode(), filename="said.txt")
    sessions.request_draft(cast.maya, session, note_format="DAP")
    work_until(Event(), only_once=True)
    note = note_of(cast.maya, session)
    assert note is not None
    page = note_for_review(cast.maya, note.pk)
    return [sentence.text for section in page.sections for sentence in section.sentences]


def purposes(cast: Cast, session: Session) -> set[str]:
    """What the ledger says the program did in a session."""
    return {use.purpose for use in uses(cast.maya, session.pk)}


def switched_on(cast: Cast) -> Session:
    """A session of Ruth's, everyone agreed to what the documents say now, the model switched on."""
    switch_on(cast.maya, SwitchAt(MODEL, cast.practice))
    session = held(cast)
    agree(cast.maya, cast.ruth)
    return session


def test_it_is_told_nobodys_name_and_every_request_is_in_the_ledger(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    sentences = drafted(cast, session)
    assert Elsewhere.heard
    for request in Elsewhere.heard:
        assert [name for name in NAMES if name.lower() in request.lower().replace("holdspace", "")] == []
    assert any("[" in request for request in Elsewhere.heard)
    assert not any(re.search(r"\[[A-Z]+-\d+\]", sentence) for sentence in sentences)  # all were put back
    assert any("Kroger" in sentence for sentence in sentences)
    sent = sent_in(cast.maya, session.pk)
    assert len(sent) == len(Elsewhere.heard)
    assert {row.host for row in sent} == {host_named(url)}
    assert all(row.words > 10 for row in sent)
    assert sum(row.replaced for row in sent) > 0
    wording = [use for use in uses(cast.maya, session.pk) if use.purpose == "wording"]
    assert [(use.model, use.sha256) for use in wording] == [(f"big at {host_named(url)}", "")]
    names_out = [use for use in uses(cast.maya, session.pk) if use.purpose == NAMES_OUT]
    assert [(use.model, use.given) for use in names_out] == [(PARSER, "transcript, drafted sentences")]


def test_the_check_still_refuses_what_it_says_wrongly(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    Elsewhere.answer = json.dumps(
        {"sentence": "Client is cured, [NAME-1] agreed, and no risk was found at all."}
    )
    sentences = drafted(cast, session)
    assert Elsewhere.heard
    assert not any("cured" in sentence or "[NAME" in sentence for sentence in sentences)


@pytest.mark.parametrize("missing", ["the switch", "the client's switch", "an allowed host", "a told client"])
def test_without_any_one_of_what_is_needed_nothing_leaves(cast: Cast, url: str, missing: str) -> None:
    session = switched_on(cast)  # everyone agreed before there was a server
    sessions.accept_transcript(cast.maya, session, data=SAID.encode(), filename="said.txt")
    if missing != "an allowed host":
        allow(cast, url)
    if missing != "a told client":
        agree(cast.maya, cast.ruth)
    if missing == "the switch":
        switch_off(cast.maya, SwitchAt(MODEL, cast.practice))
    if missing == "the client's switch":
        switch_off(cast.maya, SwitchAt(MODEL, cast.ruth))
    assert drafted(cast, session, said="")
    assert Elsewhere.heard == []
    assert sent_in(cast.maya, session.pk) == []
    assert not AiUse.objects.filter(model__contains="127.0.0.1").exists()


def test_whoever_is_heard_is_asked_anew_where_a_server_begins_to_help(cast: Cast, url: str) -> None:
    agree(cast.maya, cast.ruth)
    assert who_is_missing(cast.maya, cast.ruth) == ()
    assert "127.0.0.1" not in text_for(cast.maya, cast.ruth, TRANSCRIPTION).plain
    row = allow(cast, url)
    assert who_is_missing(cast.maya, cast.ruth) == ("client",)
    for actor in (cast.maya, cast.worker, cast.sam):  # the text is the same whoever shows it
        text = text_for(actor, cast.ruth, TRANSCRIPTION).plain
        assert f"helps to word the note: {host_named(url)}" in text
        assert "All this is done on the practice’s own system" not in text
    agree(cast.maya, cast.ruth)
    assert who_is_missing(cast.maya, cast.ruth) == ()
    end_host(cast.maya, row)
    assert who_is_missing(cast.maya, cast.ruth) == ("client",)  # the earlier text is the text again


def test_a_consent_taken_back_ends_it(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    (standing,) = standings(cast.maya, cast.ruth)
    assert standing.answered is not None
    sessions.accept_transcript(cast.maya, session, data=SAID.encode(), filename="said.txt")
    revoke_consent(cast.maya, cast.ruth)
    sessions.save_jottings(
        cast.maya, session, text="grounding used; less avoidant than last week; sleep better"
    )
    sessions.request_draft(cast.maya, session, note_format="DAP")
    work_until(Event(), only_once=True)
    assert Elsewhere.heard == []


def test_her_own_server_is_told_the_sentences_as_they_are_and_clients_are_not_asked_anew(
    cast: Cast, url: str
) -> None:
    session = switched_on(cast)
    allow(cast, url, is_ours=True)
    assert who_is_missing(cast.maya, cast.ruth) == ()
    assert drafted(cast, session)
    assert any("Kroger" in request for request in Elsewhere.heard)
    assert {row.replaced for row in sent_in(cast.maya, session.pk)} == {0}


def test_taken_off_the_list_while_it_is_at_work_it_is_asked_no_more_and_the_draft_is_made(
    cast: Cast, url: str
) -> None:
    row = allow(cast, url)
    session = switched_on(cast)

    def then() -> None:
        end_host(cast.maya, row)
        connection.close()  # this thread's own

    Elsewhere.then = then
    assert drafted(cast, session)
    assert len(Elsewhere.heard) == 1
    assert len(sent_in(cast.maya, session.pk)) > 1  # the others were tried, and refused at the door


@pytest.mark.usefixtures("url")
def test_a_server_that_is_gone_costs_wording_and_nothing_else(cast: Cast, settings: LazySettings) -> None:
    gone = "http://127.0.0.1:9/v1"
    settings.CONFIG = replace(settings.CONFIG, language_url=gone)
    allow(cast, gone)
    session = switched_on(cast)
    sentences = drafted(cast, session)
    assert any("Kroger" in sentence for sentence in sentences)
    assert sent_in(cast.maya, session.pk)  # it was tried, and that is told


def test_a_session_written_without_capitals_is_not_sent(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    low = re.sub(r"(?<=: ).*", lambda found: found.group().lower(), SAID)
    assert not has_capitals(line.partition(": ")[2] for line in low.splitlines())
    assert has_capitals(line.partition(": ")[2] for line in SAID.splitlines())
    assert drafted(cast, session, low)
    assert Elsewhere.heard == []
    assert "drafting" in purposes(cast, session)
    assert purposes(cast, session) & {"wording", NAMES_OUT} == set()


def test_a_session_of_which_no_sentence_is_asked_about_names_no_server(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    sessions.save_jottings(cast.maya, session, text="Grounding used; less avoidant than last week.")
    assert drafted(cast, session, said="")
    assert Elsewhere.heard == []
    assert "drafting" in purposes(cast, session)
    assert purposes(cast, session) & {"wording", NAMES_OUT} == set()


def test_the_ledger_names_what_names_were_looked_for_in_and_nothing_else(cast: Cast, url: str) -> None:
    allow(cast, url)
    session = switched_on(cast)
    add_diagnosis(cast.maya, cast.ruth, code="F41.1", name="Generalized anxiety", since=date(2026, 1, 5))
    sessions.save_jottings(cast.maya, session, text="Grounding used.")
    assert drafted(cast, session)
    assert Elsewhere.heard
    given = {use.purpose: use.given for use in uses(cast.maya, session.pk)}
    assert given["drafting"] == "transcript, jottings, diagnoses"
    assert given[NAMES_OUT] == "transcript, jottings, drafted sentences"
    assert given["wording"] == "drafted sentences"
