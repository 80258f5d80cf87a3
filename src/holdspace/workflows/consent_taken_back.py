"""A consent taken back: hearing stops, and what was heard under it is destroyed, at once.

    consent.revoke ──row──▶ hearing stops ──▶ transcript destroyed ──▶ unsigned draft destroyed ──▶ row closed

Consent knows no session, so it leaves a row; a thread that does nothing else looks for rows five times a second, and
every worker does so too. Each step may be done twice, and the row is closed last: a process that dies on the way leaves
it for the next. Whether the draft goes is asked of the session, which remembers that it was heard until the draft is
gone, not of the transcript, which may have gone before. A signed note stays.

What cannot be carried out (a damaged record) keeps nothing else from it: its row stays, which the owner sees under
Safekeeping, and it is tried again a while later.
"""

from threading import Event, Thread
from time import monotonic

from holdspace.access.actor import Actor
from holdspace.assist.doorway import forget_ahead
from holdspace.audit.log import event_log
from holdspace.chart.actions import destroy_draft
from holdspace.consent.actions import carried_out
from holdspace.consent.models import Consent
from holdspace.consent.queries import withdrawals
from holdspace.consent.rules import YES
from holdspace.errors import HoldspaceError
from holdspace.people.models import Practice
from holdspace.room.actions.captures import heard_is_gone, take_back_heard
from holdspace.room.models import Session
from holdspace.room.queries import unsigned_of
from holdspace.workflows.passing import PASSING, one_round
from holdspace.workflows.switched_off import Watch

log = event_log("consent")

EVERY_S = 0.2
AGAIN_S = 600.0
"""What could not be carried out is tried again after so long: each try leaves its entries in the log."""

_again_at: dict[int, float] = {}


def carry_out() -> int:
    """Do what was taken back and is not done yet. How many were tried."""
    now = monotonic()
    waiting = [
        (actor, taken)
        for actor in map(Actor.worker, Practice.objects.values_list("pk", flat=True))
        for taken in withdrawals(actor)
        if _again_at.get(taken.pk, now) <= now
    ]
    for actor, taken in waiting:
        _carry_out(actor, taken)
    return len(waiting)


def _carry_out(actor: Actor, taken: Consent) -> None:
    # A yes taken back reaches every session; a no or a "not today" said in one reaches that one.
    only = 0 if taken.answer == YES else taken.session_id
    done = [_is_taken_back(actor, session) for session in unsigned_of(actor, taken.client, session_id=only)]
    if all(done):
        carried_out(actor, taken)
        _again_at.pop(taken.pk, None)
    else:
        _again_at[taken.pk] = monotonic() + AGAIN_S


def _is_taken_back(actor: Actor, session: Session) -> bool:
    """Whether nothing heard in the session is left; the others are looked at whatever is in the way in this one."""
    try:
        if take_back_heard(actor, session):
            destroy_draft(actor, session)
            heard_is_gone(actor, session)
            log("consent.carried_out", session=session.pk)
        forget_ahead(session.around())
    except PASSING:
        raise  # the same for every session: the next round tries again
    except HoldspaceError as error:
        log("consent.not_carried_out", session=session.pk, code=error.code)
        return False
    return True


def carry_out_until(stop: Event) -> None:
    """Look for what was taken back or switched off until told to stop; a locked practice is waited for."""
    watch = Watch()
    while not stop.wait(EVERY_S):
        one_round(lambda: (carry_out(), watch.round()), log)


def start_keeper(stop: Event) -> Thread:
    """Carry out beside the web server, whatever the engines are busy with."""
    thread = Thread(target=carry_out_until, args=(stop,), name="holdspace-consent", daemon=True)
    thread.start()
    return thread
