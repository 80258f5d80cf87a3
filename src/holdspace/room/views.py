"""The session page: her pad, what was said, and the run that makes a draft."""

from hmac import compare_digest
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.assist.queries import note_formats
from holdspace.consent.queries import who_is_missing
from holdspace.errors import AlreadyRunning, BadInput, Gone
from holdspace.room import actions, live_audio, queries
from holdspace.room.forms import DraftForm
from holdspace.room.pieces import told
from holdspace.room.rules import LIVE
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
    actions.request_draft(request.actor, held, note_format=_chosen_format(request))
    if not request.htmx:
        return see("room:session", session_id, anchor="drafting")
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_POST
def swap(request: Request, session_id: int) -> HttpResponse:
    """The other one is the therapist."""
    actions.swap_speakers(request.actor, queries.session(request.actor, session_id))
    if not request.htmx:
        return see("room:session", session_id, anchor="recording")
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_GET
def capture(request: Request, session_id: int) -> HttpResponse:
    """The page that hears a session as it happens."""
    held = queries.session(request.actor, session_id)
    return page(
        request,
        "room/capture.html",
        session=held,
        missing=who_is_missing(request.actor, held.client),
        going=queries.capture(request.actor, held),
        form=_draft_form(request, held.clinician.usual_format),
        place="today",
    )


@require_POST
def begin(request: Request, session_id: int) -> HttpResponse:
    """Begin to hear, or go on in this browser; the answer says from which second on sound is wanted."""
    held = queries.session(request.actor, session_id)
    going = actions.begin_capture(
        request.actor,
        held,
        mode=request.POST.get("mode", ""),
        note_format=_chosen_format(request),
        token=request.POST.get("token", "")[:MOST_TOKEN],
    )
    return JsonResponse(_line(going))


@require_POST
def sound(request: Request, session_id: int) -> HttpResponse:
    """Take a second of sound. It stays in memory until it is heard."""
    going = _going(request, session_id)
    if going.state != LIVE:
        return JsonResponse(_line(going))
    if not live_audio.is_here(going.pk, going.place):
        actions.take_over_capture(request.actor, going, token=going.token)
    live_audio.put(
        going.pk,
        _number(request, "number"),
        request.body,
        checksum=_number(request, "checksum"),
        mode=going.mode,
    )
    told(going.pk)
    return JsonResponse(_line(going))


@require_POST
def state(request: Request, session_id: int) -> HttpResponse:
    """Pause, go off the record (with the last minutes too, if she says so), go on, or end."""
    going = _going(request, session_id)
    told(going.pk)
    if minutes := request.POST.get("minutes"):
        going = actions.strike_last(request.actor, going, minutes=int(minutes) if minutes.isdigit() else 0)
    if (lost := request.POST.get("lost", "")).isdigit():
        going = actions.skip_lost(request.actor, going, until=int(lost))
    if wanted := request.POST.get("state"):
        going = actions.set_capture(request.actor, going, state=wanted)
    return JsonResponse(_line(going))


MOST_TOKEN = 64


def _going(request: Request, session_id: int) -> queries.Going:
    """The capture this browser makes; another browser's is not its own."""
    held = queries.session(request.actor, session_id)
    going = queries.capture(request.actor, held)
    if going is None:
        raise Gone("This session is not being heard any more.", kept="What was heard is kept.")
    if not compare_digest(going.token, request.headers.get("X-Capture", "")):
        raise AlreadyRunning("This session is being heard in another browser.", then="Go on there.")
    return going


def _number(request: Request, name: str) -> int:
    given = request.GET.get(name, "")
    if not given.isdigit():
        raise BadInput("A second of sound came without its number.")
    return int(given)


def _line(going: queries.Going) -> dict[str, Any]:
    """What the page is told: how far hearing is, and which second comes next."""
    return {
        "state": going.state,
        "next": live_audio.received(going.pk),
        "heard": going.heard,
        "behind": live_audio.behind(going.pk),
        "lost": going.lost,
    }


def _draft_form(request: Request, usual: str) -> DraftForm:
    return DraftForm(initial={"format": usual}, formats=note_formats(request.actor))


def _chosen_format(request: Request) -> str:
    form = DraftForm(request.POST, formats=note_formats(request.actor))
    if not form.is_valid():
        raise BadInput("There is no such format.")
    return str(form.cleaned_data["format"])


def _shown(request: Request, session_id: int) -> dict[str, Any]:
    """What the page and its fragments show."""
    held = queries.session(request.actor, session_id)
    run = queries.latest_run(request.actor, held)
    heard = queries.heard_from(request.actor, held)
    is_settled = heard and not held.is_closed and not (run and run.is_going)  # not opened at every poll
    return {
        "session": held,
        "run": run,
        "percent": round(100 * run.fraction) if run else 0,
        "is_drafted": held.is_closed or bool(run and run.kind == "draft" and run.state == "done"),
        "heard": heard,
        "voices": queries.who_began(request.actor, held) if is_settled else (),
        "can_draft": bool(heard or held.jottings.strip()),
        "missing": who_is_missing(request.actor, held.client),
        "live": queries.going_on(request.actor, held),
        "form": _draft_form(request, held.clinician.usual_format),
        "place": "today",
    }
