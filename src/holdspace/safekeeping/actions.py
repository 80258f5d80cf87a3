"""Verbs of keeping, destroying and backing up."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.models import SpeakingVoice
from holdspace.audit.letting_go import let_go_before
from holdspace.audit.models import Entry
from holdspace.errors import BadInput, HoldspaceError, Refused, Unavailable
from holdspace.people import name_index
from holdspace.people.models import Client, Practice
from holdspace.room.models import Session
from holdspace.safekeeping.models import ClockSaid, Hold, Night, Retention, SafeRun
from holdspace.safekeeping.queries import (
    clock_is_set_back,
    is_empty,
    latest_seen,
    log_due_before,
    record_until,
)
from holdspace.safekeeping.rules import (
    ASKED,
    BACKUP,
    CLOCK_SET_BACK,
    DONE,
    DRILL,
    FAILED,
    GOING,
    SHOWN_FOR,
    Kept,
    checked,
    is_set_back,
)
from holdspace.vault import record_keys, session_keys
from holdspace.vault.models import Destruction
from holdspace.vault.reasons import ENTERED_BY_MISTAKE, LAW
from holdspace.vault.whose import CLIENT, Owner

_LEFT_BEHIND = Unavailable(
    "This was going on when the backup was made that the practice was restored from.",
    kept="The practice is as it was then.",
    then="Ask for it again.",
)


class TooEarly(Refused):
    """A record that the law still asks to keep, or that is held back."""

    code = "too-early"


class ClockSetBack(Refused):
    """The clock shows a time before what was written already; nothing is destroyed by it."""

    code = CLOCK_SET_BACK


class AlreadyAsked(Refused):
    """A backup, or the trial of one, is going on already."""

    code = "already-asked"


@action("retention.set")
def set_retention(actor: Actor, practice: Practice, *, kept: Kept) -> Retention:  # noqa: ARG001  # the gate reads it
    """Keep things for so long from now on. Raises BadInput outside the bounds."""
    return Retention.objects.create(practice=practice, **asdict(checked(kept)))


@action("clock.confirm")
def confirm_clock(actor: Actor, practice: Practice, *, shown: datetime) -> ClockSaid:
    """Take the clock's present time for right: a later one that was seen holds no destruction up any more.

    `shown` is the time she saw and says it of. What lies ahead of it counts as made now, and nights and backups of days
    to come are struck, so that the first night after a long gap is still known for one. Raises Refused where no later
    time was seen, BadInput where the clock is far from what it showed.
    """
    now, seen = timezone.now(), latest_seen(actor)
    if seen is None or not is_set_back(now, seen):
        raise Refused("No later time was seen than this clock shows.", then="Nothing waits because of it.")
    if abs(now - shown) > SHOWN_FOR:
        raise BadInput("This is not the time that you were shown.", then="Compare the one that is shown now.")
    Night.objects.filter(began_at__gt=now).delete()
    SafeRun.objects.filter(asked_at__gt=now, ended_at__isnull=False).delete()
    SafeRun.objects.filter(asked_at__gt=now).update(asked_at=now)
    SpeakingVoice.objects.filter(given_at__gt=now).update(given_at=now)
    session_keys.count_from(now)
    return ClockSaid.objects.create(
        practice=practice,
        at=now,
        seen=seen,
        entry=Entry.objects.aggregate(newest=Max("number"))["newest"] or 0,
        certificate=Destruction.objects.aggregate(newest=Max("pk"))["newest"] or 0,
    )


@action("record.destroy")
def destroy_record(actor: Actor, client: Client) -> list[Destruction]:
    """Make a client's record unreadable, everywhere within reach and for good.

    Raises TooEarly while the law asks to keep it or it is held back, ClockSetBack.
    """
    rule, law = _why(actor, client)
    if Session.objects.filter(client=client, is_closed=False).exists():
        raise TooEarly(
            "A session of this client is not signed yet.", then="Sign it, or let its draft go first."
        )
    owner = Owner(CLIENT, client.pk)
    gone = session_keys.destroy_of_client(client.pk, rule=rule, law=law)
    gone += record_keys.destroy([owner], rule=rule, law=law)
    name_index.forget()
    return gone


@action("record.hold")
def hold_record(actor: Actor, client: Client, *, reason: str) -> Hold:  # noqa: ARG001  # the gate reads the actor
    """Keep a record, whatever its time: a complaint, a lawsuit or a request is open."""
    words = " ".join(reason.split())
    if not words:
        raise BadInput("Say why it is held back.", then="A few words; they are encrypted like the record.")
    held = Hold.objects.filter(client=client).first() or Hold(client=client)
    held.reason = words[:300]
    held.save()
    return held


@action("record.hold")
def release_record(actor: Actor, client: Client) -> bool:  # noqa: ARG001  # the gate reads the actor
    """It is kept for its time and no longer. Whether it was held back."""
    return bool(Hold.objects.filter(client=client).delete()[0])


@action("log.let_go")
def let_log_go(actor: Actor, practice: Practice, *, now: datetime) -> int:  # noqa: ARG001  # the gate reads the actor
    """Let entries of the log go whose time is over. How many."""
    return let_go_before(log_due_before(actor, now))


@action("backup.make")
def ask_backup(actor: Actor, practice: Practice) -> SafeRun:  # noqa: ARG001  # the gate reads the actor
    """Ask for a backup; whoever works in the background makes it. Raises AlreadyAsked."""
    return _asked(practice, BACKUP)


@action("backup.try")
def ask_drill(actor: Actor, practice: Practice) -> SafeRun:  # noqa: ARG001  # the gate reads the actor
    """Ask for the newest backup to be tried. Raises AlreadyAsked."""
    return _asked(practice, DRILL)


@action("backup.restore")
def restored(actor: Actor, practice: Practice) -> None:  # noqa: ARG001  # the gate reads the actor
    """The practice was restored from a backup, here and now. What went on when that was made has no process here."""
    _end(SafeRun.objects.filter(practice=practice, state=GOING), _LEFT_BEHIND)


@action("backup.try")
def keep_trial(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    practice: Practice,
    *,
    file: str,
    backup_of: datetime,
    rows: int,
    clients: int,
    size: int,
) -> SafeRun:
    """Keep that a backup was tried on the command line, and opened."""
    now = timezone.now()
    return SafeRun.objects.create(
        practice=practice,
        kind=DRILL,
        state=DONE,
        fraction=1.0,
        ended_at=now,
        file=file[:80],
        backup_of=backup_of,
        rows=rows,
        clients=clients,
        size=size,
    )


@action("retention.night")
def claim(actor: Actor, run: SafeRun) -> bool:  # noqa: ARG001  # the gate reads the actor
    """Take a run to do it. False if somebody else took it first."""
    now = timezone.now()
    free = SafeRun.objects.filter(Q(state=ASKED) | SafeRun.lost(now), pk=run.pk)
    return bool(free.update(state=GOING, heartbeat_at=now))


@action("retention.night")
def finish(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    run: SafeRun,
    *,
    file: str,
    backup_of: datetime,
    rows: int,
    clients: int,
    size: int,
) -> None:
    """It ended well."""
    SafeRun.objects.filter(pk=run.pk).update(
        state=DONE,
        fraction=1.0,
        step="",
        ended_at=timezone.now(),
        file=file,
        backup_of=backup_of,
        rows=rows,
        clients=clients,
        size=size,
    )


@action("retention.night")
def fail(actor: Actor, run: SafeRun, *, error: HoldspaceError) -> None:  # noqa: ARG001  # the gate reads the actor
    """It ended with an error, which the page shows. Errors carry no clinical words."""
    _end(SafeRun.objects.filter(pk=run.pk), error)


@action("retention.night")
def begin_night(actor: Actor, practice: Practice, *, day: date) -> Night | None:  # noqa: ARG001
    """Take this day's work, or take it over from a process that is gone; None if another has it."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return Night.objects.create(practice=practice, day=day, began_at=now)
    except IntegrityError:
        begun = Night.objects.select_for_update().get(practice=practice, day=day)
        if not begun.is_lost(now):
            return None
        begun.began_at = now
        begun.save(update_fields=["began_at"])
        return begun


