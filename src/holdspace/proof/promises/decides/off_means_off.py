"""With a switch off no model is called; with all of them off nothing of an engine is even loaded."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from holdspace.access.actor import Actor, Subject
from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.doorway import (
    drafting_tools_for,
    ear_for,
    read_ahead,
    suggestions_for_claim,
    voice_learnt,
)
from holdspace.assist.models import AiUse
from holdspace.assist.queries import switched_off_at
from holdspace.assist.rules import (
    CLAIMS,
    DRAFTING,
    MODEL,
    NOT_BUILT,
    RECORDING,
    SWITCHES,
    TRANSCRIPTION,
    VOICE,
    WORDS,
    Around,
    Record,
    SomeoneThere,
    SwitchAt,
)
from holdspace.errors import NotReady, SwitchedOff
from holdspace.people.rules import TRIAL
from holdspace.proof.promise import Broken, NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.room.models import Session
from holdspace.vault.keys import ring

PROMISE = Promise(
    number="4.1",
    says="Off means off: with a switch off, for one session, one client, one clinician or all, no model is "
    "called or even loaded.",
    tried="Each of the six switches was set off at each of the four levels for the trial, all others on, and "
    "what it is about was asked for. Then a fresh process was begun with all of them off, and what it had "
    "loaded was looked at.",
    red="A model can be called though it is switched off. Take its file away (`holdspace models list` says "
    "where) until this is mended.",
)
LONGEST_S = 120
NOTHING_SAID = Record((), SomeoneThere("therapist", "T"), SomeoneThere("client", "C"))


def try_now(trial: Trial) -> Seen:
    """Set each switch off at each level, then all in a fresh process."""
    session = trial.company.session()
    tried = 0
    for name in SWITCHES:
        for level, about in _levels(trial, session).items():
            with undone():
                _all_on(trial, session.around())
                switch_off(trial.company.actor("owner"), SwitchAt(name, about))
                _demand_off(trial, session.around(), name, level)
                tried += 1
    told = _fresh()
    demand(not told["loaded"], f"With all switches off {len(told['loaded'])} parts of an engine were loaded.")
    demand(
        told["refused"] == told["asked"],
        f"{told['asked'] - told['refused']} of {told['asked']} ways to a model were open.",
    )
    return (
        f"{tried} times one of {len(SWITCHES)} switches was off at one level and all others on: refused each time.",
        f"A fresh process with all of them off refused {told['asked']} ways to a model and loaded no engine.",
    )


def _levels(trial: Trial, session: Session) -> dict[str, Subject]:
    return {
        "practice": trial.company.practice,
        "clinician": session.clinician,
        "client": session.client,
        "session": session,
    }


def _all_on(trial: Trial, around: Around) -> None:
    """All of them on for the trial, so that a refusal is the one switch's that is off."""
    for name in sorted(set(SWITCHES) - NOT_BUILT):
        switch_on(trial.company.actor("owner"), SwitchAt(name, trial.company.practice))
        is_off = switched_off_at(trial.company.worker, name, around)
        demand(not is_off, f"{WORDS[name].title} cannot be switched on, so this shows nothing.")


def _demand_off(trial: Trial, around: Around, name: str, level: str) -> None:
    """What the switch is about must be refused or left out, and by this switch."""
    worker = trial.company.worker
    where = f"With {WORDS[name].title.lower()} off for a {level}"
    found = switched_off_at(worker, name, around)
    demand(found == level, f"{where} another level was named.")
    for ask in ASKED[name]:
        try:
            is_given = ask(worker, around)
        except SwitchedOff as off:
            demand(WORDS[name].title in off.what, f"{where} another switch was named.")
            continue
        except NotReady as missing:
            if name in LOOKED_FOR_FIRST:
                raise NotTried(missing.what, then=missing.then) from None
            raise Broken(f"{where} its model was looked for all the same.") from None
        demand(not is_given, f"{where} its model was given all the same.")


def _ahead(worker: Actor, around: Around) -> object:
    """Whether anything is parsed while a session goes on."""
    read_ahead(worker, around, ("Nobody reads this.",), is_first=True)
    return AiUse.objects.filter(session_id=around.session_id).exists()


def _wording(worker: Actor, around: Around) -> object:
    """Whoever would propose wordings."""
    return drafting_tools_for(worker, around).language(NOTHING_SAID)


def _her_way(worker: Actor, around: Around) -> object:
    """Whether drafts would be in her way of writing."""
    return drafting_tools_for(worker, around).learns_voice


def _learnt(worker: Actor, around: Around) -> object:
    return voice_learnt(worker, around, ("Nobody reads this.",))


def _suggested(worker: Actor, around: Around) -> object:
    suggestions_for_claim(worker, around)
    return True


ASKED: dict[str, tuple[Callable[[Actor, Around], object], ...]] = {
    RECORDING: (ear_for,),
    TRANSCRIPTION: (ear_for,),
    DRAFTING: (drafting_tools_for, _ahead, _learnt),
    MODEL: (_wording,),
    VOICE: (_her_way, _learnt),
    CLAIMS: (_suggested,),
}
"""What each switch is about: asked for, it raises, or gives nothing."""
LOOKED_FOR_FIRST = frozenset({MODEL, VOICE})
"""These are only parts of a draft, so the draft's own parser must be here before they can be tried."""


def _fresh() -> dict[str, Any]:
    """What a fresh process of this practice has loaded and refused with every switch off. Its key goes by a pipe."""
    described = {
        key: str(value)
        for key, value in connection.settings_dict.items()
        if key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")
    }
    told = {
        "key": ring._practice_key.hex() if ring._practice_key else "",  # by a pipe that only the two have
        "database": described,
        "home": str(settings.CONFIG.home),
        "weights": str(settings.CONFIG.weights),
        "practice": TRIAL,
    }
    done = subprocess.run(  # this interpreter and a module of ours
        [sys.executable, "-P", "-m", "holdspace.proof.fresh"],
        input=json.dumps(told).encode(),
        capture_output=True,
        check=False,
        timeout=LONGEST_S,
    )
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        raise Broken("A fresh process with all switches off did not come to its end.") from None
