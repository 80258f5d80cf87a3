"""Her speaking voice: twenty seconds of it, so that a session in one room knows who is the therapist."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.assist.actions import forget_speaking_voice, give_speaking_voice
from holdspace.assist.queries import speaking_voice_given_at
from holdspace.people.queries import herself
from holdspace.ui.http import Request, page, see


@require_GET
def speaking_voice(request: Request) -> HttpResponse:
    """Whether she gave it, and the way to give or delete it."""
    given_at = speaking_voice_given_at(request.actor, herself(request.actor).pk)
    return page(request, "room/speaking_voice.html", given_at=given_at, place="voice")


@require_POST
def give(request: Request) -> HttpResponse:
    """Take it: 16-bit samples at 16 kHz, which are overwritten once its numbers are taken."""
    give_speaking_voice(request.actor, herself(request.actor), pcm=bytearray(request.body))
    messages.success(request, "Your voice is kept, as numbers. The sound is gone.")
    return HttpResponse(status=204)


@require_POST
def forget(request: Request) -> HttpResponse:
    """Delete it."""
    forget_speaking_voice(request.actor, herself(request.actor))
    messages.success(request, "Your voice is deleted.")
    return see("room:speaking_voice")
