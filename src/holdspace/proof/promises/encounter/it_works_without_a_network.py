"""With the network gone, a session is heard and drafted all the same."""

import json
import subprocess
import sys
from typing import Any

from django.conf import settings

from holdspace.assist.rules import PARSER, VOICES, WHISPER
from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="2.8",
    says="With the network gone, sessions are heard and drafted all the same.",
    tried="A fresh process was begun without any network, its own machine’s included, or with every way to one "
    "refused by the system. It tried the ways, heard the trial’s sound and drafted a note.",
    red="Something needs a network that must not. `holdspace doctor` says what is missing.",
)
APART = ["unshare", "--map-root-user", "--net", "--"]
"""No interface but one that is down (unshare(1), Linux)."""
LONGEST_S = 150
CABLE = "Pull the cable, switch the wireless off, and hold a session: it must work."


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Begin the process, read what it made."""
    if settings.CONFIG.speech_url:
        raise NotTried(
            "Speech is heard by another machine here.", then="Without SPEECH_URL this machine hears itself."
        )
    models = [str(settings.CONFIG.weights), WHISPER, VOICES, PARSER]
    told = _begun([sys.executable, "-P", "-m", "holdspace.proof.apart", *models])
    if "missing" in told:
        raise NotTried(told["missing"], then="Run `holdspace models pull`.")
    demand("broke" not in told, f"Without a network {told.get('broke')}.")
    if told["ways"]:
        raise NotTried("This system does not let Holdspace begin a process without a network.", then=CABLE)
    demand(told["words"] and told["sentences"], "Nothing was heard or drafted without a network.")
    return (
        f"Without any network {told['words']} words were heard and {told['sentences']} sentences drafted.",
    )


def _begun(command: list[str]) -> dict[str, Any]:
    """What the process made. Where this one is shut in already no other network can be made, and none is needed."""
    apart = [*APART, *command] if _can_be_apart() else command
    done = subprocess.run(apart, capture_output=True, check=False, timeout=LONGEST_S)  # noqa: S603  # a module of ours
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        return {"broke": "it did not come to its end"}


def _can_be_apart() -> bool:
    try:
        tried = subprocess.run([*APART, "true"], capture_output=True, check=False, timeout=LONGEST_S)  # noqa: S603  # a fixed program
    except OSError:
        return False
    return tried.returncode == 0
