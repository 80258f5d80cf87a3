"""One's own sign-in: second factors, recovery codes, the password, and where one is signed in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import actions, factors, queries
from holdspace.people.factors import APP
from holdspace.people.forms import NewPasswordForm
from holdspace.people.fresh import fresh
from holdspace.people.views.second_factors import codes_page
from holdspace.ui.http import Request, own_path, page, see


@require_GET
def you(request: Request) -> HttpResponse:
    """How she comes in, and where she is in."""
    user = queries.myself(request.actor)
    return page(
        request,
        "people/you.html",
        user=user,
        factors=factors.factors_of(user),
        has_app=factors.has_factor(user, APP),
        codes_left=factors.codes_left(user),
        is_needed=queries.needs_factor(request.actor),
        can_passkey=factors.can_be_passkeys_here(),
        sign_ins=queries.sign_ins(request.actor, user),
        this=request.sign_in.pk,
        place="you",
    )


@require_POST
@fresh
def remove_factor(request: Request, factor_id: int) -> HttpResponse:
    """Take a passkey or the app away."""
    actions.remove_factor(
        request.actor,
        queries.myself(request.actor),
        factor_id=factor_id,
        is_needed=queries.needs_factor(request.actor),
    )
    messages.success(request, "It opens nothing any more.")
    return see("people:you")


@require_POST
@fresh
def codes(request: Request) -> HttpResponse:
    """New recovery codes, shown once."""
    user = queries.myself(request.actor)
    return codes_page(request, user, actions.make_recovery_codes(request.actor, user))


@require_http_methods(["GET", "POST"])
@fresh
def password(request: Request) -> HttpResponse:
    """Another password; everywhere else she is signed out."""
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        user = queries.myself(request.actor)
        try:
            actions.change_password(
                request.actor, user, new=form.cleaned_data["new"], here=request.sign_in.pk
            )
        except HoldspaceError as error:
            form.add_error("new", str(error))
        else:
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, "The password is changed. Everywhere else you are signed out.")
            return see("people:you")
    return page(request, "people/password.html", form=form, place="you")


@require_POST
def end_sign_in(request: Request, sign_in_id: int) -> HttpResponse:
    """End a sign-in: one of hers, or for the owner anybody's."""
    found = queries.sign_in(request.actor, sign_in_id)
    actions.end_sign_in(request.actor, found)
    if found.pk == request.sign_in.pk:
        return see("people:sign_in")
    messages.success(request, "That sign-in is ended.")
    if found.user_id == request.actor.user_id:
        return see("people:you", anchor="sign-ins")
    return see("people:member", found.user_id, anchor="sign-ins")


@require_POST
def end_others(request: Request) -> HttpResponse:
    """End all her other sign-ins."""
    count = actions.end_sign_ins(request.actor, queries.myself(request.actor), but=request.sign_in.pk)
    messages.success(request, f"{count} other sign-in{'' if count == 1 else 's'} ended.")
    return see("people:you", anchor="sign-ins")


@require_POST
def acknowledge(request: Request, notice_id: int) -> HttpResponse:
    """She has seen a notice."""
    actions.acknowledge(request.actor, queries.notice(request.actor, notice_id))
    return HttpResponseRedirect(own_path(request, request.headers.get("Referer", "")) or "/")
