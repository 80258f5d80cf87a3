"""Signing, and the signed note: to read, to print, to add to."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from holdspace.access.policy import allows
from holdspace.chart import actions, queries
from holdspace.chart.forms import AddendumForm, SignForm
from holdspace.chart.ledger import ledger_of
from holdspace.chart.pdf.render import render_note_pdf
from holdspace.consent.disclosed import recipients
from holdspace.errors import BadInput
from holdspace.ui.http import Request, download, page, see


@require_POST
def sign(request: Request, note_id: int) -> HttpResponse:
    """Sign. The note is locked and what was heard is destroyed."""
    form = SignForm(request.POST)
    if not form.is_valid():
        raise BadInput("A signature needs your credential.", kept="The review is kept.")
    found = queries.note(request.actor, note_id)
    actions.sign_note(request.actor, found, credential=form.cleaned_data["credential"])
    messages.success(request, "Signed. The transcript’s key is destroyed.")
    return see("chart:note", note_id)


@require_http_methods(["GET", "POST"])
def pdf(request: Request, note_id: int) -> HttpResponse:
    """The signed note on paper; `to` says who gets the copy, where she says it."""
    found = queries.note(request.actor, note_id)
    document = actions.export_note(request.actor, found, to=request.POST.get("to", ""))
    # The file's name says no name: it will lie in a folder of downloads.
    name = f"note-{document.started_at:%Y-%m-%d}-{document.signature.sha256[:8]}.pdf"
    return download(name, render_note_pdf(document))


@require_POST
def addendum(request: Request, note_id: int) -> HttpResponse:
    """Add to a signed note."""
    form = AddendumForm(request.POST)
    if not form.is_valid():
        return signed_page(request, note_id, form)
    found = queries.note(request.actor, note_id)
    actions.add_addendum(request.actor, found, text=form.cleaned_data["text"])
    messages.success(request, "The addendum is signed and stands under the note.")
    return see("chart:note", note_id)


def signed_page(request: Request, note_id: int, form: AddendumForm | None = None) -> HttpResponse:
    """The signed note."""
    found = queries.note(request.actor, note_id)
    return page(
        request,
        "chart/signed.html",
        note=found,
        document=queries.printed_note(request.actor, note_id),
        is_intact=queries.is_intact(request.actor, found),
        ledger=ledger_of(request.actor, found),
        recipients=recipients(request.actor, found.client),
        form=form or AddendumForm(),
        may_amend=allows(request.actor, "note.amend", found.whereabouts()),
        place="clients",
    )
