"""The first choice of what the program may do, and the cards of the models."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.access.policy import scope_of
from holdspace.assist import model_cards
from holdspace.assist.actions import choose_switches
from holdspace.assist.doorway import speech_host
from holdspace.assist.queries import models_here, used_names
from holdspace.assist.rules import DRAFTING, MODEL, RECORDING, TRANSCRIPTION, VOICE, WORDS
from holdspace.errors import BadInput, NotAllowed
from holdspace.people.queries import practice
from holdspace.ui.http import Request, page, see

CHOICES = {"listen": (RECORDING, TRANSCRIPTION), "draft": (DRAFTING,), "voice": (VOICE,), "model": (MODEL,)}


@require_POST
def choose(request: Request) -> HttpResponse:
    """What she ticked is on, the rest is off, and nobody is asked again."""
    if scope_of(request.actor, "switch.choose") == "-":
        raise NotAllowed("There is no such page.")
    act, ticked = request.POST.get("act"), request.POST.getlist("choice")
    if act not in ("chosen", "none") or not set(ticked) <= set(CHOICES):
        raise BadInput("The page did not say what was chosen.", then="Load it again.")
    names = [name for choice in ticked for name in CHOICES[choice]] if act == "chosen" else []
    choose_switches(request.actor, practice(request.actor), names=names)
    said = "It may do what you ticked." if names else "Everything is off. Notes can be written by hand."
    messages.success(request, f"{said} You can change this under Switches.")
    return see("chart:today")


@require_GET
def cards(request: Request) -> HttpResponse:
    """Every model and every rule that decides, those in use first."""
    used = used_names(request.actor)
    shown = [(found, found.name in used) for found in model_cards.cards()]
    return page(
        request,
        "assist/cards.html",
        in_use=[found for found, is_used in shown if is_used],
        others=[found for found, is_used in shown if not is_used],
        heard_by=speech_host(),
        place="practice",
    )


@require_GET
def card(request: Request, name: str) -> HttpResponse:
    """All there is to say about one."""
    found = model_cards.card(name)
    if found is None:
        raise Http404
    return page(
        request,
        "assist/card.html",
        card=found,
        switch=WORDS[found.switch].title,
        weights=model_cards.weights_of(name),
        is_here=name in models_here(request.actor),
        is_used=name in used_names(request.actor),
        place="practice",
    )
