"""The night's work, once a day on the practice's own clock: what is due is destroyed, then a backup is made.

    what was heard ─▶ drafts ─▶ voices ─▶ records whose time is over ─▶ the log's oldest part
        ─▶ their keys leave the backups ─▶ names by mark, where they are needed ─▶ a backup ─▶ a trial, now and then

One process takes a day; each step may be done twice. With a clock that was set back nothing is destroyed by age until
the owner says that it is right (`safekeeping.actions.confirm_clock`), and after a long gap, in which the clock may have
jumped, neither records nor log are. What is destroyed stays so whatever the clock says later.
"""

from datetime import datetime
from threading import Event, Thread
from zoneinfo import ZoneInfo

from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.actions import forget_speaking_voice
from holdspace.audit.log import event_log
from holdspace.chart.actions import destroy_draft
from holdspace.errors import HoldspaceError, Unavailable
from holdspace.people import name_index, rotating
from holdspace.people.models import Client, Practice
from holdspace.people.opening import practices
from holdspace.people.queries import practice
from holdspace.room.actions.sessions import destroy_transcript
from holdspace.safekeeping.actions import (
    AlreadyAsked,
    ask_backup,
    ask_drill,
    begin_night,
    destroy_record,
    end_night,
    let_log_go,
)
from holdspace.safekeeping.models import Night
from holdspace.safekeeping.queries import (
    clock_is_set_back,
    drill_is_due,
    heard_and_drafted,
    kept,
    last_night_by_age,
    night_is_done,
    records_due,
    voices_due,
)
from holdspace.safekeeping.rules import CLOCK_SET_BACK, is_night, may_be_wrong
from holdspace.vault import backup, tombstones
from holdspace.vault.bring_over import bring_over
from holdspace.vault.generations import sweep
from holdspace.vault.reasons import AGE, LEFT
from holdspace.vault.record_keys import key_for_saving
from holdspace.vault.tombstones import LIST_OWNER
from holdspace.vault.whose import HEARD
from holdspace.workflows.backups import do_waiting
from holdspace.workflows.passing import one_round

log = event_log("nightly")

EVERY_S = 2.0
BRING_OVER_S = 1.0


def night(actor: Actor, *, now: datetime | None = None) -> Night | None:
    """Do this day's work, whatever the hour; None if it is done or another process has it."""
    now = now or timezone.now()
    held = practice(actor)
    before = last_night_by_age(actor)
    # Asked once, before anything is written: what a long night writes itself is later than the time it began with.
    is_set_back = clock_is_set_back(actor, now)
    begun = begin_night(actor, held, day=now.astimezone(ZoneInfo(held.zone)).date())
    if begun is None:
        return None
    log("night.begun", night=begun.pk)
    destroyed, let_go, codes = 0, 0, [CLOCK_SET_BACK] if is_set_back else []
    try:
        if not is_set_back:
            destroyed, let_go = destroy_what_is_due(actor, now, after=before)
    except (HoldspaceError, OSError) as error:  # whatever stands in the way of destroying, there is a backup
        codes.append(_broke(begun, error))
    try:
        put_in_order()
    except (HoldspaceError, OSError) as error:  # the backup's own row says whether it can be made
        codes.append(_broke(begun, error))
    if kept(actor).backs_up_nightly:
        _asked(actor, held, now)
    end_night(actor, begun, destroyed=destroyed, let_go=let_go, error_code=codes[0] if codes else "")
    log("night.ended", night=begun.pk, destroyed=destroyed)
    return begun


def destroy_what_is_due(actor: Actor, now: datetime, *, after: Night | None) -> tuple[int, int]:
    """Destroy what had its time. How many things, and how many entries of the log were let go."""
    destroyed = _heard_and_drafts(actor, now) + _voices(actor, now)
    if may_be_wrong(now, after.began_at if after else None):
        return destroyed, 0
    if kept(actor).records_by_themselves:
        destroyed += sum(
            _record(actor, record.client) for record in records_due(actor, now) if not record.is_held
        )
    return destroyed, let_log_go(actor, practice(actor), now=now)


def put_in_order() -> None:
    """Whatever a process that died left to do, and what follows from what was destroyed."""
    sweep()
    tombstones.catch_up(key_for_saving(LIST_OWNER))
    backup.scrub()
    if name_index.is_needed() and not name_index.is_complete():
        name_index.build()


def round_of(actor: Actor) -> None:
    """Look for what waits: a backup asked for, a rotation begun, an older practice to bring over, the night."""
    if rotating.is_asked():
        rotating.carry_out_asked()
    bring_over(within_s=BRING_OVER_S)
    do_waiting(actor)
    now = timezone.now()
    local = now.astimezone(ZoneInfo(practice(actor).zone))
    if is_night(local) and not night_is_done(actor, local.date(), now):
        night(actor, now=now)
    elif name_index.is_needed() and not name_index.is_complete():
        name_index.build()


def keep_safe_until(stop: Event) -> None:
    """Look every other second until told to stop; while the practice is locked, wait for its key."""
    scrubbed = 0

    def a_round() -> None:
        nonlocal scrubbed
        for held in practices():
            round_of(Actor.worker(held.pk))
        scrubbed = backup.scrub_since(scrubbed)  # what its certificate says of the backups is true in seconds

    while not stop.wait(EVERY_S):
        one_round(a_round, log)


def start_nights(stop: Event) -> Thread:
    """Keep safe beside the web server, in a thread of its own: a backup keeps no draft waiting."""
    thread = Thread(target=keep_safe_until, args=(stop,), name="holdspace-safekeeping", daemon=True)
    thread.start()
    return thread


def _broke(begun: Night, error: HoldspaceError | OSError) -> str:
    code = error.code if isinstance(error, HoldspaceError) else Unavailable.code
    log("night.broke", night=begun.pk, code=code)
    return code


def _heard_and_drafts(actor: Actor, now: datetime) -> int:
    destroyed = 0
    for due in heard_and_drafted(actor):
        if due.goes_at <= now:
            end = destroy_transcript if due.kind == HEARD else destroy_draft
            try:
                destroyed += end(actor, due.session, rule=AGE)
            except HoldspaceError as error:  # the others go all the same
                log("session.stays", code=error.code)
    return destroyed


def _voices(actor: Actor, now: datetime) -> int:
    return sum(forget_speaking_voice(actor, row.clinician, rule=LEFT) for row in voices_due(actor, now))


def _record(actor: Actor, client: Client) -> int:
    try:
        return bool(destroy_record(actor, client))
    except HoldspaceError as error:  # a session that is not signed: it is looked at again tomorrow
        log("record.stays", code=error.code)
        return 0


def _asked(actor: Actor, held: Practice, now: datetime) -> None:
    """Ask for tonight's backup, and for a trial when one is due; the keeper does them next."""
    try:
        ask_backup(actor, held)
        if drill_is_due(actor, now):
            ask_drill(actor, held)
    except AlreadyAsked:
        return
