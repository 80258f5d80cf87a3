"""Who works here: the owner adds, changes and closes; whoever was added joins by a code and sets everything herself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.people import actions, codes, queries
from holdspace.people.forms import DoorsForm, JoinForm, MemberForm, NewPasswordForm, RoleForm
from holdspace.people.fresh import fresh
from holdspace.people.opening import actor_of
from holdspace.people.rules import CODE_DAYS, LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES
from holdspace.people.views.coming_in import go_on, goes_on
from holdspace.ui.http import Request, page, see


@require_http_methods(["GET", "POST"])
@fresh
def members(request: Request) -> HttpResponse:
    """Everyone who works here; and somebody new."""
    form = MemberForm(request.POST or None, supervisors=_supervisors(request))
    shown = queries.members(request.actor)
    if form.is_valid():
        try:
            user, code = actions.add_member(
                request.actor,
                queries.practice_to_administer(request.actor),
                name=form.cleaned_data["name"],
                username=form.cleaned_data["username"],
                **_role(request, form.cleaned_data),
            )
            goes_on(request, reverse("people:members"))
            return _code_page(request, user, code)
        except HoldspaceError as error:
            form.add_error(None, str(error))
    return page(
        request,
        "people/members.html",
        members=shown,
        form=form,
        doors=_doors_form(request),
        is_needed=queries.needs_factor(request.actor),
        place="practice",
    )


@require_http_methods(["GET", "POST"])
@fresh
def member(request: Request, user_id: int) -> HttpResponse:
    """One person: the role, the supervisor, the sign-ins."""
    found = queries.member(request.actor, user_id)
    clinician = found.clinician
    now = {
        "role": found.user.role,
        "credential": clinician.credential if clinician else "",
        "supervisor": (clinician.supervisor_id or "") if clinician else "",
    }
    others = [choice for choice in _supervisors(request) if not clinician or choice[0] != clinician.pk]
    form = RoleForm(request.POST or None, supervisors=others, initial=now)
    if form.is_valid():
        try:
            _change(request, found, form.cleaned_data)
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Changed. It counts from now on.")
            return see("people:member", user_id)
    return page(
        request,
        "people/member.html",
        member=found,
        form=form,
        sign_ins=queries.sign_ins(request.actor, found.user),
        this=request.sign_in.pk,
        place="practice",
    )


@require_POST
@fresh
def invite(request: Request, user_id: int) -> HttpResponse:
    """A new joining code."""
    found = queries.member(request.actor, user_id)
    return _code_page(request, found.user, actions.invite_user(request.actor, found.user))


@require_POST
@fresh
def close(request: Request, user_id: int) -> HttpResponse:
    """Close somebody's access, at once."""
    found = queries.member(request.actor, user_id)
    ended = actions.close_access(request.actor, found.user)
    messages.success(request, f"{found.user.name} comes in no more. Sign-ins ended: {ended}.")
    return see("people:members")


@require_POST
@fresh
def reopen(request: Request, user_id: int) -> HttpResponse:
    """Open it again."""
    found = queries.member(request.actor, user_id)
    actions.open_access(request.actor, found.user)
    goes_on(request, reverse("people:member", args=[user_id]))
    messages.success(request, f"{found.user.name} comes in again, as before.")
    return see("people:member", user_id)


@require_POST
@fresh
def end_all(request: Request, user_id: int) -> HttpResponse:
    """End somebody's sign-ins, wherever they are."""
    found = queries.member(request.actor, user_id)
    count = actions.end_sign_ins(request.actor, found.user, but=request.sign_in.pk)
    messages.success(request, f"Sign-ins ended: {count}.")
    return see("people:member", user_id)


@require_POST
@fresh
def doors(request: Request) -> HttpResponse:
    """When screens lock, and who needs a second factor."""
    practice = queries.practice_to_administer(request.actor)
    form = DoorsForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Between {LEAST_IDLE_MINUTES} and {MOST_IDLE_MINUTES} minutes.")
        return see("people:members")
    actions.set_doors(request.actor, practice, **form.cleaned_data)
    goes_on(request, reverse("people:members"))
    messages.success(request, "Kept.")
    return see("people:members")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Where a joining code is typed."""
    form = JoinForm(request.POST or None)
    if form.is_valid():
        try:
            if codes.behind(form.cleaned_data["code"]) is not None:
                return see("people:join_with", form.cleaned_data["code"].strip())
            form.add_error("code", "This code opens nothing. It may be too old, or used.")
        except HoldspaceError as error:
            form.add_error(None, str(error))
    return page(request, "people/join.html", form=form)


@require_http_methods(["GET", "POST"])
def join_with(request: HttpRequest, code: str) -> HttpResponse:
    """She sets her password; the second factor comes next."""
    found = codes.behind(code)
    if found is None:
        return see("people:join")
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.join(actor_of(found.user_id), found.user, code=found, password=form.cleaned_data["new"])
        except HoldspaceError as error:
            form.add_error("new", str(error))
        else:
            return go_on(request, found.user)
    return page(request, "people/join_with.html", form=form, user=found.user)


def _change(request: Request, found: queries.Member, words: dict[str, Any]) -> None:
    actions.change_role(request.actor, found.user, **_role(request, words))


def _role(request: Request, words: dict[str, Any]) -> dict[str, Any]:
    chosen = next(
        (row for row in queries.supervisors(request.actor) if str(row.pk) == words["supervisor"]), None
    )
    return {"role": words["role"], "credential": words["credential"], "supervisor": chosen}


def _supervisors(request: Request) -> list[tuple[int, str]]:
    return [(row.pk, f"{row.name}, {row.credential}") for row in queries.supervisors(request.actor)]


def _code_page(request: Request, user: queries.Person, code: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("people:join_with", args=[code]))
    return page(
        request, "people/code.html", user=user, code=code, link=link, days=CODE_DAYS, place="practice"
    )


def _doors_form(request: Request) -> DoorsForm:
    practice = queries.practice_to_administer(request.actor)
    return DoorsForm(
        initial={
            "idle_minutes": practice.idle_minutes,
            "all_need_a_second_factor": practice.all_need_a_second_factor,
        }
    )
