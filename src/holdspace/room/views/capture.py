"""The page that hears a session as it happens, or a dictation, and what that page sends."""

from hmac import compare_digest
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.spoken_code import as_read
from holdspace.assist.doorway import speech_host
from holdspace.consent.queries import is_declined, who_is_missing
from holdspace.errors import AlreadyRunning, BadInput, ConsentMissing, Gone
from holdspace.room import live_audio, queries
from holdspace.room.actions import captures
from holdspace.room.pieces import told
from holdspace.room.rules import DICTATION, ENDING, LIVE
from holdspace.room.views.session import chosen_format, draft_form
from holdspace.ui.http import Request, page

MOST_TOKEN = 64


@require_GET
def capture(request: Request, session_id: int) -> HttpResponse:
    """The page that hears a session as it happens."""
    held = queries.session(request.actor, session_id)
    return page(
        request,
        "room/capture.html",
        session=held,
        missing=who_is_missing(request.actor, held.client, session_id=held.pk),
        is_declined=is_declined(request.actor, held.client, session_id=held.pk),
        going=queries.capture(request.actor, held),
        form=draft_form(request, held.clinician.usual_format),
        heard_by=speech_host(),
        place="today",
    )


@require_GET
def dictate(request: Request, session_id: int) -> HttpResponse:
    """The page that takes a dictation: her own words, for her jottings."""
    held = queries.session(request.actor, session_id)
    going = queries.capture(request.actor, held)
    return page(
        request, "room/dictate.html", session=held, going=going, heard_by=speech_host(), place="today"
    )


@require_POST
def begin(request: Request, session_id: int) -> HttpResponse:
    """Begin to hear, or go on in this browser; the answer says from which second on sound is wanted."""
    held = queries.session(request.actor, session_id)
    mode = request.POST.get("mode", "")
    going = captures.begin_capture(
        request.actor,
        held,
        mode=mode,
        note_format="" if mode == DICTATION else chosen_format(request),
        token=request.POST.get("token", "")[:MOST_TOKEN],
    )
    return JsonResponse(_line(going))


@require_POST
def sound(request: Request, session_id: int) -> HttpResponse:
    """Take a second of sound. It stays in memory until it is heard."""
    going = _going(request, session_id)
    if going.state not in (LIVE, ENDING):
        return JsonResponse(_line(going))
    if not live_audio.is_here(going.pk, going.place):
        captures.take_over_capture(request.actor, going, token=going.token)
    live_audio.put(
        going.pk,
        _number(request.GET.get("number", "")),
        request.body,
        checksum=_number(request.GET.get("checksum", "")),
        mode=going.mode,
    )
    told(going.pk)
    return JsonResponse(_line(going))


@require_POST
def state(request: Request, session_id: int) -> HttpResponse:
    """Pause, go off the record (with the last minutes too), go on, end; or only ask how it stands."""
    going, given = _going(request, session_id), request.POST
    told(going.pk)
    if "minutes" in given:
        going = captures.strike_last(request.actor, going, minutes=_number(given["minutes"]))
    if "lost" in given:
        going = captures.skip_lost(request.actor, going, until=_number(given["lost"]))
    if "gap" in given:
        going = captures.mark_gap(request.actor, going, seconds=_number(given["gap"]))
    if "state" in given:
        total = _number(given["total"]) if "total" in given else None
        going = captures.set_capture(request.actor, going, state=given["state"], total=total)
    return JsonResponse(_line(going))


def _going(request: Request, session_id: int) -> queries.Going:
    """The capture this browser makes; another browser's is not its own."""
    held = queries.session(request.actor, session_id)
    going = queries.capture(request.actor, held)
    if going is None and queries.was_taken_back(request.actor, held):
        raise _taken_back()
    if going is None:
        raise Gone("This session is not being heard any more.", kept="What was heard is kept.")
    if not compare_digest(going.token, request.headers.get("X-Capture", "")):
        raise AlreadyRunning("This session is being heard in another browser.", then="Go on there.")
    if not going.is_dictation and who_is_missing(request.actor, held.client, session_id=held.pk):
        live_audio.drop_waiting(going.pk)
        raise _taken_back()
    return going


def _taken_back() -> ConsentMissing:
    return ConsentMissing(
        "Somebody in the room does not want to be heard any more, so Holdspace stopped listening.",
        kept="What they took back is destroyed. Your jottings and your signed notes are kept.",
        then="Go on together. Afterwards you can jot or dictate, and draft the note from that.",
    )


def _number(given: str) -> int:
    if not given.isdecimal() or len(given) > len(str(2**32)):
        raise BadInput("A second of sound came without its number.")
    return int(given)


def _line(going: queries.Going) -> dict[str, Any]:
    """What the page is told: how far hearing is, and which second comes next."""
    received = live_audio.received(going.pk)
    return {
        "state": going.state,
        "next": received,
        "heard": going.heard,
        "behind": max(0, received - going.heard),
        "lost": going.lost,
        "asked": going.is_pause_asked,
        "code": as_read(going.code) if going.code else "",
    }
