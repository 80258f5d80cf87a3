"""From a right password to being in: the second factor, a passkey, and what to do when it is lost."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import entering, factors, proving, queries
from holdspace.people.factors import APP, CODES, PASSKEY, NotAPasskey
from holdspace.people.forms import CodeForm, LostForm
from holdspace.people.opening import actor_of
from holdspace.ui.http import Request, page, see

LARGEST_CREDENTIAL = 20_000


def go_on(request: HttpRequest, user: entering.Person, goal: str = "") -> HttpResponse:
    """Her password was right: in, or on to the second factor where she has one or has to."""
    if not factors.has_factor(user) and not entering.needs_one(user):
        return let_in(request, user, goal)
    entering.wait(request, user, goal)
    return see("people:second")


def let_in(request: HttpRequest, user: entering.Person, goal: str = "") -> HttpResponse:
    """She is in, and goes where she was going."""
    entering.begin(request, user)
    response = HttpResponseRedirect(goal or "/")
    entering.remember_here(request, response, user)
    return response


def goes_on(request: Request, goal: str) -> None:
    """Where what she just did ended her own sign-in, for want of a second factor, she sets one up and goes on.

    She proved her password a moment ago: what made it needed asks for that.
    """
    user = queries.myself(request.actor)
    if entering.needs_one(user) and not factors.has_factor(user):
        entering.wait(request, user, goal)


@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor: a code of the app or a recovery code, or a passkey; or setting one up, where there is none."""
    user = entering.waiting(request)
    if user is None:
        return see("people:sign_in")
    if not factors.has_factor(user):
        return page(request, "people/set_up_second.html", can_passkey=factors.can_be_passkeys_here())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            if proving.code_fits(user, form.cleaned_data["code"]):
                return let_in(request, user, entering.goal_of(request))
            form.add_error("code", "This code does not open it.")
        except HoldspaceError as error:
            form.add_error(None, str(error))
    return page(
        request,
        "people/second.html",
        form=form,
        has_app=factors.has_factor(user, APP),
        has_codes=factors.has_factor(user, CODES),
        has_passkey=factors.has_factor(user, PASSKEY),
        can_passkey=factors.can_be_passkeys_here(),
        may_reset=entering.may_reset(user),
    )


@require_POST
def show_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to show: a passkey of whoever waits or is signed in, else of anybody it knows."""
    user = request.user if request.user.is_authenticated else entering.waiting(request)
    return options(factors.passkey_to_show(user))


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey was shown: the second factor of whoever waits, or all of a sign-in."""
    user = entering.waiting(request)
    goal = entering.goal_of(request)
    try:
        return let_in(request, proving.passkey_fits(user, credential(request)), goal)
    except NotAPasskey as error:
        return page(request, "people/passkey_failed.html", error=error, back="second" if user else "sign_in")


@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """The only owner has lost her second factor: the passphrase or the recovery key takes it away."""
    user = entering.waiting(request)
    if user is None or not entering.may_reset(user):
        return see("people:sign_in")
    form = LostForm(request.POST or None)
    if form.is_valid():
        try:
            proving.take_factors_away(actor_of(user.pk), user, form.cleaned_data["words"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return go_on(request, user, entering.goal_of(request))
    return page(request, "people/lost.html", form=form)


def options(asked: Mapping[str, Any]) -> JsonResponse:
    """What the browser is asked, as it wants to be asked."""
    return JsonResponse(asked, encoder=DjangoJSONEncoder)


def credential(request: HttpRequest) -> dict[str, Any]:
    """What the browser made or showed. Raises NotAPasskey."""
    text = request.POST.get("credential", "")
    try:
        read = json.loads(text) if len(text) <= LARGEST_CREDENTIAL else None
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise NotAPasskey("No passkey arrived.", then="Try again, or use another way to sign in.")
    return read
