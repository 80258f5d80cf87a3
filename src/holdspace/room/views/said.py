"""What was said, turn by turn, and her hands on who said it."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.consent.rules import participants
from holdspace.engines.transcript import THERAPIST
from holdspace.room import queries
from holdspace.room.actions import sessions
from holdspace.room.rules import lines_of, roles_in
from holdspace.ui.http import Request, page, see


@require_GET
def said(request: Request, session_id: int) -> HttpResponse:
    """The whole transcript, while there is one."""
    return page(request, "room/said.html", **_shown(request, session_id))


@require_POST
def name_speakers(request: Request, session_id: int) -> HttpResponse:
    """Who each speaker is."""
    held = queries.session(request.actor, session_id)
    roles = {
        speaker: role
        for speaker, role in zip(request.POST.getlist("speaker"), request.POST.getlist("role"), strict=False)
        if role
    }
    sessions.name_speakers(request.actor, held, roles=roles)
    return see("room:said", session_id)


@require_POST
def give_turn(request: Request, session_id: int, turn: int) -> HttpResponse:
    """Somebody else said this turn."""
    held = queries.session(request.actor, session_id)
    sessions.give_turn(request.actor, held, index=turn, role=request.POST.get("role", ""))
    if not request.htmx:
        return see("room:said", session_id, anchor=f"turn-{turn}")
    return page(request, "room/said_now.html", **_shown(request, session_id))


@require_POST
def destroy(request: Request, session_id: int) -> HttpResponse:
    """What was heard goes now."""
    sessions.destroy_now(request.actor, queries.session(request.actor, session_id))
    return see("room:said", session_id)


def _shown(request: Request, session_id: int) -> dict[str, Any]:
    held = queries.session(request.actor, session_id)
    heard = queries.transcript(request.actor, held)
    expected = participants(held.client.others)
    run = queries.latest_run(request.actor, held)
    return {
        "session": held,
        "lines": lines_of(heard) if heard else (),
        "roles": (THERAPIST, *expected),
        "unnamed": [name for name in roles_in(heard, expected) if name not in (THERAPIST, *expected)]
        if heard
        else [],
        "run": run,
        "place": "today",
    }
