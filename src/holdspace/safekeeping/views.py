"""What is kept for how long, what was destroyed, and how the backups stand: the owner's pages."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.access.actor import Actor
from holdspace.consent.queries import withdrawals
from holdspace.errors import HoldspaceError
from holdspace.people.fresh import fresh
from holdspace.people.queries import practice
from holdspace.safekeeping import actions, queries
from holdspace.safekeeping.certificate import MEANS, REACHES, Certificate, words_of
from holdspace.safekeeping.forms import ClockForm, HoldForm, KeptForm
from holdspace.safekeeping.paper import render_certificate_pdf
from holdspace.safekeeping.rules import BACKUP, DRILL
from holdspace.ui.http import Request, download, page, see

SOON = 6
"""Things that go soon, shown on the first page."""
MORE_RECORDS = 366
"""Days ahead that the page of records looks."""


@require_GET
def overview(request: Request) -> HttpResponse:
    """How everything stands, on one screen."""
    queries.practice_to_keep(request.actor)
    now = timezone.now()
    heard = queries.heard_and_drafted(request.actor)
    return page(
        request,
        "safekeeping/overview.html",
        **_standing(request.actor),
        kept=queries.kept(request.actor),
        since=queries.kept_since(request.actor),
        going=[(row, row.goes_at <= now) for row in heard[:SOON]],
        more=max(0, len(heard) - SOON),
        records=sum(not record.is_held for record in queries.records_due(request.actor, now)),
        certificates=[_words(request.actor, row) for row in queries.certificates(request.actor, at_most=3)],
        night=queries.last_night(request.actor),
        is_clock_back=queries.clock_is_set_back(request.actor, now),
        is_taken_back=bool(withdrawals(request.actor)),
        place="practice",
    )


@require_GET
def standing(request: Request) -> HttpResponse:
    """How the backups stand; the page asks while one is made."""
    queries.practice_to_keep(request.actor)
    return page(request, "safekeeping/standing.html", **_standing(request.actor))


@require_POST
def back_up(request: Request) -> HttpResponse:
    """Ask for a backup."""
    actions.ask_backup(request.actor, queries.practice_to_keep(request.actor))
    return _stands(request)


@require_POST
def try_backup(request: Request) -> HttpResponse:
    """Ask for the newest backup to be tried."""
    actions.ask_drill(request.actor, queries.practice_to_keep(request.actor))
    return _stands(request)


@require_http_methods(["GET", "POST"])
def keep(request: Request) -> HttpResponse:
    """Decide how long things are kept."""
    held = queries.practice_to_keep(request.actor)
    form = KeptForm(request.POST or None, initial=asdict(queries.kept(request.actor)))
    if form.is_valid():
        actions.set_retention(request.actor, held, kept=form.kept)
        return see("safekeeping:overview", anchor="kept")
    return page(request, "safekeeping/keep.html", form=form, place="practice")


@require_http_methods(["GET", "POST"])
@fresh
def clock(request: Request) -> HttpResponse:
    """The clock beside the later time that was seen, and the owner's word that it is right."""
    held = queries.practice_to_keep(request.actor)
    form = ClockForm(request.POST or None)
    if form.is_valid():
        try:
            actions.confirm_clock(request.actor, held, shown=form.cleaned_data["shown"])
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The clock counts as right. What is due goes the next night.")
            return see("safekeeping:overview")
    now = timezone.now()
    return page(
        request,
        "safekeeping/clock.html",
        form=form,
        now=now,
        seen=queries.latest_seen(request.actor),
        is_clock_back=queries.clock_is_set_back(request.actor, now),
        place="practice",
    )


@require_GET
def records(request: Request) -> HttpResponse:
    """Records whose time is over or will be within a year, and those held back."""
    queries.practice_to_keep(request.actor)
    return _records(request)


@require_POST
def destroy(request: Request, client_id: int) -> HttpResponse:
    """Destroy one client's record, now."""
    client = queries.client_to_destroy(request.actor, client_id)
    try:
        actions.destroy_record(request.actor, client)
    except HoldspaceError as error:
        return _records(request, error=error)
    return see("safekeeping:certificates")


@require_POST
def hold(request: Request, client_id: int) -> HttpResponse:
    """Hold one client's record back."""
    client = queries.client_to_destroy(request.actor, client_id)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _records(request, form=form, about=client_id)
    actions.hold_record(request.actor, client, reason=form.cleaned_data["reason"])
    return see("safekeeping:records")


@require_POST
def release(request: Request, client_id: int) -> HttpResponse:
    """Hold it back no longer."""
    actions.release_record(request.actor, queries.client_to_destroy(request.actor, client_id))
    return see("safekeeping:records")


@require_GET
def certificates(request: Request) -> HttpResponse:
    """What was destroyed, the newest first."""
    before = request.GET.get("before", "")
    rows = queries.certificates(
        request.actor, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    return page(
        request,
        "safekeeping/certificates.html",
        certificates=[_words(request.actor, row) for row in rows],
        more=rows[-1].pk if len(rows) == queries.AT_ONCE else None,
        place="practice",
    )


@require_GET
def certificate(request: Request, certificate_id: int) -> HttpResponse:
    """One certificate."""
    return page(
        request,
        "safekeeping/certificate.html",
        certificate=_words(request.actor, queries.certificate(request.actor, certificate_id)),
        means=MEANS,
        reaches=REACHES,
        place="practice",
    )


@require_GET
def certificate_pdf(request: Request, certificate_id: int) -> HttpResponse:
    """The same on paper."""
    found = _words(request.actor, queries.certificate(request.actor, certificate_id))
    held = practice(request.actor)
    pdf = render_certificate_pdf(found, practice=held.name, zone=held.zone)
    return download(f"certificate-{certificate_id}.pdf", pdf)


def _stands(request: Request) -> HttpResponse:
    if not request.htmx:
        return see("safekeeping:overview")
    return page(request, "safekeeping/standing.html", **_standing(request.actor))


def _standing(actor: Actor) -> dict[str, object]:
    backup, drill = queries.latest(actor, BACKUP), queries.latest(actor, DRILL)
    return {
        "backup": backup,
        "backup_done": queries.last_done(actor, BACKUP),
        "drill": drill,
        "drill_done": queries.last_done(actor, DRILL),
        "is_going": any(run is not None and run.is_going for run in (backup, drill)),
        "folder": queries.folder(actor),
    }


def _records(
    request: Request, *, form: HoldForm | None = None, about: int = 0, error: HoldspaceError | None = None
) -> HttpResponse:
    now = timezone.now()
    due = queries.records_due(request.actor, now, within_days=MORE_RECORDS)
    return page(
        request,
        "safekeeping/records.html",
        due=[
            (record, form if record.client.pk == about and form else HoldForm())
            for record in due
            if not record.is_held
        ],
        holds=queries.holds(request.actor),
        today=timezone.localdate(),
        kept=queries.kept(request.actor),
        error=error,
        place="practice",
    )


def _words(actor: Actor, found: queries.Certified) -> Certificate:
    session = queries.session_of_certificate(actor, found)
    about = ""
    if session is not None:
        at = session.started_at.astimezone(ZoneInfo(practice(actor).zone))
        about = f"the session of {at.day} {at:%B %Y, %H:%M}, {session.clinician.name}"
    return words_of(found.pk, found.kind, about, found.at, found.rule, found.law, found.key_id)
