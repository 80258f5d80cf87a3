"""What the client may see: whether the session is heard, a way to ask for a pause, and their consent. No sign-in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.spoken_code import plain_code
from holdspace.access.throttle import Throttle
from holdspace.assist.doorway import speech_host
from holdspace.consent.queries import standings
from holdspace.room.actions.captures import ask_for_pause
from holdspace.room.codes import InTheRoom, by_code
from holdspace.room.rules import ENDING
from holdspace.ui.http import page, see

GUESSES = Throttle(most=30, every_s=60.0)
"""Codes tried that are nobody's, from everywhere together: at 30 a minute one of 39 bits takes 30,000 years."""


@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """Where the code is typed."""
    if code := plain_code(request.GET.get("code", "")):
        return see("room:with_client", code)
    return page(request, "room/with_client.html", state="", code="")


@require_GET
def with_client(request: HttpRequest, code: str) -> HttpResponse:
    """What is happening now. The same page for a code that is over and one that never was."""
    return shown(request, code, behind(code))


@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """The client asks for a pause; hearing stops at once."""
    found = behind(code)
    if found is not None and found.capture is not None:
        ask_for_pause(found.actor, found.capture)
    return shown(request, code, behind(code))


def behind(code: str) -> InTheRoom | None:
    """What a code opens. Whoever tries many is slowed down."""
    GUESSES.check()
    found = by_code(plain_code(code))
    if found is None:
        GUESSES.count()
    return found


def shown(request: HttpRequest, code: str, found: InTheRoom | None) -> HttpResponse:
    """The client's page, or the part of it that is asked for every few seconds."""
    capture = found.capture if found else None
    state = "over" if capture is None or capture.state == ENDING else capture.state
    template = "room/with_client_now.html" if request.headers.get("HX-Request") else "room/with_client.html"
    return page(
        request,
        template,
        state=state,
        code=plain_code(code),
        heard_by=speech_host(),
        standings=standings(found.actor, found.client, session_id=found.session_id) if found else (),
    )
