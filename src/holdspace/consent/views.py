"""Asking for consent on her screen handed over, what was signed, and taking it back, in one step each."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.consent import actions, asking, queries
from holdspace.consent.document import short_title, told_of
from holdspace.consent.forms import BirthForm, OwnWordsForm, PlaceForm
from holdspace.consent.paper import render_consent_pdf
from holdspace.consent.rules import PURPOSES
from holdspace.errors import BadInput
from holdspace.people.queries import client as client_of
from holdspace.people.queries import practice
from holdspace.ui.http import Request, page, see


@require_http_methods(["GET", "POST"])
def ask(request: Request, client_id: int, purpose: str) -> HttpResponse:
    """The document and three answers, on her screen, handed over."""
    client = client_of(request.actor, client_id)
    session_id = _session(request)
    if request.method == "POST":
        asking.take_answer(request.actor, client, purpose, request.POST.dict(), session_id=session_id)
        return see("consent:ask", client_id, purpose, query=_ask_again(request, session_id))
    who = request.GET.get("who", "")
    shown = asking.asking(request.actor, client, purpose, who=who, session_id=session_id)
    return page(request, "consent/ask.html", asking=shown, client=client, session_id=session_id)


@require_POST
def take_back(request: Request, client_id: int) -> HttpResponse:
    """Take one person's yes back."""
    client = client_of(request.actor, client_id)
    asking.take_back(request.actor, client, request.POST.get("purpose", ""), request.POST.dict())
    session_id = _session(request)
    if request.POST.get("then") == "ask":
        return see("consent:ask", client_id, request.POST["purpose"], query=_ask_again(request, session_id))
    if not request.htmx:
        return see("chart:client", client_id, anchor="consent")
    return page(request, "consent/consent.html", **asking.section(request.actor, client, session_id))


@require_POST
def where(request: Request, client_id: int) -> HttpResponse:
    """The state the client sits in."""
    client = client_of(request.actor, client_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise BadInput("There is no such state.")
    actions.set_place(request.actor, client, state=form.cleaned_data["state"])
    return see("chart:client", client_id, anchor="consent")


@require_POST
def born(request: Request, client_id: int) -> HttpResponse:
    """When somebody who comes along was born."""
    client = client_of(request.actor, client_id)
    form = BirthForm(request.POST)
    if not form.is_valid():
        raise BadInput("This is not a day somebody was born on.", then="Write it as year, month, day.")
    actions.set_birth(request.actor, client, **form.cleaned_data)
    return see("chart:client", client_id, anchor="consent")


@require_GET
def signed(request: Request, consent_id: int) -> HttpResponse:
    """What somebody signed, as it stood."""
    found = queries.signed_consent(request.actor, consent_id)
    return page(request, "consent/signed.html", consent=found, place="clients")


@require_GET
def pdf(request: Request, consent_id: int) -> HttpResponse:
    """The same on paper."""
    return paper(queries.signed_consent(request.actor, consent_id), practice(request.actor).zone)


@require_GET
def documents(request: Request) -> HttpResponse:
    """What the practice adds to each document, and its state."""
    held = practice(request.actor)
    written = [
        (
            purpose,
            short_title(purpose),
            told_of(purpose)["version"],
            OwnWordsForm(initial={"text": queries.own_words(request.actor, held, purpose)}, prefix=purpose),
        )
        for purpose in PURPOSES
    ]
    state = queries.practice_place(request.actor)
    form = PlaceForm(initial={"state": state.code})
    return page(request, "consent/documents.html", written=written, form=form, place="clients")


@require_POST
def practice_where(request: Request) -> HttpResponse:
    """The state of the practice."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise BadInput("There is no such state.")
    held = practice(request.actor)
    actions.set_practice_place(request.actor, held, state=form.cleaned_data["state"])
    return see("consent:documents")


@require_POST
def write(request: Request, purpose: str) -> HttpResponse:
    """What the practice adds to one document from now on."""
    form = OwnWordsForm(request.POST, prefix=purpose)
    if not form.is_valid():
        raise BadInput("These words are too long for a page people are to read.", then="Shorten them.")
    actions.write_own_words(request.actor, practice(request.actor), purpose=purpose, **form.cleaned_data)
    return see("consent:documents")


def paper(found: queries.SignedConsent, zone: str) -> HttpResponse:
    """A signed consent as a file to keep. Its name says no name: it will lie in a folder of downloads."""
    name = f"consent-{found.given_at:%Y-%m-%d}-{found.sha256[:8]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(render_consent_pdf(found, zone=zone), content_type="application/pdf", headers=headers)


def _session(request: Request) -> int:
    given = request.POST.get("session") or request.GET.get("session") or "0"
    return int(given) if given.isdecimal() and len(given) <= len(str(2**52)) else 0


def _ask_again(request: Request, session_id: int) -> str:
    who = request.POST.get("who", "")
    return f"who={who if who.isdecimal() else 0}" + (f"&session={session_id}" if session_id else "")
