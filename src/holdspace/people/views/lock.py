"""The locked screen: lock it, see what goes on behind it, come back; and proving who one is for what is sensitive."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import actions, entering, factors, holding, proving, queries
from holdspace.people.factors import APP, PASSKEY, NotAPasskey
from holdspace.people.forms import AllForm, BackForm, CodeForm
from holdspace.people.views.coming_in import credential
from holdspace.ui.http import Request, own_path, page, see


@require_POST
def lock_now(request: Request) -> HttpResponse:
    """Lock this screen at once."""
    if not request.actor.is_locked:
        actions.lock_screen(request.actor, request.sign_in)
    if request.htmx:
        return HttpResponse(status=204)
    return HttpResponseRedirect(_lock_address(own_path(request, request.headers.get("Referer", ""))))


@require_GET
def lock(request: Request) -> HttpResponse:
    """The lock: a page, or what lies over a page that stays open behind it."""
    goal = own_path(request, request.GET.get("next", ""))
    if request.sign_in.locked_at is None:
        return HttpResponse(status=204) if request.htmx else HttpResponseRedirect(goal or "/")
    return _lock_page(request, goal)


@require_GET
def lock_state(request: Request) -> HttpResponse:
    """How long until it locks itself; asked by pages that are open. Whose screen it is, so that no other opens it."""
    return JsonResponse(
        {
            "left": entering.seconds_left(request.sign_in),
            "locked": request.sign_in.locked_at is not None,
            "who": str(request.sign_in.user_id),
            "token": get_token(request),
        }
    )


@require_POST
def here(request: Request) -> HttpResponse:
    """Somebody is there."""
    return JsonResponse({"left": entering.seconds_left(request.sign_in)})


@require_POST
def come_back(request: Request) -> HttpResponse:
    """The password, or a code of the app; both after twelve hours."""
    goal = own_path(request, request.POST.get("next", ""))
    try:
        if _fits(request):
            return _back(request, goal)
        wrong = "This does not open it."
    except HoldspaceError as error:
        wrong = str(error)
    return _lock_page(request, goal, wrong)


@require_POST
def come_back_passkey(request: Request) -> HttpResponse:
    """A passkey, which is all of who she is."""
    goal = own_path(request, request.POST.get("next", ""))
    try:
        proving.passkey_fits(request.sign_in.user, credential(request))
    except NotAPasskey as error:
        return _lock_page(request, goal, str(error))
    return _back(request, goal, has_proved_all=True)


@require_http_methods(["GET", "POST"])
def kept(request: Request) -> HttpResponse:
    """What she was sending when it was locked: to send now, or to let go."""
    if request.method == "POST":
        holding.let_go(request.sign_in)
        return see("chart:today")
    found = holding.held(request.sign_in)
    if found is None:
        return see("chart:today")
    holding.offered(request.sign_in)
    return page(request, "people/kept.html", held=found)


@require_http_methods(["GET", "POST"])
def again(request: Request) -> HttpResponse:
    """All of who she is once more, before what is sensitive."""
    user = queries.myself(request.actor)
    goal = own_path(request, request.POST.get("next") or request.GET.get("next", ""))
    form = AllForm(request.POST or None, has_app=factors.has_factor(user, APP))
    if form.is_valid():
        try:
            if proving.all_fits(user, form.cleaned_data["password"], form.cleaned_data.get("code", "")):
                entering.prove(request, request.sign_in)
                return HttpResponseRedirect(goal or "/")
            form.add_error(None, "This does not open it.")
        except HoldspaceError as error:
            form.add_error(None, str(error))
    return _again_page(request, user, form, goal)


@require_POST
def again_passkey(request: Request) -> HttpResponse:
    """The same, by a passkey."""
    user = queries.myself(request.actor)
    goal = own_path(request, request.POST.get("next", ""))
    try:
        proving.passkey_fits(user, credential(request))
    except NotAPasskey as error:
        form = AllForm({}, has_app=factors.has_factor(user, APP))
        form.full_clean()
        form.errors.clear()
        form.add_error(None, str(error))
        return _again_page(request, user, form, goal)
    entering.prove(request, request.sign_in)
    return HttpResponseRedirect(goal or "/")


def _fits(request: Request) -> bool:
    user, given = request.sign_in.user, request.POST
    if entering.proves_all(request.sign_in):
        return proving.all_fits(user, given.get("password", ""), given.get("code", ""))
    if given.get("code"):
        return proving.app_fits(user, given["code"])
    return proving.password_fits(user, given.get("password", ""))


def _back(request: Request, goal: str, *, has_proved_all: bool = False) -> HttpResponse:
    entering.come_back(
        request,
        request.sign_in,
        has_proved_all=has_proved_all or entering.proves_all(request.sign_in),
    )
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "came-back"})
    return see("people:kept") if holding.waits(request.sign_in) else HttpResponseRedirect(goal or "/")


def _lock_page(request: Request, goal: str, wrong: str = "") -> HttpResponse:
    user = request.sign_in.user
    has_app = factors.has_factor(user, APP)
    proves_all = entering.proves_all(request.sign_in)
    return page(
        request,
        "people/lock_part.html" if request.htmx else "people/lock.html",
        user=user,
        form=AllForm(has_app=has_app) if proves_all else BackForm(),
        code_form=CodeForm() if has_app and not proves_all else None,
        proves_all=proves_all,
        has_passkey=factors.has_factor(user, PASSKEY),
        has_app=has_app,
        can_passkey=factors.can_be_passkeys_here(),
        wrong=wrong,
        next=goal,
        is_over=bool(request.htmx),
    )


def _again_page(request: Request, user: entering.Person, form: AllForm, goal: str) -> HttpResponse:
    return page(
        request,
        "people/again.html",
        form=form,
        next=goal,
        has_passkey=factors.has_factor(user, PASSKEY),
        has_app=factors.has_factor(user, APP),
        can_passkey=factors.can_be_passkeys_here(),
        username=user.username,
    )


def _lock_address(goal: str) -> str:
    query = f"?{urlencode({'next': goal})}" if goal else ""
    return reverse("people:lock") + query
