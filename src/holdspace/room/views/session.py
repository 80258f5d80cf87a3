"""The session page: her pad, what was said, and the run that makes a draft."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.spoken_code import as_read
from holdspace.assist.queries import note_formats
from holdspace.assist.rules import DRAFTING, HEARING
from holdspace.consent.actions import invite
from holdspace.consent.queries import DocumentStandings, documents, invitation
from holdspace.consent.rules import TRANSCRIPTION
from holdspace.errors import BadInput
from holdspace.room import queries
from holdspace.room.actions import sessions
from holdspace.room.forms import DraftForm
from holdspace.room.rules import DONE, DRAFT, HAND
from holdspace.room.switchboard import row_of
from holdspace.schedule.rules import REMOTE
from holdspace.ui.http import Request, page, see
from holdspace.ui.uploads import is_words

ACCEPTED = "A recording (WAV, MP3, M4A, OGG, WebM, FLAC, AAC, AIFF) or a transcript (WebVTT, session file, plain text)"


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
    """Save her pad. It sends what it began with, so that what came to it meanwhile is kept beside what she typed."""
    held = queries.session(request.actor, session_id)
    text, before = request.POST.get("jottings", ""), request.POST.get("before", "")
    kept = sessions.save_jottings(request.actor, held, text=text, before=before)
    if request.htmx:
        return page(request, "room/jotted.html", kept=kept, at=timezone.localtime())
    if kept.both:
        return page(request, "room/session.html", **_shown(request, session_id), both=kept.both)
    return see("room:session", session_id)


@require_POST
def upload(request: Request, session_id: int) -> HttpResponse:
    """Take a recording or a transcript, in memory."""
    held = queries.session(request.actor, session_id)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.size:
        raise BadInput("No file arrived, or it was empty.", then=f"{ACCEPTED}, of up to 512 MB.")
    data = given.read()
    if is_words(data):
        sessions.accept_transcript(request.actor, held, data=data, filename="")
    else:
        sessions.accept_audio(request.actor, held, data=data)
    if not request.htmx:
        return see("room:session", session_id, anchor="recording")
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_POST
def code(request: Request, session_id: int) -> HttpResponse:
    """A code by which those in the session answer on their own phone."""
    held = queries.session(request.actor, session_id)
    invite(request.actor, held.client, session_id=held.pk)
    return see("room:session", session_id, anchor="recording")


@require_POST
def draft(request: Request, session_id: int) -> HttpResponse:
    """Ask for a draft in the format she chose."""
    held = queries.session(request.actor, session_id)
    sessions.request_draft(request.actor, held, note_format=chosen_format(request))
    if not request.htmx:
        return see("room:session", session_id, anchor="drafting")
    return page(request, "room/progress.html", **_shown(request, session_id))


@require_POST
def swap(request: Request, session_id: int) -> HttpResponse:
    """The other one is the therapist."""
    sessions.swap_speakers(request.actor, queries.session(request.actor, session_id))
    if not request.htmx:
        return see("room:session", session_id, anchor="recording")
    return page(request, "room/progress.html", **_shown(request, session_id))


def _documents(request: Request, held: queries.Held) -> tuple[DocumentStandings, list[DocumentStandings]]:
    """The consent to listening, and the others this session needs."""
    is_remote = held.appointment.setting in REMOTE
    every = documents(request.actor, held.client, session_id=held.pk, is_remote=is_remote)
    (listening,) = (one for one in every if one.purpose == TRANSCRIPTION)
    return listening, [one for one in every if one.applies and one is not listening]


def draft_form(request: Request, usual: str) -> DraftForm:
    """The formats she may choose from, her usual one chosen."""
    return DraftForm(initial={"format": usual}, formats=note_formats(request.actor))


def chosen_format(request: Request) -> str:
    """The format she chose. Raises BadInput."""
    form = DraftForm(request.POST, formats=note_formats(request.actor))
    if not form.is_valid():
        raise BadInput("There is no such format.")
    return str(form.cleaned_data["format"])


def _shown(request: Request, session_id: int) -> dict[str, Any]:
    """What the page and its fragments show."""
    held = queries.session(request.actor, session_id)
    run = queries.latest_run(request.actor, held)
    heard = queries.heard_from(request.actor, held)
    invited = invitation(request.actor, held.client, held.pk)
    switches = row_of(request.actor, held)
    listening, others = _documents(request, held)
    is_settled = heard and not held.is_closed and not (run and run.is_going)  # not opened at every poll
    return {
        "session": held,
        "run": run,
        "percent": round(100 * run.fraction) if run else 0,
        "is_drafted": held.is_closed or bool(run and run.kind in (DRAFT, HAND) and run.state == DONE),
        "heard": heard,
        "voices": queries.who_began(request.actor, held) if is_settled else (),
        "can_draft": bool(heard or held.jottings.strip()),
        "missing": tuple(standing.label for standing in listening.standings if not standing.is_given),
        "is_declined": listening.is_declined,
        "code": as_read(invited.code) if invited else "",
        "live": queries.going_on(request.actor, held),
        "documents": others,
        "row": switches,
        "hearing_off": switches.off(*HEARING),
        "drafting_off": switches.off(DRAFTING),
        "form": draft_form(request, held.clinician.usual_format),
        "place": "today",
    }
