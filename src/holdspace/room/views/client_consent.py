"""The consent documents on the client's own phone, by the code of the session: read, answer, take back, keep a copy.

Everybody in the session has the code. What the client alone is asked is therefore not here where others are in it, and
no copy of it ever is.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.access.spoken_code import plain_code
from holdspace.consent.actions import export_consent
from holdspace.consent.asking import asking, take_answer, take_back
from holdspace.consent.disclosed import notice_for
from holdspace.consent.document import is_for_client_only
from holdspace.consent.queries import consent, is_here_only
from holdspace.consent.rules import PART2
from holdspace.consent.views import paper
from holdspace.errors import NotAllowed
from holdspace.room.codes import InTheRoom
from holdspace.room.views.client_view import behind, shown, stopped, wanted
from holdspace.ui.http import page, see, whole_number


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str, purpose: str) -> HttpResponse:
    """A document and its three answers."""
    found = behind(request, code)
    if found is None:
        return shown(request, code, None)
    _check_here(found, purpose)
    if request.method == "POST":
        given = request.POST.dict()
        take_answer(found.actor, found.client, purpose, given, session_id=found.session_id)
        return see("room:client_ask", plain_code(code), purpose, query=_who(request))
    who = request.GET.get("who", "")
    before = asking(found.actor, found.client, purpose, who=who, session_id=found.session_id)
    others = [one for one in wanted(found) if one.purpose != purpose]
    return page(
        request,
        "room/client_ask.html",
        asking=before,
        code=plain_code(code),
        session_id=found.session_id,
        others=others,
    )


@require_POST
def back(request: HttpRequest, code: str, purpose: str) -> HttpResponse:
    """Somebody takes their yes back; hearing stops and what was heard is destroyed."""

    def stop(found: InTheRoom) -> None:
        _check_here(found, purpose)
        take_back(found.actor, found.client, purpose, request.POST.dict())

    if stopped(request, code, stop) is None:
        return shown(request, code, None)
    return see("room:client_ask", plain_code(code), purpose, query=_who(request))


@require_GET
def pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A copy of an answer that stands in this session: one they all are asked for, and no older one."""
    found = behind(request, code)
    if found is None:
        return shown(request, code, None)
    everyones = [one for one in wanted(found) if not is_for_client_only(one.purpose)]
    if number not in {who.answered.consent_id for one in everyones for who in one.standings if who.answered}:
        raise NotAllowed("There is no such page.")
    signed = export_consent(found.actor, consent(found.actor, number))
    # The notice of 42 CFR 2.32 would tell the others what kind of care it is.
    notice = () if is_here_only(found.actor, found.client, PART2) else notice_for(found.actor, found.client)
    return paper(signed, found.client.practice.zone, notice)


def _check_here(found: InTheRoom, purpose: str) -> None:
    """Raise NotAllowed for what the client alone is asked, where others have the code."""
    if is_here_only(found.actor, found.client, purpose):
        raise NotAllowed("There is no such page.")


def _who(request: HttpRequest) -> str:
    return f"who={whole_number(request.POST.get('who', '')) or 0}"
