"""The browser is told to load nothing from elsewhere, run nothing inline, and keep nothing."""

import re

from django.urls import reverse

from holdspace.proof.browser import Answer, Browser
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.16",
    says="No page loads or sends anything elsewhere, lets another site frame it, runs text as a program, or "
    "is kept by the browser.",
    tried="Pages of every kind were asked for, signed in and not, an error among them; their rules for the "
    "browser and their text were read.",
    red="A page could be made to send words elsewhere. Use no other site in the same browser until this is "
    "mended.",
)
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin"}
NEVER = {
    "a script of its own": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a style of its own": r"<style\b|<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "somebody else’s address": r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}


def try_now(trial: Trial) -> Seen:
    """Ask for pages of every kind and read what they tell the browser."""
    drafted, hers = trial.drafted(), trial.browser()
    pages = {
        "today": hers.get(reverse("chart:today")),
        "a client": hers.get(reverse("chart:client", args=[trial.company.alone.pk])),
        "a session": hers.get(reverse("room:session", args=[drafted.session.pk])),
        "the capture page": hers.get(reverse("room:capture", args=[drafted.session.pk])),
        "a draft": hers.get(reverse("chart:note", args=[drafted.note.id])),
        "the sign-in page": Browser().get(reverse("people:sign_in")),
        "the client’s own page": Browser().get(reverse("room:client_door")),
        "an error": hers.get(reverse("chart:note", args=[1])),
    }
    faults = [f"{name}: {fault}" for name, answer in pages.items() for fault in _faults(answer)]
    demand(not faults, *faults[:10])
    return (
        f"{len(pages)} pages: {len(RULES)} rules of the content policy, {len(HEADERS) + 1} headers, no text that runs.",
    )


def _faults(answer: Answer) -> list[str]:
    policy = dict(
        [*part.split(maxsplit=1), ""][:2]
        for part in answer.headers.get("content-security-policy", "").split(";")
        if part.strip()
    )
    found = [
        f"the policy’s {name} is not {value}" for name, value in RULES.items() if policy.get(name) != value
    ]
    found += [
        f"{name} is not {value}" for name, value in HEADERS.items() if answer.headers.get(name) != value
    ]
    if "no-store" not in answer.headers.get("cache-control", ""):
        found.append("the browser may keep it")
    return found + [what for what, pattern in NEVER.items() if re.search(pattern, answer.text, re.IGNORECASE)]
