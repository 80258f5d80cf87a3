"""What happens to every request: is the practice open, who acts, and nothing is kept in a browser's cache."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404

from holdspace.people import entering, opening, queries
from holdspace.ui.errors import elsewhere, missing, told
from holdspace.vault import in_use
from holdspace.web.limits import route_of
from holdspace.web.sign_ins import asks_for_a_part, signed_out

Answer = Callable[[HttpRequest], HttpResponse]

SET_UP, UNLOCK, SIGN_IN = "people:set_up", "people:unlock", "people:sign_in"
RECOVER = "people:recover"
WITH_CLIENT = frozenset(
    f"room:{page}"
    for page in ("client_door", "with_client", "client_pause", "client_ask", "client_back", "client_pdf")
)
"""Pages for who has the code of a session that is being heard."""
WITH_SECOND = frozenset(
    f"people:{page}"
    for page in (
        "second",
        "show_passkey",
        "passkey",
        "lost",
        "app",
        "app_picture",
        "new_passkey",
        "make_passkey",
    )
)
"""Pages between a right password and being in; without one they lead to the sign-in page."""
JOINING = frozenset({"people:join", "people:join_with"})
OPEN_TO_ALL = frozenset({SET_UP, UNLOCK, RECOVER, SIGN_IN}) | WITH_CLIENT | WITH_SECOND | JOINING


WRITES_WHEN_OPENED = frozenset(
    {"chart:ledger_pdf", "chart:note", "chart:pdf", "consent:pdf", "room:client_pdf"}
)
"""Pages that are opened by a plain link and leave something: a copy taken out is entered, a review begins."""
FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})


class NothingKept:
    """Pages with names on them are not left in a shared machine's cache."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer as not to be stored."""
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class FrontDoor:
    """Before set-up there is only the set-up page; while locked only the pages that unlock. No database is touched."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send the browser to the door that is open now."""
        if in_use.is_closing(settings.CONFIG.home):
            return told(request, in_use.being_changed())
        door = _door()
        name = route_of(request.path_info)
        if name in {SET_UP, UNLOCK, RECOVER}:
            is_open = door == (UNLOCK if name == RECOVER else name)
            return self._get_response(request) if is_open else redirect(door or "/")
        return redirect(door) if door else self._get_response(request)


class WhoActs:
    """Sets `request.actor`; without a sign-in only the sign-in page answers."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with its actor, or to the sign-in page."""
        name = route_of(request.path_info)
        if name in {SET_UP, UNLOCK, RECOVER}:
            return self._get_response(request)
        if request.user.is_authenticated:
            request.actor = opening.actor_of(request.user.pk)  # type: ignore[attr-defined]  # ui.http.Request declares it
            return self._get_response(request)
        if name in OPEN_TO_ALL:
            return self._get_response(request)
        if not name:
            return missing(request, Resolver404())
        return redirect("people:second") if _waits(request) else signed_out(request)


class OpenedFromHere:
    """A link on another site opens no page that writes: with a link the cookie comes along, and no token is asked for.

    The browser says where a request comes from; one that does not say is let through.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say that it has to be opened from here."""
        is_elsewhere = request.headers.get("Sec-Fetch-Site", "") in FROM_ELSEWHERE
        if is_elsewhere and request.method != "POST" and route_of(request.path_info) in WRITES_WHEN_OPENED:
            return elsewhere(request)
        return self._get_response(request)


def person(request: HttpRequest) -> dict[str, Any]:
    """The name in the masthead, None when nobody is signed in or the screen is locked; records open in an emergency."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.is_locked:
        return {"person": None}
    left = entering.seconds_left(request.sign_in)  # type: ignore[attr-defined]  # who has an actor has one
    return {"person": actor.name, "left": left, "emergencies": queries.emergencies(actor)}


def _door() -> str:
    if not opening.is_set_up():
        return SET_UP
    return UNLOCK if opening.is_locked() else ""


def _waits(request: HttpRequest) -> bool:
    """Whether somebody's password was right and the second factor is what comes next."""
    return not asks_for_a_part(request) and entering.waiting(request) is not None
