"""The day at a glance: who comes, and what each session still needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.assist.queries import is_asked
from holdspace.chart.queries import note_of
from holdspace.chart.rules import DRAFT, IN_REVIEW, SIGNED
from holdspace.people.queries import notices
from holdspace.room.actions.sessions import start_session
from holdspace.room.queries import latest_run, open_sessions, session_of
from holdspace.schedule.forms import FIRST_DAY, LAST_DAY
from holdspace.schedule.queries import appointment as appointment_by_id
from holdspace.schedule.queries import appointments_on
from holdspace.ui.http import Request, page, see

SETTINGS = {"office": "in the room", "telehealth": "by video", "phone": "by telephone"}

# For each state of a note, and of a run while there is no note: words, tone, what to do, is it main.
OF_NOTE = {
    DRAFT: ("Draft waits for you", "due", "Review", True),
    IN_REVIEW: ("Review begun", "due", "Go on", True),
    SIGNED: ("Signed", "done", "Read", False),
}
OF_RUN = {
    "queued": ("Waiting to begin", "", "Watch", False),
    "hearing": ("Being heard", "", "Watch", False),
    "drafting": ("Being drafted", "", "Watch", False),
    "failed": ("No draft was made", "stop", "See why", True),
}
BEGUN = ("Needs its note", "due", "Open session", False)


@dataclass(frozen=True, slots=True)
class DayLine:
    """One appointment and what it needs: post to `starts` to begin its session, or go on at `href`."""

    start: datetime
    end: datetime
    client: str
    client_id: int
    about: str
    state: str
    tone: str = ""
    act: str = ""
    is_main: bool = False
    is_now: bool = False
    starts: str = ""
    href: str = ""


@require_GET
def today(request: Request) -> HttpResponse:
    """Today, on the practice's own calendar."""
    return _day(request, timezone.localdate())


@require_GET
def day(request: Request, iso_day: str) -> HttpResponse:
    """Another day."""
    try:
        shown = date.fromisoformat(iso_day)
    except ValueError:
        raise Http404 from None
    if not FIRST_DAY <= shown <= LAST_DAY:
        raise Http404
    return _day(request, shown)


@require_POST
def start(request: Request, appointment_id: int) -> HttpResponse:
    """Begin an appointment's session, and go there."""
    booked = appointment_by_id(request.actor, appointment_id)
    return see("room:session", start_session(request.actor, booked).pk)


def _day(request: Request, shown: date) -> HttpResponse:
    is_today = shown == timezone.localdate()
    lines = [_line(request.actor, booked.pk) for booked in appointments_on(request.actor, shown)]
    waiting = _elsewhere(request.actor, shown) if is_today else []
    return page(
        request,
        "chart/today.html",
        day=shown,
        is_today=is_today,
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1),
        lines=lines,
        waiting=waiting,
        notices=notices(request.actor) if is_today else (),
        asks_first=is_today
        and scope_of(request.actor, "switch.choose") != "-"
        and not is_asked(request.actor),
        due=sum(line.tone in {"due", "stop"} for line in (*lines, *waiting)),
        place="today",
    )


def _elsewhere(actor: Actor, shown: date) -> list[DayLine]:
    """Her sessions of other days whose note is not signed."""
    open_ = [s for s in open_sessions(actor) if timezone.localdate(s.started_at) != shown]
    return [_line(actor, session.appointment_id) for session in open_]


def _line(actor: Actor, appointment_id: int) -> DayLine:
    booked = appointment_by_id(actor, appointment_id)
    now = timezone.now()
    is_hers = booked.clinician_id == actor.clinician_id
    about = f"{booked.modality.capitalize()}, {SETTINGS.get(booked.setting, booked.setting)}"
    who = about if is_hers else f"{about}, with {booked.clinician.name}"
    held = session_of(actor, booked)
    when = (booked.start, booked.end, booked.client.name, booked.client_id, who)
    if held is None:
        starts = reverse("chart:start", args=[booked.pk]) if is_hers else ""
        return DayLine(
            *when, "Booked", act="Start session", is_now=booked.start <= now <= booked.end, starts=starts
        )
    note, run = note_of(actor, held), latest_run(actor, held)
    shown = OF_RUN.get(run.state, BEGUN) if run else BEGUN
    if note and not (run and run.is_going):
        shown = OF_NOTE[note.state]
    href = reverse("chart:note", args=[note.pk]) if note and shown in OF_NOTE.values() else ""
    return DayLine(
        *when,
        *shown,
        is_now=booked.start <= now <= booked.end,
        href=href or reverse("room:session", args=[held.pk]),
    )
