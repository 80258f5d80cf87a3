"""What is sensitive asks once more who is there: the key, the members, second factors, an emergency, what may leave.

A stolen cookie, or a screen left open for a minute, is not enough for these.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from holdspace.access.actor import Actor
from holdspace.people import entering, factors, holding, queries
from holdspace.people.opening import actor_of
from holdspace.ui.http import Request, own_path

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]


def fresh(view: View[P]) -> View[P]:
    """A view that is shown, or done, only to who proved all of who she is in the last minutes."""

    @wraps(view)
    def asked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if entering.is_proven(request.sign_in):
            return view(request, *args, **kwargs)
        query = urlencode({"next": _goal(request)})
        return HttpResponseRedirect(f"{reverse('people:again')}?{query}")

    asked.is_fresh = True  # type: ignore[attr-defined]  # read by the walls
    return asked


def setting_up(
    view: Callable[[HttpRequest, entering.Person, Actor], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A view that sets up a second factor: for who is in and proved it, or who is coming in and has none yet.

    Who has one and does not show it gets no further: a password alone adds no second factor to an account with one.
    """

    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return fresh(_own)(request)  # type: ignore[arg-type]  # past the middleware, so it is a Request
        user = entering.waiting(request)
        if user is None or factors.has_factor(user):
            return HttpResponseRedirect(reverse("people:sign_in"))
        return view(request, user, actor_of(user.pk))

    def _own(request: Request) -> HttpResponse:
        return view(request, queries.myself(request.actor), request.actor)

    return asked


def _goal(request: Request) -> str:
    """Where she goes on: the page she asked for, or what she was sending, kept."""
    if request.method != "POST":
        return request.get_full_path()
    if holding.hold(request, request.sign_in):
        return reverse("people:kept")
    return own_path(request, request.headers.get("Referer", "")) or "/"
