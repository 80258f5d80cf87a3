"""The page of the switches, and turning one: for the practice, a clinician, a client or a session."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.policy import scope_of
from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.queries import is_asked
from holdspace.assist.rules import SWITCHES, WORDS, SwitchAt
from holdspace.errors import BadInput, NotAllowed
from holdspace.room.switchboard import board, row_of, subject_at
from holdspace.ui.http import Request, page, see

TURNS = {"on": switch_on, "off": switch_off}


@require_GET
def switches(request: Request) -> HttpResponse:
    """What is on for whom, and why."""
    return _board(request, request.GET.get("words", "").strip())


@require_POST
def turn(request: Request) -> HttpResponse:
    """Switch one on or off. It counts at once, also for what is going on."""
    if scope_of(request.actor, "switch.read") == "-":
        raise NotAllowed("There is no such page.")
    given = request.POST
    level, name, act = given.get("level", ""), given.get("name", ""), TURNS.get(given.get("turn", ""))
    if act is None or name not in SWITCHES:
        raise BadInput("There is no such switch.")
    subject = subject_at(request.actor, level, _number(given.get("about", "")))
    act(request.actor, SwitchAt(name, subject))
    if given.get("from") != "row":
        return _board(request, given.get("words", "")) if request.htmx else see("room:switches")
    if request.htmx:
        return page(request, "room/switches/lines.html", row=row_of(request.actor, subject))
    place = {"client": "chart:client", "session": "room:session"}.get(level)
    return see(place, subject.pk, anchor="switches") if place else see("room:switches")


def _board(request: Request, words: str) -> HttpResponse:
    template = "room/switches/board.html" if request.htmx else "room/switches/page.html"
    return page(
        request,
        template,
        board=board(request.actor, words),
        words=words,
        columns=[(name, WORDS[name]) for name in SWITCHES],
        is_asked=is_asked(request.actor),
        place="practice",
    )


def _number(given: str) -> int:
    if not given.isdecimal() or len(given) > len(str(2**52)):
        raise NotAllowed("There is no such page.")
    return int(given)
