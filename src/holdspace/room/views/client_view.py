"""What the client may see: whether the session is heard, a way to ask for a pause, and their consent. No sign-in."""

from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.spoken_code import plain_code
from holdspace.access.throttle import LetIn, Throttle, TooMany
from holdspace.assist.doorway import speech_host
from holdspace.consent.queries import DocumentStandings, documents, words_host
from holdspace.consent.rules import TRANSCRIPTION
from holdspace.errors import HoldspaceError
from holdspace.room.actions.captures import ask_for_pause
from holdspace.room.codes import InTheRoom, by_code
from holdspace.room.rules import ENDING
from holdspace.ui.http import page, see

GUESSES = Throttle(most=30, every_s=60.0)
"""Codes tried that are nobody's, from one address: who mistypes must not keep a client elsewhere from stopping."""
LET_IN = LetIn()
"""Phones and the codes that opened for them: behind one address, somebody's guesses keep no other from stopping."""
ALL_GUESSES = Throttle(most=600, every_s=60.0)
"""The same from everywhere together: at 600 a minute one code of 39 bits takes 1,500 years."""


@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """Where the code is typed."""
    if code := plain_code(request.GET.get("code", "")):
        return see("room:with_client", code)
    return page(request, "room/with_client.html", state="", code="")


@require_GET
def with_client(request: HttpRequest, code: str) -> HttpResponse:
    """What is happening now. The same page for a code that is over and one that never was."""
    return shown(request, code, behind(request, code))


@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """The client asks for a pause; hearing stops at once."""
    found = stopped(request, code, _pause)
    return shown(request, code, by_code(plain_code(code)) if found else None)


def behind(request: HttpRequest, code: str) -> InTheRoom | None:
    """What a code opens, times from here on by its practice's clock. Who tries many is slowed down.

    A phone that came in with this very code is not: a browser is known by its token against forged requests, which is
    nobody else's, so that who guesses has to name both.
    """
    who, typed = request.META.get("REMOTE_ADDR", ""), plain_code(code)
    phone = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    found = by_code(typed)
    if not LET_IN.knows(phone, typed):
        GUESSES.check(who)
        ALL_GUESSES.check()
    if found is None:
        GUESSES.count(who)
        ALL_GUESSES.count()
        LET_IN.forget(phone, typed)
        return None
    timezone.activate(ZoneInfo(found.client.practice.zone))
    if phone:
        LET_IN.remember(phone, typed)
    return found


def stopped(request: HttpRequest, code: str, stop: Callable[[InTheRoom], object]) -> InTheRoom | None:
    """What a code opens, once `stop` was done with it; for a right code that is never put off, whoever sends it.

    Over the count a right code and a wrong one get the same answer, so that who guesses here learns nothing by it.
    """
    try:
        found = behind(request, code)
    except TooMany as slowed:
        if right := by_code(plain_code(code)):
            with suppress(HoldspaceError):  # what went wrong with it would tell that it is right
                stop(right)
        raise TooMany(
            slowed.what,
            kept="If the code was right, what you asked for is done all the same: the pause, or your yes taken back.",
            then="Wait a minute, then open your page again.",
        ) from None
    if found:
        stop(found)
    return found


def _pause(found: InTheRoom) -> None:
    if found.capture is not None:
        ask_for_pause(found.actor, found.capture)


def shown(request: HttpRequest, code: str, found: InTheRoom | None) -> HttpResponse:
    """The client's page, or the part of it that is asked for every few seconds."""
    if not plain_code(code):
        return see("room:client_door")
    capture = found.capture if found else None
    state = "over" if capture is None or capture.state == ENDING else capture.state
    if request.headers.get("HX-Request"):
        return page(request, "room/with_client_now.html", state=state, code=plain_code(code))
    asked = wanted(found) if found else []
    return page(
        request,
        "room/with_client.html",
        state=state,
        code=plain_code(code),
        heard_by=speech_host(),
        worded_by=words_host(found.actor) if found else "",
        standings=[who for one in asked if one.purpose == TRANSCRIPTION for who in one.standings],
        also=[one for one in asked if one.purpose != TRANSCRIPTION],
    )


def wanted(found: InTheRoom) -> list[DocumentStandings]:
    """The documents the people of this session are asked about, those left out that not all of them may know of."""
    every = documents(found.actor, found.client, session_id=found.session_id, is_remote=found.is_remote)
    return [one for one in every if one.applies and not one.is_here_only]
