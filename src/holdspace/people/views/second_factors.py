"""Setting up a second factor: an app with codes or a passkey, by who is signed in or who is just coming in."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.access.actor import Actor
from holdspace.errors import HoldspaceError
from holdspace.people import actions, entering, factors
from holdspace.people.factors import CODES
from holdspace.people.forms import AppForm, PasskeyForm
from holdspace.people.fresh import setting_up
from holdspace.people.views.coming_in import credential, let_in, options
from holdspace.ui.http import page, see

ASIDE = "app"


@require_http_methods(["GET", "POST"])
@setting_up
def app(request: HttpRequest, user: entering.Person, actor: Actor) -> HttpResponse:
    """An app with codes: scan the square, type the six digits."""
    form = AppForm(request.POST or None)
    if request.method == "GET" or ASIDE not in request.session:
        request.session[ASIDE] = factors.kept_aside(user, factors.new_secret())
    secret = factors.from_aside(user, request.session[ASIDE])
    if form.is_valid():
        try:
            actions.add_app(actor, user, secret=secret, code=form.cleaned_data["code"])
        except HoldspaceError as error:
            form.add_error("code", str(error))
        else:
            del request.session[ASIDE]
            return _added(request, user, actor)
    spoken = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(request, "people/app.html", form=form, secret=spoken, place="you")


@require_GET
@setting_up
def app_picture(request: HttpRequest, user: entering.Person, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """The square the app scans."""
    if ASIDE not in request.session:
        return HttpResponse(status=404)
    drawn = factors.picture(user, factors.from_aside(user, request.session[ASIDE]))
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
@setting_up
def new_passkey(request: HttpRequest, user: entering.Person, actor: Actor) -> HttpResponse:
    """A passkey: this device, a phone, or a security key with a PIN."""
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_passkey(actor, user, name=form.cleaned_data["name"], credential=credential(request))
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return _added(request, user, actor)
    return page(
        request, "people/new_passkey.html", form=form, can_passkey=factors.can_be_passkeys_here(), place="you"
    )


@require_POST
@setting_up
def make_passkey(request: HttpRequest, user: entering.Person, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """What the browser is asked to make."""
    return options(factors.passkey_to_make(user))


def codes_page(request: HttpRequest, user: entering.Person, codes: list[str], goal: str = "") -> HttpResponse:
    """The recovery codes: on this one answer and nowhere else."""
    today = timezone.localdate(timezone=ZoneInfo(user.practice.zone))
    spaced = [" ".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
    return page(request, "people/codes.html", codes=spaced, goal=goal, made_on=today)


def _added(request: HttpRequest, user: entering.Person, actor: Actor) -> HttpResponse:
    """It is set up: the recovery codes where they are new, then on to where she was going."""
    codes = [] if factors.has_factor(user, CODES) else actions.make_recovery_codes(actor, user)
    if request.user.is_authenticated:
        messages.success(request, "It is set up.")
        return codes_page(request, user, codes) if codes else see("people:you")
    goal = entering.goal_of(request)
    response = let_in(request, user, goal)
    if codes:
        shown = codes_page(request, user, codes, goal or "/")
        shown.cookies = response.cookies
        return shown
    return response
