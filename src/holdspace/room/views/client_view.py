"""What the client may see while a session is heard: that it is, and a way to ask for a pause. No name, no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.throttle import Throttle
from holdspace.assist.doorway import speech_host
from holdspace.room.actions.captures import ask_for_pause
from holdspace.room.codes import by_code
from holdspace.room.rules import ENDING, plain_code
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
    return _shown(request, code)


@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """The client asks for a pause; hearing stops at once."""
    GUESSES.check()
    if found := by_code(plain_code(code)):
        ask_for_pause(*found)
    return _shown(request, code)


def _shown(request: HttpRequest, code: str) -> HttpResponse:
    GUESSES.check()
    found = by_code(plain_code(code))
    if found is None:
        GUESSES.count()
    over = found is None or found[1].state == ENDING
    state = "over" if over or found is None else found[1].state
    template = "room/with_client_now.html" if request.headers.get("HX-Request") else "room/with_client.html"
    return page(request, template, state=state, code=plain_code(code), heard_by=speech_host())
