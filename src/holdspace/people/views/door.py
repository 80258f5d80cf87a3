"""The door: set-up, the passphrase and the recovery key, a name and its password, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import actions, entering, opening, queries, rotating
from holdspace.people.factors import can_be_passkeys_here
from holdspace.people.forms import (
    PassphraseForm,
    RecoverForm,
    RecoveryForm,
    SetUpForm,
    SignInForm,
    UnlockForm,
)
from holdspace.people.fresh import fresh
from holdspace.people.views.coming_in import go_on, let_in
from holdspace.ui.http import Request, own_path, page, see


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
            return let_in(request, owner)
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
    return page(
        request,
        "people/practice.html",
        has_recovery=opening.has_recovery(),
        opens_by_itself=any(way.is_on for way in opening.unattended_ways()),
        place="practice",
    )


@require_http_methods(["GET", "POST"])
@fresh
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
@fresh
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
def key(request: Request) -> HttpResponse:
    """Give the practice a new key. A worker carries it out; the page says how it stands."""
    practice = queries.practice_to_administer(request.actor)
    form = RecoveryForm(request.POST or None)
    if form.is_valid():
        try:
            rotating.begin(request.actor, practice, passphrase=form.cleaned_data["passphrase"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            rotating.ask()
            return see("people:key")
    return page(request, "people/key.html", form=form, place="practice", **_key_standing())


@require_GET
def key_standing(request: Request) -> HttpResponse:
    """How a rotation stands; the page asks while it goes on."""
    queries.practice_to_administer(request.actor)
    return page(request, "people/key_standing.html", **_key_standing())


@require_POST
def key_go_on(request: Request) -> HttpResponse:
    """Go on with what was begun."""
    queries.practice_to_administer(request.actor)
    if rotating.is_begun():
        rotating.ask()
    return see("people:key")


@require_POST
def key_give_up(request: Request) -> HttpResponse:
    """Leave what was begun; everything opens as before."""
    actions.give_rotation_up(request.actor, queries.practice_to_administer(request.actor))
    return see("people:key")


@require_http_methods(["GET", "POST"])
@fresh
def unattended(request: Request) -> HttpResponse:
    """Let the system's keyring, or a key service, open the practice at a start; or no longer, in one step."""
    practice = queries.practice_to_administer(request.actor)
    wrong: HoldspaceError | None = None
    if request.method == "POST":
        by, is_on = request.POST.get("by", ""), request.POST.get("to") == "on"
        try:
            actions.switch_unattended(request.actor, practice, by=by, is_on=is_on)
        except HoldspaceError as error:
            wrong = error
        else:
            return see("people:unattended")
    return page(
        request, "people/unattended.html", ways=opening.unattended_ways(), wrong=wrong, place="practice"
    )


def _key_standing() -> dict[str, object]:
    return {
        "is_begun": rotating.is_begun(),
        "is_asked": rotating.is_asked(),
        "stood_in_the_way": rotating.what_stood_in_the_way(),
        "has_recovery": opening.has_recovery(),
    }


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A name and its password; then the second factor, where there is one or has to be."""
    form = SignInForm(request.POST or None)
    goal = own_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if form.is_valid():
        try:
            user = opening.signed_in(
                form.cleaned_data["username"],
                form.cleaned_data["password"],
                known=entering.known_here(request),
            )
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            if user is not None:
                return go_on(request, user, goal)
            form.add_error(None, "This name and this password do not belong together.")
    return page(request, "people/sign_in.html", form=form, next=goal, can_passkey=can_be_passkeys_here())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    entering.leave(request)
    answer = see("people:sign_in")
    answer.headers["Clear-Site-Data"] = '"cache"'  # the back button must not show what was on the screen
    return answer
