"""What happens to every request of somebody signed in: is the sign-in still going, locked, to get a new cookie.

The cookie only names the sign-in (people.models.SignIn). So one that was ended somewhere else is over with its next
request, and one that is locked answers with the lock and with nothing else.
"""

from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from holdspace.people import entering, holding
from holdspace.people.models import SignIn
from holdspace.web.limits import route_of

Answer = Callable[[HttpRequest], HttpResponse]

LOCKED = 423
BY_THEMSELVES = frozenset(
    {
        "chart:log_check",
        "people:key_standing",
        "people:lock_state",
        "proof:now",
        "room:hearing",
        "room:progress",
        "room:sound",
        "room:state",
        "room:words",
        "safekeeping:standing",
    }
)
"""What pages ask without anybody there: it keeps no screen open."""
WHILE_LOCKED = frozenset(
    {
        "people:lock",
        "people:lock_now",
        "people:lock_state",
        "people:come_back",
        "people:come_back_passkey",
        "people:show_passkey",
        "people:sign_out",
        "room:hearing",
        "room:set_hearing",
        "room:sound",
        "room:state",
    }
)
"""All that a locked sign-in answers: the lock itself, and what lets a session being heard go on, pause and end."""


class Cookies(SessionMiddleware):
    """Django's, but a cookie nobody knows is left alone.

    A request on its way while another one got a new cookie would otherwise take the new one away again, and a page
    that hears a session has always one on its way.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the cookie where it is new, remove it where somebody signed out."""
        if request.session.is_empty() and not request.session.modified:
            return response
        return super().process_response(request, response)


class SignIns:
    """After the actor is known: ends, locks, and gives a new cookie."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer with the lock."""
        if getattr(request, "actor", None) is None:
            return self._get_response(request)
        name = route_of(request.path_info)
        sign_in = entering.current(request)
        if sign_in is not None:
            entering.keep_time(sign_in, is_somebody_there=name not in BY_THEMSELVES)
        if sign_in is None or sign_in.ended_at is not None:
            logout(request)
            return signed_out(request)
        request.sign_in = sign_in  # type: ignore[attr-defined]  # ui.http.Request declares it
        if sign_in.locked_at is not None:
            return self._locked(request, sign_in, name)
        if sign_in.rotates:
            entering.rotate(request, sign_in)
        return self._get_response(request)

    def _locked(self, request: HttpRequest, sign_in: SignIn, name: str) -> HttpResponse:
        if name not in WHILE_LOCKED:
            return _lock(request, sign_in)
        request.actor = replace(request.actor, is_locked=True)  # type: ignore[attr-defined]  # likewise
        return self._get_response(request)


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a page that is open stays, behind a lock that says so."""
    if asks_for_a_part(request):
        return HttpResponse(status=LOCKED)
    place = reverse("people:sign_in")
    goal = request.method == "GET" and request.path != "/"
    query = "?" + urlencode({"next": request.get_full_path()}) if goal else ""
    return HttpResponseRedirect(place + query)


def asks_for_a_part(request: HttpRequest) -> bool:
    """Whether a page that is open asks, not somebody who goes somewhere."""
    return request.headers.get("HX-Request") == "true"


def _lock(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    if asks_for_a_part(request):
        return HttpResponse(status=LOCKED)
    if request.method == "POST":
        holding.hold(request, sign_in)
    goal = request.get_full_path() if request.method == "GET" else ""
    query = "?" + urlencode({"next": goal}) if goal else ""
    return HttpResponseRedirect(reverse("people:lock") + query)