@action("retention.night")
def end_night(actor: Actor, night: Night, *, destroyed: int, let_go: int, error_code: str = "") -> None:  # noqa: ARG001
    """The night's work is done, or as much of it as could be."""
    Night.objects.filter(pk=night.pk).update(
        ended_at=timezone.now(), destroyed=destroyed, let_go=let_go, error_code=error_code
    )


def _why(actor: Actor, client: Client) -> tuple[str, str]:
    """The rule under which a record may go now. Raises TooEarly, ClockSetBack."""
    if Hold.objects.filter(client=client).exists():
        raise TooEarly("This record is held back.", then="Release it first, when nothing is open any more.")
    if is_empty(actor, client):
        return ENTERED_BY_MISTAKE, ""
    if clock_is_set_back(actor, timezone.now()):
        raise ClockSetBack(
            "This machine\u2019s clock was set back.",
            then="Set it right, or say under Safekeeping that it is right now.",
        )
    until = record_until(actor, client).until
    if until.day > timezone.localdate():
        raise TooEarly(f"The law asks to keep this record until {until.day:%-d %B %Y}.", then=f"{until.law}.")
    return LAW, until.law


def _end(runs: QuerySet[SafeRun], error: HoldspaceError) -> None:
    runs.update(
        state=FAILED,
        ended_at=timezone.now(),
        error_code=error.code,
        error_what=error.what[:300],
        error_kept=error.kept[:300],
        error_then=error.then[:300],
    )


def _asked(practice: Practice, kind: str) -> SafeRun:
    try:
        with transaction.atomic():
            return SafeRun.objects.create(practice=practice, kind=kind)
    except IntegrityError:
        raise AlreadyAsked("That is going on already.", then="Wait for it to end.") from None
