"""Direct references: somebody else's id in a form, in a query or in the middle of an address opens and changes nothing.

Ids in the path alone are walked by tests/walls/test_matrix.py; here they are put into everything else, and mixed.
"""

from typing import Any

import pytest
from django.urls import reverse

from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote
from holdspace.consent.models import Consent
from holdspace.room.models import HeardSession, Session
from holdspace.workflows.consent_taken_back import carry_out
from tests.everything import OKAFORS, RUTHS, VERAS, WHOSE, Everything, browser
from tests.security.walking import pages, sending
from tests.walls.test_matrix import SENT, path_to

NAMES = (
    "id",
    "pk",
    "client",
    "client_id",
    "session",
    "session_id",
    "note",
    "note_id",
    "clinician",
    "clinician_id",
    "practice",
    "practice_id",
    "user",
    "user_id",
    "sentence",
    "sentence_id",
    "at",
    "before",
    "consent",
    "consent_id",
    "who",
)
SAID_OF = {RUTHS: "Ruth Abel", OKAFORS: "Ike Okafor", VERAS: "Vera Long"}


def words_of(whose: str) -> tuple[bytes, ...]:
    """What would be seen of somebody."""
    return (SAID_OF[whose].encode(), SAID_OF[whose].split()[1].encode())


@pytest.mark.parametrize(
    ("who", "hers", "not_hers"), [("tom", OKAFORS, RUTHS), ("tom", OKAFORS, VERAS), ("eve", VERAS, RUTHS)]
)
def test_a_foreign_id_in_any_parameter_shows_nothing_of_them(
    house: Everything, who: str, hers: str, not_hers: str
) -> None:
    one, foreign = browser(house.actors[who]), house.records[not_hers].ids
    for query in (
        {name: foreign.get(name, foreign["session_id"]) for name in NAMES},
        {"at": foreign["sentence_id"]},
    ):
        for name, answer in pages(one, house.records[hers], query):
            assert answer.status_code < 500, name
            assert not any(word in answer.content for word in words_of(not_hers)), name


def state_of(house: Everything, whose: str) -> dict[str, Any]:
    """Everything that could be changed about somebody."""
    ids = house.records[whose].ids
    return {
        "session": list(
            Session.objects.filter(pk=ids["session_id"]).values("jottings", "is_closed", "started_at")
        ),
        "heard": HeardSession.objects.filter(session_id=ids["session_id"]).count(),
        "note": list(ProgressNote.objects.filter(pk=ids["note_id"]).values("state", "format")),
        "sentences": [
            (row.pk, row.text, row.status) for row in NoteSentence.objects.filter(note_id=ids["note_id"])
        ],
        "questions": list(NoteQuestion.objects.filter(note_id=ids["note_id"]).values_list("state")),
        "left out": list(LeftOutPart.objects.filter(note_id=ids["note_id"]).values_list("is_back")),
        "consents": list(
            Consent.objects.filter(client_id=ids["client_id"]).values_list(
                "pk", "answer", "revoked_at", "is_pending"
            )
        ),
    }


@pytest.mark.parametrize(("who", "hers", "not_hers"), [("tom", OKAFORS, RUTHS), ("eve", VERAS, OKAFORS)])
def test_a_foreign_id_in_any_form_changes_nothing_of_theirs(
    house: Everything, who: str, hers: str, not_hers: str
) -> None:
    one, own, foreign = browser(house.actors[who]), house.records[hers], house.records[not_hers].ids
    before = state_of(house, not_hers)
    for address in sending():
        form = {
            **{name: foreign.get(name, foreign["session_id"]) for name in NAMES if name != "who"},
            **SENT.get(address.name, {}),
        }
        answer = one.post(
            path_to(address, own.ids, own.code), {k: v for k, v in form.items() if not isinstance(v, bytes)}
        )
        assert answer.status_code < 500, address.name
    carry_out()
    assert state_of(house, not_hers) == before


@pytest.mark.parametrize("part", ["sentence_id", "question_id", "left_out_id"])
def test_a_part_of_another_note_is_not_reached_through_ones_own(house: Everything, part: str) -> None:
    tom, own, foreign = browser(house.cast.tom), house.records[OKAFORS], house.records[RUTHS]
    before = state_of(house, RUTHS)
    mixed = {**own.ids, part: foreign.ids[part]}
    for address in sending():
        if part in address.parameters:
            assert (
                tom.post(path_to(address, mixed, own.code), SENT.get(address.name, {})).status_code == 404
            ), address.name
    for name in ("chart:sentence", "chart:evidence", "chart:question_evidence", "chart:edit"):
        if part in _parameters(name):
            kwargs = {key: mixed[key] for key in _parameters(name)}
            assert tom.get(reverse(name, kwargs=kwargs)).status_code == 404, name
    assert state_of(house, RUTHS) == before


def _parameters(name: str) -> set[str]:
    return {"note_id", "question_id"} if "question" in name else {"note_id", "sentence_id"}


@pytest.mark.parametrize("whose", [RUTHS, OKAFORS])
def test_a_code_reaches_nobody_elses_papers_and_answers_for_nobody_else(
    house: Everything, whose: str
) -> None:
    phone, code = browser(None), house.records[whose].code
    for other in (name for name in WHOSE[:3] if name != whose):
        before = state_of(house, other)
        path = reverse("room:client_pdf", args=[code, house.records[other].ids["number"]])
        assert phone.get(path).status_code == 404
        for who in ("0", "1", "7"):
            form = {
                "who": who,
                "answer": "no",
                "session": house.records[other].ids["session_id"],
                "client_id": house.records[other].ids["client_id"],
            }
            phone.post(reverse("room:client_ask", args=[code, "transcription"]), form)
            phone.post(reverse("room:client_back", args=[code, "transcription"]), form)
        carry_out()
        assert state_of(house, other) == before


def test_a_no_said_for_another_clients_session_destroys_nothing_there(house: Everything) -> None:
    """The session of an answer comes from the page; one that is not this client's reaches no session at all."""
    before = state_of(house, RUTHS)
    tom, okafor = browser(house.cast.tom), house.records[OKAFORS].ids["client_id"]
    form = {"who": "0", "answer": "not today", "session": house.records[RUTHS].ids["session_id"]}
    assert tom.post(reverse("consent:ask", args=[okafor, "transcription"]), form).status_code == 302
    carry_out()
    assert state_of(house, RUTHS) == before
