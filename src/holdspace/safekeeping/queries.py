"""Reads of what is kept for how long, what is due, what was destroyed, and how the backups stand."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.access.sight import one, within
from holdspace.assist.models import SpeakingVoice
from holdspace.audit.models import Entry
from holdspace.chart.models import Addendum, ProgressNote, Signature
from holdspace.consent.law import State
from holdspace.consent.queries import place_of, practice_place
from holdspace.people.models import Client, Practice
from holdspace.people.queries import practice, practice_for
from holdspace.room.models import Session
from holdspace.safekeeping.law import Least, least_of
from holdspace.safekeeping.models import ClockSaid, Hold, Night, Retention, SafeRun
from holdspace.safekeeping.rules import (
    ASKED,
    BACKUP,
    CLOCK_SET_BACK,
    DONE,
    DRILL,
    GOING,
    LONGEST_HEARD,
    MONTH,
    Kept,
    Until,
    is_set_back,
    keep_until,
)
from holdspace.schedule.models import Appointment
from holdspace.vault.models import Destruction, SessionKey
from holdspace.vault.record_keys import readable
from holdspace.vault.whose import DRAFT, HEARD, INDEX

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a session, or its draft, and when it goes."""

    session: Session
    kind: str
    goes_at: datetime


@dataclass(frozen=True, slots=True)
class RecordUntil:
    """A client's record, until when it is kept, under which law, and whether it is held back."""

    client: Client
    until: Until
    last: date
    has_birth_date: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class _Asks:
    """What the practice asks of every record: its days, its state's law, and how many years more."""

    zone: ZoneInfo
    place: State
    years_more: int


Certified = Destruction
"""Something destroyed, for those who show its certificate and touch no models."""


def practice_to_keep(actor: Actor) -> Practice:
    """The practice, for who decides what is kept."""
    return practice_for(actor, "retention.read")


def kept(actor: Actor) -> Kept:
    """What the practice keeps for how long now."""
    row = Retention.objects.filter(practice_id=actor.practice_id).order_by("-made_at").first()
    if row is None:
        return Kept()
    return Kept(**{field.name: getattr(row, field.name) for field in fields(Kept)})


def kept_since(actor: Actor) -> datetime | None:
    """Since when; None where the practice never changed what a new one has."""
    found: datetime | None = Retention.objects.filter(practice_id=actor.practice_id).aggregate(
        at=Max("made_at")
    )["at"]
    return found


def heard_and_drafted(actor: Actor) -> list[Heard]:
    """Everything heard and every draft that is there, what goes first before the rest."""
    times = kept(actor)
    after = {
        HEARD: min(timedelta(days=times.transcript_days), LONGEST_HEARD),
        DRAFT: timedelta(days=times.draft_days),
    }
    keys = SessionKey.objects.filter(kind__in=after).order_by("made_at")
    sessions = _sessions(actor).in_bulk(keys.values_list("session_id", flat=True))
    found = [
        Heard(sessions[key.session_id], key.kind, key.made_at + after[key.kind])
        for key in keys
        if key.session_id in sessions
    ]
    return sorted(found, key=lambda heard: heard.goes_at)


