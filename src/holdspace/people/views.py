"""The door (set-up, unlock, sign in and out) and the list of clients."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import actions, opening, queries
from holdspace.people.forms import (
    ClientForm,
    PassphraseForm,
    RecoverForm,
    RecoveryForm,
    SetUpForm,
    SignInForm,
    UnlockForm,
)
from holdspace.ui.http import Request, page, see

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """First run: make the practice, its owner and the key, and sign her in."""
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        words = {name: value for name, value in form.cleaned_data.items() if name != "again"}
        try:
            owner = opening.set_up(**words)
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            login(request, owner, backend=BACKEND)
            return see("chart:today")
    return page(request, "people/set_up.html", form=form)


@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the practice with its passphrase, until the process ends."""
    form = UnlockForm(request.POST or None)
    if form.is_valid():
        try:
            opening.unlock(form.cleaned_data["passphrase"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return see("people:sign_in")
    return page(request, "people/unlock.html", form=form)


@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Open the practice by its recovery key, with a new passphrase from then on."""
    form = RecoverForm(request.POST or None)
    if form.is_valid():
        try:
            opening.recover(form.cleaned_data["recovery_key"], form.cleaned_data["new"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return see("people:sign_in")
    return page(request, "people/recover.html", form=form)


@require_GET
def practice(request: Request) -> HttpResponse:
    """What the owner decides for the practice as a whole."""
    queries.practice_to_administer(request.actor)
    return page(request, "people/practice.html", has_recovery=opening.has_recovery(), place="practice")


@require_http_methods(["GET", "POST"])
def passphrase(request: Request) -> HttpResponse:
    """Change the words that open the practice."""
    practice = queries.practice_to_administer(request.actor)
    form, is_changed = PassphraseForm(request.POST or None), False
    if form.is_valid():
        try:
            actions.change_passphrase(
                request.actor, practice, old=form.cleaned_data["old"], new=form.cleaned_data["new"]
            )
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            is_changed = True
    return page(request, "people/passphrase.html", form=form, is_changed=is_changed, place="practice")


@require_http_methods(["GET", "POST"])
def recovery(request: Request) -> HttpResponse:
    """Make a recovery key; it is on this one answer and nowhere else."""
    practice = queries.practice_to_administer(request.actor)
    form, made = RecoveryForm(request.POST or None), ""
    if form.is_valid():
        try:
            made = actions.make_recovery_key(
                request.actor, practice, passphrase=form.cleaned_data["passphrase"]
            )
        except HoldspaceError as error:
            form.add_error(None, str(error))
    return page(
        request,
        "people/recovery.html",
        form=form,
        made=made,
        made_at=timezone.now(),
        practice_name=practice.name,
        has_recovery=opening.has_recovery(),
        place="practice",
    )


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go where she was going."""
    form = SignInForm(request.POST or None)
    goal = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        try:
            user = opening.signed_in(form.cleaned_data["username"], form.cleaned_data["password"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            if user is not None:
                login(request, user, backend=BACKEND)
                return HttpResponseRedirect(_own(request, goal) or "/")
            form.add_error(None, "This name and this password do not belong together.")
    return page(request, "people/sign_in.html", form=form, next=_own(request, goal))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return see("people:sign_in")


@require_GET
def clients(request: Request) -> HttpResponse:
    """The clients this person may see."""
    words = request.GET.get("words", "").strip()
    return _clients(request, ClientForm(), words)


@require_POST
def add_client(request: Request) -> HttpResponse:
    """Add a client to her own."""
    form = ClientForm(request.POST)
    clinician = queries.own_clinician(request.actor)
    if not form.is_valid() or clinician is None:
        return _clients(request, form)
    client = actions.add_client(request.actor, clinician, **form.cleaned_data)
    return see("chart:client", client.pk)


def _clients(request: Request, form: ClientForm, words: str = "") -> HttpResponse:
    return page(
        request,
        "people/clients.html",
        clients=queries.clients(request.actor, words),
        words=words,
        form=form,
        may_add=request.actor.clinician_id is not None,
        place="clients",
    )


def _own(request: HttpRequest, address: str) -> str:
    """`address` when it is a page of this site, else nothing."""
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else ""
