"""The page that hears a session as it happens, or a dictation, and what that page sends."""

import re
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.spoken_code import as_read
from holdspace.assist.doorway import speech_host
from holdspace.assist.queries import hearing_off_at
from holdspace.assist.rules import HEARING
from holdspace.assist.speech_process import SpeechStopped
from holdspace.consent.queries import is_declined, who_is_missing
from holdspace.errors import (
    AlreadyRunning,
    BadInput,
    ConsentMissing,
    EndedItself,
    EngineFailed,
    Gone,
    HoldspaceError,
    NotAllowed,
    SwitchedOff,
    WeightsDamaged,
    WeightsMissing,
)
from holdspace.room import live_audio, queries
from holdspace.room.actions import captures
from holdspace.room.pieces import told
from holdspace.room.rules import (
    CONSENT,
    DICTATION,
    ENDING,
    FIVE_MINUTES,
    LEFT,
    LIVE,
    SIX_HOURS,
    SWITCHED_OFF,
    UNEXPECTED,
    lines_of,
)
from holdspace.room.switchboard import row_of
from holdspace.room.views.session import chosen_format, draft_form
from holdspace.ui.http import Request, page, whole_number

TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What a page calls itself, so that another is told from it."""
MOST_NUMBER = 2**32 - 1
"""A checksum; seconds are fewer."""
ENGINE_STOPPED = (
    "The speech engine stopped again and again, so hearing ended.",
    "Begin again, or jot. If it happens again, run `holdspace doctor`.",
)
ENDED_BY = {
    WeightsMissing.code: (
        "The model that hears is not on this machine, so hearing ended.",
        "Run `holdspace models pull`, then begin again.",
    ),
    WeightsDamaged.code: (
        "The model that hears is damaged, so hearing ended.",
        "Run `holdspace models pull`, then begin again.",
    ),
    SpeechStopped.code: ENGINE_STOPPED,
    EngineFailed.code: ENGINE_STOPPED,
    SIX_HOURS: ("Hearing ended itself after six hours.", "To go on, begin again."),
    FIVE_MINUTES: ("The dictation ended itself after five minutes.", "To go on, begin again."),
    LEFT: (
        "Nothing came from this page for half an hour, so hearing ended itself.",
        "To go on, begin again.",
    ),
    UNEXPECTED: ("Something went wrong, so hearing ended.", "Begin again, or jot."),
}
"""What the page says of each reason for which hearing ended without her: what happened, and what to do."""
LATEST_LINES = 12
"""Turns that are shown while a session goes on: enough to see that it understands, too few to read along."""


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
        hearing_off=row_of(request.actor, held).off(*HEARING),
        place="today",
    )


@require_GET
def dictate(request: Request, session_id: int) -> HttpResponse:
    """The page that takes a dictation: her own words, for her jottings."""
    held = queries.session(request.actor, session_id)
    going = queries.capture(request.actor, held)
    return page(
        request,
        "room/dictate.html",
        session=held,
        going=going,
        heard_by=speech_host(),
        hearing_off=row_of(request.actor, held).off(*HEARING),
        place="today",
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
        token=_token(request.POST.get("token", "")),
        left=_left(request),
    )
    return JsonResponse(_line(request, going))


@require_POST
def sound(request: Request, session_id: int) -> HttpResponse:
    """Take a second of sound. It stays in memory until it is heard."""
    going = _going(request, session_id)
    if going.state not in (LIVE, ENDING):
        return JsonResponse(_line(request, going))
    live_audio.put(
        going.pk,
        _number(request.GET.get("number", "")),
        request.body,
        checksum=_number(request.GET.get("checksum", "")),
        mode=going.mode,
    )
    told(going.pk)
    return JsonResponse(_line(request, going))


@require_POST
def state(request: Request, session_id: int) -> HttpResponse:
    """Pause, go off the record (with the last minutes too), go on, end; or only ask how it stands."""
    going, given = _going(request, session_id), request.POST
    told(going.pk)
    if request.actor.is_locked and ("minutes" in given or given.get("state") == LIVE):
        raise NotAllowed(
            "There is no such page."
        )  # a locked screen may stop hearing, not begin it or take out words
    if "minutes" in given:
        going = captures.strike_last(request.actor, going, minutes=_number(given["minutes"]))
    if "lost" in given:
        going = captures.skip_lost(request.actor, going, until=_number(given["lost"]))
    if "gap" in given:
        going = captures.mark_gap(request.actor, going, seconds=_number(given["gap"]))
    if "state" in given:
        total = _number(given["total"]) if "total" in given else None
        going = captures.set_capture(request.actor, going, state=given["state"], total=total)
    return JsonResponse(_line(request, going))


@require_GET
def words(request: Request, session_id: int) -> HttpResponse:
    """What is understood of the last minutes, while it goes on: only where she opened it."""
    held = queries.session(request.actor, session_id)
    so_far = queries.understood_so_far(request.actor, held)
    return page(request, "room/words_now.html", lines=lines_of(so_far)[-LATEST_LINES:] if so_far else ())


def _going(request: Request, session_id: int) -> queries.Going:
    """The capture this browser makes; another browser's is not its own. After a restart this process takes it over.

    Whatever the page asks first: while it is paused it sends no sound, and the answer says which second is wanted.
    """
    held = queries.session(request.actor, session_id)
    going = queries.capture(request.actor, held)
    if going is None:
        raise _over(queries.why_ended(request.actor, held))
    if not going.is_heard_by(request.headers.get("X-Capture", "")):
        raise AlreadyRunning("This session is being heard in another browser.", then="Go on there.")
    if not going.is_dictation and who_is_missing(request.actor, held.client, session_id=held.pk):
        live_audio.drop_waiting(going.pk)
        raise _taken_back()
    if hearing_off_at(request.actor, held.around()):
        live_audio.drop_waiting(going.pk)
        raise _switched_off()
    if not live_audio.is_here(going.pk, going.place):
        captures.take_over_capture(request.actor, going, token=going.token)
    return going


def _over(why: str) -> HoldspaceError:
    if why == CONSENT:
        return _taken_back()
    if why == SWITCHED_OFF:
        return _switched_off()
    if not why:
        return Gone("This session is not being heard any more.", kept="Everything heard is kept.")
    what, then = ENDED_BY.get(why, ENDED_BY[UNEXPECTED])
    kept = "Everything heard is kept. Where something could not be heard, it is marked in what was said."
    return EndedItself(what, kept=kept, then=then)


def _switched_off() -> SwitchedOff:
    return SwitchedOff(
        "Listening was switched off, so Holdspace stopped.",
        kept="What was understood until then is kept. The sound is gone.",
        then="Go on together. The note can be drafted from what was heard and from your jottings.",
    )


def _taken_back() -> ConsentMissing:
    return ConsentMissing(
        "Somebody in the room does not want to be heard any more, so Holdspace stopped listening.",
        kept="What they took back is destroyed. Your jottings and your signed notes are kept.",
        then="Go on together. Afterwards you can jot or dictate, and draft the note from that.",
    )


def _left(request: Request) -> captures.Left | None:
    """How the page before this one was left, where it could say so."""
    if "recorded" not in request.POST:
        return None
    return captures.Left(_number(request.POST["recorded"]), _number(request.POST.get("ago", "")))


def _token(given: str) -> str:
    if not TOKEN.fullmatch(given):
        raise BadInput("This page did not say which one it is.", then="Load it again.")
    return given


def _number(given: str) -> int:
    number = whole_number(given)
    if number is None or number > MOST_NUMBER:
        raise BadInput("A second of sound came without its number.")
    return number


def _line(request: Request, going: queries.Going) -> dict[str, Any]:
    """What the page is told: how far hearing is, and which second comes next; to a locked one no code."""
    received = live_audio.received(going.pk)
    return {
        "state": going.state,
        "next": received,
        "heard": going.heard,
        "behind": max(0, received - going.heard),
        "lost": going.lost,
        "missed": going.missed,
        "asked": going.is_pause_asked,
        "code": as_read(going.code) if going.code and not request.actor.is_locked else "",
    }