def voices_due(actor: Actor, now: datetime) -> list[SpeakingVoice]:
    """Speaking voices whose time is over, and those of people who left."""
    too_old = now - kept(actor).voice_months * MONTH
    rows = within(
        actor,
        "voice.read",
        SpeakingVoice.objects.select_related("clinician__user"),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
    return [row for row in rows if row.given_at <= too_old or not row.clinician.user.is_active]


def log_due_before(actor: Actor, now: datetime) -> datetime:
    """The moment before which entries of the log have had their time."""
    return now - timedelta(days=round(365.25 * kept(actor).log_years))


def records_due(actor: Actor, now: datetime, *, within_days: int = 0) -> list[RecordUntil]:
    """Clients' records whose time is over by then, the longest overdue first."""
    if scope_of(actor, "record.destroy") == "-":
        return []
    asks, held = _asks(actor), set(Hold.objects.values_list("client_id", flat=True))
    day = now.astimezone(asks.zone).date() + timedelta(days=within_days)
    found = [_record_until(actor, client, asks, is_held=client.pk in held) for client in _clients(actor)]
    return sorted(
        (record for record in found if record.until.day <= day), key=lambda record: record.until.day
    )


def record_until(actor: Actor, client: Client) -> RecordUntil:
    """Until when one client's record is kept: as the client's state and the practice's ask, whichever is longer."""
    is_held = Hold.objects.filter(client=client).exists()
    return _record_until(actor, client, _asks(actor), is_held=is_held)


def is_empty(actor: Actor, client: Client) -> bool:
    """Whether nothing was ever kept of this client but who they are: entered by mistake."""
    del actor  # whoever has the client may know
    return not any(
        rows.exists()
        for rows in (
            Session.objects.filter(client=client),
            ProgressNote.objects.filter(client=client),
            client.consents.all(),
            client.diagnoses.all(),
            client.plans.all(),
        )
    )


def client_to_destroy(actor: Actor, client_id: int) -> Client:
    """A client whose record this person may let go."""
    return one(_clients(actor), client_id)


def holds(actor: Actor) -> list[Hold]:
    """Every record held back."""
    return list(Hold.objects.select_related("client").filter(client__in=_clients(actor)).order_by("since"))


def certificates(actor: Actor, *, before: int | None = None, at_most: int = AT_ONCE) -> list[Destruction]:
    """What was destroyed, the newest first. Raises NotAllowed."""
    practice_to_keep(actor)
    rows = _certificates().order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[:at_most])


def certificate(actor: Actor, number: int) -> Destruction:
    """One certificate. Raises NotAllowed."""
    practice_to_keep(actor)
    return one(_certificates(), number)


def session_of_certificate(actor: Actor, found: Destruction) -> Session | None:
    """The session whose transcript or draft it was, where it is known."""
    if found.kind not in (HEARD, DRAFT) or scope_of(actor, "retention.read") == "-":
        return None
    return Session.objects.select_related("clinician").filter(pk=found.owner_id).first()


def latest(actor: Actor, kind: str) -> SafeRun | None:
    """The backup, or the trial of one, that is going or was last."""
    rows = _runs(actor).filter(kind=kind).order_by("-asked_at")
    return rows.filter(state__in=(ASKED, GOING)).first() or rows.first()


def last_done(actor: Actor, kind: str) -> SafeRun | None:
    """The last one that ended well."""
    return _runs(actor).filter(kind=kind, state=DONE).order_by("-ended_at").first()


def waiting(actor: Actor) -> list[SafeRun]:
    """What was asked for and nobody does yet, and what its process left."""
    asked = _runs(actor).filter(state=ASKED)
    left = _runs(actor).filter(SafeRun.lost(timezone.now()))
    return list(asked.order_by("asked_at")) + list(left.order_by("asked_at"))


def last_night(actor: Actor) -> Night | None:
    """The last night whose work was begun, as far as the clock goes."""
    return _nights(actor).filter(began_at__lte=timezone.now()).order_by("-day").first()


def last_night_by_age(actor: Actor) -> Night | None:
    """The last night that no clock set back held up; where each was, the last, so that a long gap is still known."""
    nights = _nights(actor).filter(began_at__lte=timezone.now()).order_by("-day")
    return nights.exclude(error_code=CLOCK_SET_BACK).first() or nights.first()


def night_is_done(actor: Actor, day: date, now: datetime) -> bool:
    """Whether this day's work is done, or being done. Of this day alone: a clock may have been ahead, and set right."""
    found = _nights(actor).filter(day=day).first()
    return found is not None and not found.is_lost(now)


