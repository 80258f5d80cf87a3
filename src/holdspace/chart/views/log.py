"""Who did what: of the whole practice, of one client, and whether the log is still as it was written."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from holdspace.audit import heads
from holdspace.audit.check import check_log
from holdspace.chart import history
from holdspace.chart.incident import incident
from holdspace.errors import NotAllowed
from holdspace.people.queries import client as client_by_id
from holdspace.people.queries import practice
from holdspace.ui.http import Request, page, whole_number

MOST_HEADS = 24
"""Heads on one sheet: one an hour is kept, so these are about a day; the newest pins all before it."""


@require_GET
def log(request: Request) -> HttpResponse:
    """Everything that was done in the practice, newest first."""
    lines = history.whole_log(request.actor, before=_before(request))
    return page(request, "chart/log.html", lines=lines, more=_more(lines), place="practice")


@require_GET
def of_client(request: Request, client_id: int) -> HttpResponse:
    """Who opened or changed one client's records."""
    found = client_by_id(request.actor, client_id)
    lines = history.log_of(request.actor, found, before=_before(request))
    return page(request, "chart/log.html", lines=lines, more=_more(lines), client=found, place="clients")


@require_GET
def check(request: Request) -> HttpResponse:
    """Read every entry now and say whether the log is whole, with a line that pins it for later."""
    if not history.sees_log(request.actor):
        raise NotAllowed("There is no such page.")
    checked = check_log()
    template = "chart/log_check.html" if request.htmx else "chart/log_checked.html"
    return page(
        request, template, checked=checked, head=heads.keep() if checked.is_whole else None, place="practice"
    )


@require_GET
def heads_on_paper(request: Request) -> HttpResponse:
    """The lines that pin the log, for paper: what is kept beside the database, and the log as it stands now."""
    if not history.sees_log(request.actor):
        raise NotAllowed("There is no such page.")
    newest = heads.keep()
    kept = [head for head in heads.read(heads.kept_lines()) if head is not None]
    return page(
        request,
        "chart/log_heads.html",
        newest=newest,
        heads=list(reversed(kept))[:MOST_HEADS],
        practice_name=practice(request.actor).name,
        place="practice",
    )


@require_GET
def when_wrong(request: Request) -> HttpResponse:
    """What to do when something is wrong, for everyone here: whoever notices it first needs the page."""
    return page(request, "chart/incident.html", incident=incident(), place="practice")


def _before(request: Request) -> int | None:
    return whole_number(request.GET.get("before", ""))


def _more(lines: list[history.Line]) -> int | None:
    return lines[-1].number if len(lines) == history.AT_ONCE else None
