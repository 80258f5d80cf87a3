"""Nothing is heard before everyone in the room has said yes."""

from holdspace.proof.browser import Answer, Browser
from holdspace.proof.heard import Window
from holdspace.proof.lines import SILENCE
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.room import live_audio
from holdspace.room.models import Capture, DraftRun, Session

PROMISE = Promise(
    number="4.2",
    says="Nothing is heard before everyone in the room has said yes, each for themselves.",
    tried="For a couple of the trial it was begun to hear, and a recording given, with nobody’s yes and with "
    "one of two.",
    red="Sound can be taken without everyone’s yes. Switch recording off until this is mended.",
)
REFUSED, NOT_HEARD = 409, 410
"""Not without everyone’s yes; and a second of sound, where no hearing goes on."""


def try_now(trial: Trial) -> Seen:
    """Try to hear a couple, with nobody's and with one's yes."""
    company, browser = trial.company, trial.browser()
    for agreed in ("nobody", "client"):
        with undone():
            session = company.session(company.together, agreed=False)
            if agreed != "nobody":
                company.agree(company.together, only=agreed)
            _demand_deaf(browser, session, agreed)
    return (
        "With nobody’s yes and with one of two, hearing did not begin, no sound was taken, no recording either.",
    )


def _demand_deaf(browser: Browser, session: Session, agreed: str) -> None:
    window = Window(browser, session)
    begun, sent = window.begin(), window.send(0, SILENCE)
    given = _upload(window)
    who = "nobody had agreed" if agreed == "nobody" else "only one of two had agreed"
    demand(begun.status == REFUSED, f"Hearing began while {who}.")
    demand(sent.status == NOT_HEARD, f"A second of sound was answered with {sent.status} while {who}.")
    demand(given.status == REFUSED, f"A recording was taken while {who}.")
    demand(not Capture.objects.filter(session=session).exists(), f"A capture was begun while {who}.")
    demand(
        not DraftRun.objects.filter(session=session).exists(), f"Work on a recording was begun while {who}."
    )
    demand(not live_audio.received(session.pk), f"Sound is waiting while {who}.")


def _upload(window: Window) -> Answer:
    return window.browser.upload(
        f"/sessions/{window.session.pk}/upload/", "session.wav", b"RIFF....WAVE" + SILENCE
    )
