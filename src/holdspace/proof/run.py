"""One run: make the trial, try every promise, take the trial away, say what was found.

It is quiet beside a practice at work. It does not begin while a session is being heard, and it stops before the next
promise when one begins: what was not tried by then is said to be not tried.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from holdspace.audit.log import event_log
from holdspace.errors import HoldspaceError, Unavailable
from holdspace.people.models import Practice
from holdspace.people.rules import TRIAL
from holdspace.proof.clearing import clear
from holdspace.proof.company import gather
from holdspace.proof.listed import Listed
from holdspace.proof.promise import (
    BROKEN,
    KEPT,
    NOT_ENFORCED,
    NOT_TRIED,
    Broken,
    NotEnforced,
    NotTried,
    Result,
    Seen,
    State,
)
from holdspace.proof.trial import Trial
from holdspace.room.models import Capture
from holdspace.room.rules import CAPTURING

log = event_log("proof")

Tell = Callable[[str, float], None]
KIND = 10
"""How much everything else goes before (steps of `nice`)."""
STILL_THERE = timedelta(minutes=2)
"""A session whose page was not heard of for this long is nobody's any more."""
WAITS = "Run the proof again when no session is being heard."


class SessionGoesOn(Unavailable):
    """A session is being heard, and nothing may disturb it."""

    code = "session-goes-on"


def run(real: Practice, promises: tuple[Listed, ...], tell: Tell) -> list[Result]:
    """Try these promises, in order. Raises SessionGoesOn; everything that was made for it is gone afterwards."""
    check_quiet()
    during = [one for one in promises if not one.promise.is_after]
    after = [one for one in promises if one.promise.is_after]
    with _kind():
        with _cleared():
            tell("Making the trial\u2019s client", 0.0)
            trial = Trial(real, gather(real))
            results = list(_tried(trial, during, 0, len(promises), tell))
        results += _tried(trial, after, len(during), len(promises), tell)
    tell("Done", 1.0)
    return sorted(results, key=lambda result: [int(part) for part in result.number.split(".")])


def check_quiet() -> None:
    """Raise SessionGoesOn while a session of the practice is being heard."""
    if is_heard_now():
        raise SessionGoesOn("A session is being heard.", then=WAITS)


def is_heard_now() -> bool:
    """Whether a session of somebody real is being heard."""
    going = Capture.objects.filter(state__in=CAPTURING, told_at__gt=timezone.now() - STILL_THERE)
    return going.exclude(session__clinician__practice_id=TRIAL).exists()


def _tried(trial: Trial, promises: list[Listed], done: int, of: int, tell: Tell) -> Iterator[Result]:
    for number, one in enumerate(promises, done):
        tell(one.promise.says, number / of)
        yield _stopped(one) if is_heard_now() else attempt(one, trial)


def attempt(one: Listed, trial: Trial) -> Result:
    """Try one promise. However that ends is a result."""
    began = time.monotonic()
    state, seen, then = _outcome(one, trial)
    log("promise.tried", code=one.code, state=state.replace(" ", "-"))
    return _result(one, state, seen, then, time.monotonic() - began)


def _outcome(one: Listed, trial: Trial) -> tuple[State, Seen, str]:
    try:
        return KEPT, one.try_now(trial), ""
    except Broken as broken:
        return BROKEN, broken.seen, one.promise.red
    except NotEnforced as open_here:
        return NOT_ENFORCED, open_here.seen, open_here.then
    except NotTried as untried:
        return NOT_TRIED, (untried.why,), untried.then
    except HoldspaceError as error:
        return BROKEN, (f"Trying it ended with an error: {error.code}.",), one.promise.red
    except Exception as error:  # noqa: BLE001  # outermost loop: what broke is a result too, and a traceback may hold words
        _let_go()
        return BROKEN, (f"Trying it broke: {type(error).__name__}.",), one.promise.red


def _stopped(one: Listed) -> Result:
    return _result(one, NOT_TRIED, ("A session began to be heard, so the proof stopped.",), WAITS, 0.0)


def _result(one: Listed, state: State, seen: Seen, then: str, seconds: float) -> Result:
    told = one.promise
    return Result(one.code, told.number, told.says, told.tried, state, seen, then, round(seconds, 2))


def _let_go() -> None:
    """After something broke: no transaction of it is left open."""
    if not connection.in_atomic_block:
        with suppress(Exception):
            connection.close()


@contextmanager
def _cleared() -> Iterator[None]:
    """Nothing of an earlier trial before, nothing of this one afterwards."""
    clear()
    try:
        yield
    finally:
        clear()


@contextmanager
def _kind() -> Iterator[None]:
    """This thread lets everything else go before, where the system tells threads apart."""
    if not sys.platform.startswith("linux"):
        yield
        return
    number = threading.get_native_id()
    before = os.getpriority(os.PRIO_PROCESS, number)
    os.setpriority(os.PRIO_PROCESS, number, max(before, KIND))
    try:
        yield
    finally:
        with suppress(OSError):  # only root may go back to a higher one
            os.setpriority(os.PRIO_PROCESS, number, before)
