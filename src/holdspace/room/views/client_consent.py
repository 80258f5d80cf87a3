"""The consent documents on the client's own phone, by the code of the session: read, answer, take back, keep a copy."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.access.spoken_code import plain_code
from holdspace.consent.asking import asking, take_answer, take_back
from holdspace.consent.queries import signed_consent
from holdspace.consent.rules import PURPOSES
from holdspace.consent.views import paper
from holdspace.errors import NotAllowed
from holdspace.room.views.client_view import behind, shown
from holdspace.ui.http import page, see


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str, purpose: str) -> HttpResponse:
    """A document and its three answers."""
    found = behind(code)
    if found is None:
        return shown(request, code, None)
    if request.method == "POST":
        given = request.POST.dict()
        take_answer(found.actor, found.client, purpose, given, session_id=found.session_id)
        return see("room:client_ask", plain_code(code), purpose, query=_who(request))
    who = request.GET.get("who", "")
    before = asking(found.actor, found.client, purpose, who=who, session_id=found.session_id)
    others = [other for other in PURPOSES if other != purpose]
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
    found = behind(code)
    if found is None:
        return shown(request, code, None)
    take_back(found.actor, found.client, purpose, request.POST.dict())
    return see("room:client_ask", plain_code(code), purpose, query=_who(request))


@require_GET
def pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A copy of what somebody in this session signed."""
    found = behind(code)
    if found is None:
        return shown(request, code, None)
    signed = signed_consent(found.actor, number)
    if signed.client_id != found.client.pk:
        raise NotAllowed("There is no such page.")
    return paper(signed, found.client.practice.zone)


def _who(request: HttpRequest) -> str:
    who = request.POST.get("who", "")
    return f"who={who if who.isdecimal() else 0}"