def drill_is_due(actor: Actor, now: datetime) -> bool:
    """Whether a backup has to be tried again."""
    last = last_done(actor, DRILL)
    days = timedelta(days=kept(actor).drill_days)
    return last_done(actor, BACKUP) is not None and (last is None or (last.ended_at or now) <= now - days)


def clock_is_set_back(actor: Actor, now: datetime) -> bool:
    """Whether the clock shows a time before what the log and the certificates say was written already."""
    return is_set_back(now, latest_seen(actor))


def latest_seen(actor: Actor) -> datetime | None:
    """The latest time that was written down; since the owner last said that the clock is right, if she ever did."""
    del actor  # the same for everyone
    entries, gone = Entry.objects.all(), Destruction.objects.all()
    said = ClockSaid.objects.order_by("-entry").first()
    if said is not None:
        entries, gone = entries.filter(number__gt=said.entry), gone.filter(pk__gt=said.certificate)
    newest = [
        entries.aggregate(at=Max("at"))["at"],
        gone.aggregate(at=Max("at"))["at"],
        Night.objects.aggregate(at=Max("began_at"))["at"],
    ]
    return max((moment for moment in newest if moment is not None), default=None)


def folder(actor: Actor) -> str:
    """Where backups go, for whoever may read of them."""
    return str(settings.CONFIG.backups) if scope_of(actor, "retention.read") != "-" else ""


def _certificates() -> QuerySet[Destruction]:
    """Not of the marks by which names are found: they are made anew whenever a record goes, and tell of nothing."""
    return Destruction.objects.exclude(kind=INDEX)


def _asks(actor: Actor) -> _Asks:
    return _Asks(ZoneInfo(practice(actor).zone), practice_place(actor), kept(actor).record_years_more)


def _record_until(actor: Actor, client: Client, asks: _Asks, *, is_held: bool) -> RecordUntil:
    first, last = _contacts(client, asks.zone)
    born = date.fromisoformat(client.birth_date) if client.birth_date else None
    laws = [_as_law(least_of(state.code)) for state in {place_of(actor, client), asks.place}]
    until = keep_until(first=first, last=last, born=born, laws=laws, more=asks.years_more)
    return RecordUntil(client, until, last, born is not None, is_held)


def _contacts(client: Client, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day anything happened with a client; a booked time to come is the last."""
    moments: list[datetime] = [client.made_at]
    booked = Appointment.objects.filter(client=client, is_cancelled=False)
    sources: Iterable[Iterable[datetime]] = (
        booked.values_list("start", flat=True),
        booked.values_list("end", flat=True),
        Session.objects.filter(client=client).values_list("ended_at", flat=True),
        Signature.objects.filter(note__client=client).values_list("signed_at", flat=True),
        Addendum.objects.filter(note__client=client).values_list("at", flat=True),
    )
    for moments_of in sources:
        moments += moments_of
    return min(moments).astimezone(zone).date(), max(moments).astimezone(zone).date()


def _as_law(least: Least) -> tuple[int, str, int, str]:
    return (
        least.adult_years,
        f"{least.state}: {least.adult_years} years after the last contact ({least.adult_law})",
        least.minor_until_age,
        f"{least.state}: until the age of {least.minor_until_age} ({least.minor_law})",
    )


def _clients(actor: Actor) -> QuerySet[Client]:
    return within(
        actor,
        "record.destroy",
        Client.objects.select_related("practice"),
        practice="practice_id",
        clinician="clinician_id",
        client="pk",
    )


def _sessions(actor: Actor) -> QuerySet[Session]:
    rows = within(
        actor,
        "retention.read",
        Session.objects.select_related("clinician", "client"),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
    return readable(rows, "client_id")


def _nights(actor: Actor) -> QuerySet[Night]:
    return within(
        actor, "retention.read", Night.objects.all(), practice="practice_id", clinician="practice_id"
    )


def _runs(actor: Actor) -> QuerySet[SafeRun]:
    return within(
        actor, "retention.read", SafeRun.objects.all(), practice="practice_id", clinician="practice_id"
    )
