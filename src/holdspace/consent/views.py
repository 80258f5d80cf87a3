"""Asking for consent on her screen handed over, what was signed, and taking it back, in one step each."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.access.policy import allows
from holdspace.consent import actions, asking, disclosed, queries
from holdspace.consent.disclosed import authorizations_of, notice_on
from holdspace.consent.disclosure import window
from holdspace.consent.document import short_title, told_of
from holdspace.consent.forms import (
    AuthorizationForm,
    BirthForm,
    CompleteForm,
    DisclosureForm,
    OwnWordsForm,
    PlaceForm,
    WindowForm,
)
from holdspace.consent.paper import render_accounting_pdf, render_consent_pdf
from holdspace.consent.rules import PURPOSES
from holdspace.errors import BadInput, NotAllowed
from holdspace.people.queries import client as client_of
from holdspace.people.queries import practice
from holdspace.ui.http import Request, download, page, see, whole_number

SECOND_ON_PAGE = "authorization-%s"
"""Names the fields of the second form of a page, so that none is there twice."""


@require_http_methods(["GET", "POST"])
def ask(request: Request, client_id: int, purpose: str) -> HttpResponse:
    """The document and three answers, on her screen, handed over."""
    client = queries.client_to_ask(request.actor, client_id)
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
    client = queries.client_to_ask(request.actor, client_id)
    asking.take_back(request.actor, client, request.POST.get("purpose", ""), request.POST.dict())
    session_id = _session(request)
    if request.POST.get("then") == "ask":
        return see("consent:ask", client_id, request.POST["purpose"], query=_ask_again(request, session_id))
    if not request.htmx:
        return see("chart:client", client_id, anchor="consent")
    is_remote = request.POST.get("is_remote") == "yes"
    shown = asking.section(request.actor, client, session_id, is_remote=is_remote)
    return page(request, "consent/consent.html", **shown)


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


@require_http_methods(["GET", "POST"])
def pdf(request: Request, consent_id: int) -> HttpResponse:
    """The same on paper; `to` says who gets the copy, where that is said."""
    row = queries.consent(request.actor, consent_id)
    found = actions.export_consent(request.actor, row, to=request.POST.get("to", ""))
    return paper(found, practice(request.actor).zone, notice_on(request.actor, row))


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


@require_GET
def disclosures(request: Request, client_id: int) -> HttpResponse:
    """What of a client's record went out, what they authorized, and the accounting of both."""
    return _disclosures(request, client_of(request.actor, client_id))


@require_POST
def disclose(request: Request, client_id: int) -> HttpResponse:
    """Enter what was faxed, mailed, handed over or told."""
    client = client_of(request.actor, client_id)
    form = DisclosureForm(request.POST, authorizations=authorizations_of(request.actor, client))
    if not form.is_valid():
        return _disclosures(request, client, disclosure_form=form)
    actions.record_disclosure(request.actor, client, **_with_authorization(request, form.cleaned_data))
    return see("consent:disclosures", client_id)


@require_http_methods(["GET", "POST"])
def complete(request: Request, disclosure_id: int) -> HttpResponse:
    """Say to whom a copy went, and why."""
    row = disclosed.disclosure(request.actor, disclosure_id)
    known = authorizations_of(request.actor, row.client)
    form = CompleteForm(request.POST or None, authorizations=known, initial={"to": row.to})
    if form.is_valid():
        actions.complete_disclosure(request.actor, row, **_with_authorization(request, form.cleaned_data))
        return see("consent:disclosures", row.client_id)
    told = next(one for one in disclosed.disclosures_of(request.actor, row.client) if one.id == row.pk)
    return page(
        request, "consent/disclosures/complete.html", form=form, told=told, client=row.client, place="clients"
    )


@require_POST
def authorize(request: Request, client_id: int) -> HttpResponse:
    """Enter what the client authorized in writing."""
    client = client_of(request.actor, client_id)
    form = AuthorizationForm(request.POST, auto_id=SECOND_ON_PAGE)
    if not allows(request.actor, "disclosure.authorize", client.whereabouts()):
        raise NotAllowed("There is no such page.")
    if not form.is_valid():
        return _disclosures(request, client, authorization_form=form)
    actions.authorize_disclosure(request.actor, client, **form.cleaned_data)
    return see("consent:disclosures", client_id, anchor="authorizations")


@require_POST
def revoke(request: Request, authorization_id: int) -> HttpResponse:
    """The client took an authorization back."""
    found = disclosed.authorization(request.actor, authorization_id)
    actions.revoke_authorization(request.actor, found)
    return see("consent:disclosures", found.client_id, anchor="authorizations")


@require_POST
def guard(request: Request, client_id: int) -> HttpResponse:
    """Say whether 42 CFR Part 2 guards this client's records."""
    client = client_of(request.actor, client_id)
    actions.set_part2(request.actor, client, is_guarded=request.POST.get("is_guarded") == "yes")
    return see("consent:disclosures", client_id, anchor="part2")


@require_POST
def accounting(request: Request, client_id: int) -> HttpResponse:
    """The accounting of some days, on paper."""
    client = client_of(request.actor, client_id)
    form = WindowForm(request.POST)
    if not form.is_valid():
        raise BadInput("These are no days.", then="Write them as year, month, day.")
    made = actions.export_accounting(request.actor, client, **form.cleaned_data)
    name = f"accounting-{made.first:%Y-%m-%d}-{made.last:%Y-%m-%d}.pdf"
    return download(name, render_accounting_pdf(made))


def _disclosures(request: Request, client: disclosed.Whose, **forms: Any) -> HttpResponse:
    actor = request.actor
    known = authorizations_of(actor, client)
    today = client.practice.day()
    shown = {
        "disclosure_form": DisclosureForm(authorizations=known, initial={"on": today}),
        "authorization_form": AuthorizationForm(initial={"signed_on": today}, auto_id=SECOND_ON_PAGE),
        **forms,
    }
    begin, _ = window(None, None, today)
    return page(
        request,
        "consent/disclosures/page.html",
        client=client,
        told=disclosed.disclosures_of(actor, client),
        authorizations=known,
        today=today,
        is_part2=queries.is_part2(actor, client),
        who_signs=queries.who_shares(actor, client),
        is_kept=queries.is_kept_from_family(actor, client),
        reads_why=disclosed.reads_why(actor, client),
        may_authorize=allows(actor, "disclosure.authorize", client.whereabouts()),
        may_record=allows(actor, "disclosure.record", client.whereabouts()),
        may_print=allows(actor, "disclosure.print", client.whereabouts()),
        window_form=WindowForm(initial={"first": begin, "last": today}),
        place="clients",
        **shown,
    )


def _with_authorization(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    """The form's answers, with the authorization it names; of another client it is refused by the verb."""
    chosen = given.pop("authorization", "")
    found = disclosed.authorization(request.actor, int(chosen)) if chosen else None
    return {**given, "authorization": found}


def paper(found: queries.SignedConsent, zone: str, notice: tuple[str, ...]) -> HttpResponse:
    """A signed consent as a file to keep. Its name says no name: it will lie in a folder of downloads."""
    day = found.given_at.astimezone(ZoneInfo(zone))
    name = f"consent-{day:%Y-%m-%d}-{found.sha256[:8]}.pdf"
    return download(name, render_consent_pdf(found, zone=zone, notice=notice))


def _session(request: Request) -> int:
    return whole_number(request.POST.get("session") or request.GET.get("session") or "") or 0


def _ask_again(request: Request, session_id: int) -> str:
    return f"who={whole_number(request.POST.get('who', '')) or 0}" + (
        f"&session={session_id}" if session_id else ""
    )
