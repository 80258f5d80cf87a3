"""The page What may leave this machine."""

import pytest
from django.test import Client as Browser

from holdspace.outside.models import AllowedHost
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/practice/leaving/"


@pytest.fixture
def maya(as_: SignIn) -> Browser:
    """The owner's browser."""
    return as_("maya")


def test_nothing_may_leave_by_default_and_the_page_says_so(maya: Browser) -> None:
    said = maya.get(PAGE).content.decode()
    assert "Nothing. No other machine is allowed." in said
    assert "Take off" not in said


def test_a_host_is_allowed_and_taken_off_and_a_wrong_one_is_told(maya: Browser) -> None:
    wrong = maya.post(PAGE, {"host": "*.example.com", "purpose": "mail", "reason": "Reminders"})
    assert "not the name of one host" in wrong.content.decode()
    assert (
        maya.post(PAGE, {"host": "smtp.example.com", "purpose": "mail", "reason": "Reminders"}).status_code
        == 302
    )
    said = maya.get(PAGE).content.decode()
    assert "smtp.example.com" in said
    assert "Allowed by Maya Torres" in said
    row = AllowedHost.objects.get()
    assert maya.post(f"{PAGE}{row.pk}/end/").status_code == 302
    said = maya.get(PAGE).content.decode()
    assert "No other machine is allowed" in said
    assert "taken off by Maya Torres" in said
    assert maya.post(f"{PAGE}{row.pk}/end/").status_code == 404


def test_a_models_server_wants_the_box_ticked_and_the_party_named(maya: Browser) -> None:
    given = {"host": "models.example.com", "purpose": "model server", "reason": "Wording"}
    named = {"party": "Harbor Models, Inc.", "kind": "BAA", "signed_on": "2026-11-01"}
    for fields, said in (
        (given, "needs a signed agreement"),
        ({**given, "has_agreement": "on"}, "Name the party"),
        ({**given, **named}, "Tick it if the agreement"),
    ):
        assert said in maya.post(PAGE, fields).content.decode()
    assert maya.post(PAGE, {**given, **named, "has_agreement": "on"}).status_code == 302
    said = maya.get(PAGE).content.decode()
    assert "Business associate agreement" in said
    assert "with Harbor Models, Inc., signed 1 November 2026" in said


def test_what_is_typed_is_shown_as_typed_and_never_as_markup(maya: Browser) -> None:
    maya.post(PAGE, {"host": "a.example", "purpose": "mail", "reason": "<script>alert(1)</script>"})
    said = maya.get(PAGE).content.decode()
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)" in said


def test_every_way_out_is_tried_when_the_page_is_opened(maya: Browser) -> None:
    said = maya.get(f"{PAGE}tried/").content.decode()
    assert "A TCP connection" in said
    # A test's process is not shut in, and the page does not pretend that it were.
    assert "Not enforced here" in said
    assert "17 of 17" not in said
