"""The session page: her pad, what was said, and the run that makes a draft."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.assist.queries import note_formats
from holdspace.consent.queries import who_is_missing
from holdspace.errors import BadInput
from holdspace.room import actions, queries
from holdspace.room.forms import DraftForm
from holdspace.ui.http import Request, page, see

TYPED = (".vtt", ".txt", ".json", ".md")


@require_GET
def session(request: Request, session_id: int) -> HttpResponse:
    """One session, under way or over."""
    return page(request, "room/session.html", **_shown(request, session_id))


@require_GET
def progress(request: Request, session_id: int) -> HttpResponse:
    """How far the run is; polled by the page while there is one."""
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_POST
def jottings(request: Request, session_id: int) -> HttpResponse:
    """Save her pad."""
    held = queries.session(request.actor, session_id)
    actions.save_jottings(request.actor, held, text=request.POST.get("jottings", ""))
    if not request.htmx:
        return see("room:session", session_id)
    return HttpResponse(f"Saved {timezone.localtime():%H:%M}")


@require_POST
def upload(request: Request, session_id: int) -> HttpResponse:
    """Take a recording or a transcript, in memory."""
    held = queries.session(request.actor, session_id)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.size:
        raise BadInput("No file arrived, or it was empty.", then="Choose one of up to 512 MB.")
    name = given.name or ""
    if name.lower().endswith(TYPED):
        actions.accept_transcript(request.actor, held, data=given.read(), filename=name)
    else:
        actions.accept_audio(request.actor, held, data=given.read())
    if not request.htmx:
        return see("room:session", session_id, anchor="recording")
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_POST
def draft(request: Request, session_id: int) -> HttpResponse:
    """Ask for a draft in the format she chose."""
    held = queries.session(request.actor, session_id)
    form = DraftForm(request.POST, formats=note_formats(request.actor))
    if not form.is_valid():
        raise BadInput("There is no such format.")
    actions.request_draft(request.actor, held, note_format=form.cleaned_data["format"])
    if not request.htmx:
        return see("room:session", session_id, anchor="drafting")
    return page(request, "room/progress.html", **_shown(request, session_id))


def _shown(request: Request, session_id: int) -> dict[str, Any]:
    """What the page and its fragments show."""
    held = queries.session(request.actor, session_id)
    run = queries.latest_run(request.actor, held)
    heard = queries.heard_from(request.actor, held)
    return {
        "session": held,
        "run": run,
        "percent": round(100 * run.fraction) if run else 0,
        "is_drafted": held.is_closed or bool(run and run.kind == "draft" and run.state == "done"),
        "heard": heard,
        "can_draft": bool(heard or held.jottings.strip()),
        "missing": who_is_missing(request.actor, held.client),
        "form": DraftForm(
            initial={"format": held.clinician.usual_format}, formats=note_formats(request.actor)
        ),
        "place": "today",
    }
