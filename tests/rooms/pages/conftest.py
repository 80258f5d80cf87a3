"""Someone at a browser, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdspace.people.models import User
from holdspace.room.models import Session
from tests.cast import Cast, agree, held
from tests.rooms.pages.heard import ScriptedEar

SignIn = Callable[[str], Browser]


@pytest.fixture
def as_(cast: Cast) -> SignIn:  # noqa: ARG001  # the practice must be there
    """`as_("maya")` is Maya's browser."""

    def sign_in(username: str) -> Browser:
        browser = Browser()
        browser.force_login(User.objects.get(username=username))
        return browser

    return sign_in


@pytest.fixture
def session(cast: Cast) -> Session:
    """Ruth's session, everybody agreed."""
    agree(cast.maya, cast.ruth)
    return held(cast)


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedEar]:
    """The ears the listener was given, the latest last."""
    given: list[ScriptedEar] = []

    def listening_for(*_: object, begins_s: float, **_more: object) -> ScriptedEar:
        given.append(ScriptedEar(begins_s))
        return given[-1]

    monkeypatch.setattr("holdspace.workflows.live_session.listening_for", listening_for)
    monkeypatch.setattr("holdspace.workflows.live_session.AGAIN_S", 0.0)
    return given
