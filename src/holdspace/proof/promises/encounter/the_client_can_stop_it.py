"""The client sees on their own phone whether anything is heard, without an account, and stops it with one button."""

from django.urls import reverse

from holdspace.proof.browser import Browser
from holdspace.proof.lines import SILENCE, being_heard
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import ALONE, CLINICAL
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="2.10",
    says="The client can see on their own phone whether anything is heard, without an account, and stop it.",
    tried="The client’s page was opened with the session’s code, in a browser nobody is signed in with; its "
    "button was pressed, and a second of sound sent afterwards.",
    red="Do not rely on the client’s page: ask them, and use Pause on your own.",
)


def try_now(trial: Trial) -> Seen:
    """Open the client's page, ask for a pause, send on."""
    with being_heard(trial) as window:
        told = window.line(window.send(0, SILENCE))
        code, phone = told["code"].replace(" ", ""), Browser()
        page = phone.get(reverse("room:with_client", args=[code]))
        demand(page.status == 200, f"The client’s page answered {page.status}.")
        demand(
            not any(word in page.text for word in (ALONE, *CLINICAL)),
            "The client’s page tells more than it must.",
        )
        phone.post(reverse("room:client_pause", args=[code]))
        now = window.line(window.state())
        demand(now["state"] == "paused", "The client asked for a pause and it went on.")
        after = window.line(window.send(now["next"], SILENCE))
        demand(after["next"] == now["next"], "After the client’s pause a second of sound was taken.")
    return (
        "One press in a browser without an account paused it; the next second was not taken. The page names nobody.",
    )
