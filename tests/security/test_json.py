"""The answers in JSON are what their description says, whatever is sent: schemathesis makes the requests from it.

A view that answers in JSON and is not described fails, and so does an answer with a field that is not.
"""

import ast
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse
from docs.api import OPERATIONS, document
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from holdspace.room.actions.captures import begin_capture
from holdspace.room.models import Capture, Session
from holdspace.web.limits import counter
from tests.everything import RUTHS, Everything, browser
from tests.walls.tree import ROOT, modules, parsed, short

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "20"))
IS_WHOLE = EXAMPLES > 100
TOKEN = "hers"
HELPERS = {"options": ("show_passkey", "make_passkey")}
"""Functions that answer for views."""
schema = schemathesis.openapi.from_dict(document())
schema.config.update(base_url="http://testserver")
if not IS_WHOLE:  # every boundary of every parameter, some hundred requests each: by hand
    schema.config.phases.coverage.enabled = False


def json_views(tree: ast.Module) -> set[str]:
    """Functions that answer in JSON."""
    return {
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and any(
            isinstance(node, ast.Call) and ast.unparse(node.func) == "JsonResponse"
            for node in ast.walk(function)
        )
    }


def test_every_view_that_answers_in_json_is_described() -> None:
    found = {(short(path), name) for path in modules() for name in json_views(parsed(path))}
    views = {one for _, name in found for one in HELPERS.get(name, (name,))}
    assert views == {name.partition(":")[2] for name in OPERATIONS}
    assert {path for path, _ in found} == {
        "src/holdspace/people/views/coming_in.py",
        "src/holdspace/people/views/lock.py",
        "src/holdspace/room/views/capture.py",
    }
    assert json.loads((ROOT / "docs/reference/api.json").read_text(encoding="utf-8")) == document()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not IS_WHOLE,  # the same requests each day; new ones by hand, where what they find can be looked at
)
def test_whatever_is_sent_is_answered_as_it_is_described(case: Any, house: Everything) -> None:
    session = Session.objects.get(pk=house.records[RUTHS].ids["session_id"])
    if not Capture.objects.filter(session=session, state__in=("live", "paused", "off", "ending")).exists():
        begin_capture(house.cast.maya, session, mode="dictation", note_format="", token=TOKEN)
    counter.forget()
    maya = browser(house.cast.maya)
    case.path_parameters = {"session_id": session.pk} if "{session_id}" in case.path else {}
    case.cookies = {"sessionid": maya.cookies["sessionid"].value}
    case.headers = {**(case.headers or {}), "X-Capture": TOKEN}
    answer = case.call(app=_without_tokens(), timeout=30)
    case.validate_response(
        answer, checks=(not_a_server_error, status_code_conformance, response_schema_conformance)
    )


def _without_tokens() -> Any:
    """The application, where requests that no form of ours made are let through to the views."""
    handler = WSGIHandler()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ["HTTP_HOST"] = "testserver"
        request = handler.request_class(environ)
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # as Django's own test client does
        response: Any = handler.get_response(request)
        said = f"{response.status_code} {response.reason_phrase}"
        start_response(said, [(name, str(value)) for name, value in response.items()])
        return [response.content]

    return app


def test_the_line_says_no_more_than_the_page_needs(house: Everything) -> None:
    maya, session = browser(house.cast.maya), house.records[RUTHS].ids["session_id"]
    answer = maya.post(reverse("room:begin", args=[session]), {"mode": "dictation", "token": TOKEN})
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json()) == {
        "state",
        "next",
        "heard",
        "behind",
        "lost",
        "missed",
        "asked",
        "code",
    }
    assert (
        maya.post(reverse("room:state", args=[session]), headers={"X-Capture": "another"}).status_code == 409
    )


@pytest.mark.parametrize("token", ["", "a b", "ü", "a" * 65, "\x00", "<b>"])
def test_a_page_that_does_not_say_which_it_is_is_refused(house: Everything, token: str) -> None:
    maya, session = browser(house.cast.maya), house.records[RUTHS].ids["session_id"]
    assert (
        maya.post(reverse("room:begin", args=[session]), {"mode": "dictation", "token": token}).status_code
        == 422
    )
