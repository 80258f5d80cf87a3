"""What the program did for a note: beside the review, on the signed note, and on paper for the client."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from holdspace.chart import actions, queries
from holdspace.chart.ledger import ledger_of
from holdspace.chart.pdf.ledger import LedgerDocument, render_ledger_pdf
from holdspace.consent.disclosed import notice_for, recipients
from holdspace.people.queries import practice
from holdspace.ui.http import Request, download, page


@require_GET
def ledger(request: Request, note_id: int) -> HttpResponse:
    """The ledger: a part of the review, or a page of its own."""
    found = queries.note(request.actor, note_id)
    template = "chart/ledger/ledger.html" if request.htmx else "chart/ledger/page.html"
    return page(
        request,
        template,
        note=found,
        ledger=ledger_of(request.actor, found),
        recipients=recipients(request.actor, found.client),
        place="clients",
    )


@require_http_methods(["GET", "POST"])
def pdf(request: Request, note_id: int) -> HttpResponse:
    """The same on paper, in plain words for the client."""
    found = queries.note(request.actor, note_id)
    shown = actions.export_ledger(request.actor, found, to=request.POST.get("to", ""))
    held = practice(request.actor)
    started = found.session.started_at.astimezone(ZoneInfo(held.zone))
    document = LedgerDocument(
        practice=held.name,
        client=found.client.name,
        clinician=f"{found.clinician.name}, {found.clinician.credential}",
        session=started,
        ledger=shown,
        notice=notice_for(request.actor, found.client),
    )
    name = f"program-{started:%Y-%m-%d}-{found.pk % 10**6:06}.pdf"
    return download(name, render_ledger_pdf(document))
