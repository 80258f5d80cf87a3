"""The clock was ahead for a night and is right now: the owner says so, and nights destroy by age again."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.models import SpeakingVoice
from holdspace.audit.check import check_log
from holdspace.audit.models import Entry
from holdspace.consent.actions import set_practice_place
from holdspace.errors import BadInput, NotAllowed, Refused
from holdspace.room.queries import heard_from
from holdspace.safekeeping import queries
from holdspace.safekeeping.actions import (
    ClockSetBack,
    ask_backup,
    begin_night,
    claim,
    confirm_clock,
    destroy_record,
    set_retention,
)
from holdspace.safekeeping.models import ClockSaid, Night, SafeRun
from holdspace.safekeeping.rules import BACKUP, CLOCK_SET_BACK, DONE, DRILL
from holdspace.vault.models import Destruction, SessionKey
from holdspace.vault.whose import CLIENT
from holdspace.workflows.nightly import night
from tests.cast import Cast, heard, held
from tests.rooms.pages.conftest import SignIn
from tests.rooms.test_nightly import in_days, long_gone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("night_home")]
CLOCK = "/practice/safekeeping/clock/"
YEAR = timedelta(days=365)
REAL = timezone.now
Set = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """`clock(timedelta(days=365))` sets the machine's clock ahead by so much; nothing, and it is right."""
    return lambda ahead: monkeypatch.setattr(timezone, "now", lambda: REAL() + ahead)


@pytest.fixture
def was_ahead(cast: Cast, clock: Set) -> datetime:
    """A night of today, one a year ahead; then the clock is right. The time of the one ahead."""
    night(cast.worker)
    clock(YEAR)
    ahead = timezone.now()
    night(cast.worker)
    clock(timedelta(0))
    return ahead


def shown_on(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page)
    return found.group(1) if found else ""


def say_so(maya: Browser) -> None:
    shown = shown_on(maya.get(CLOCK).content.decode())
    assert maya.post(CLOCK, {"shown": shown}).status_code == 302


def test_the_owner_says_that_the_clock_is_right_and_nights_destroy_by_age_again(
    cast: Cast, as_: SignIn, was_ahead: datetime
) -> None:
    session, maya = heard(cast, held(cast)), as_("maya")
    SessionKey.objects.update(made_at=in_days(-8))
    held_up = night(cast.worker, now=in_days(1))
    assert held_up is not None
    held_up.refresh_from_db()
    assert (held_up.error_code, heard_from(cast.maya, session) is not None) == (CLOCK_SET_BACK, True)
    overview = maya.get("/practice/safekeeping/").content.decode()
    assert "clock was set back" in overview
    assert f'href="{CLOCK}"' in overview
    page = maya.get(CLOCK).content.decode()
    for moment in (timezone.now(), was_ahead):
        assert f"{moment.astimezone(ZoneInfo(cast.practice.zone)):%B %Y}" in page
    assert maya.post(CLOCK, {"shown": shown_on(page)}).status_code == 302
    overview = maya.get("/practice/safekeeping/").content.decode()
    assert "clock was set back" not in overview
    night(cast.worker, now=in_days(2))
    assert heard_from(cast.maya, session) is None
    (entry,) = Entry.objects.filter(verb="clock.confirm")
    assert (entry.user_id, entry.outcome) == (cast.maya.user_id, "done")
    assert check_log().is_whole


def test_nobody_but_the_owner_says_it(cast: Cast, as_: SignIn, was_ahead: datetime) -> None:
    for name in ("tom", "ada", "bo", "sam"):
        browser = as_(name)
        assert browser.get(CLOCK).status_code == 404
        assert browser.post(CLOCK, {"shown": timezone.now().isoformat()}).status_code == 404
    command_line = Actor.command_line(cast.practice.pk)
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.worker, cast.eve, command_line):
        with pytest.raises(NotAllowed):
            confirm_clock(actor, cast.practice, shown=timezone.now())
    assert not ClockSaid.objects.exists()
    seen = queries.latest_seen(cast.maya)
    assert seen is not None
    assert seen >= was_ahead
    refused = Entry.objects.filter(verb="clock.confirm", outcome="refused")
    assert refused.count() == 7


def test_under_a_clock_that_is_behind_nothing_there_is_nothing_to_say(
    cast: Cast, as_: SignIn, clock: Set
) -> None:
    clock(YEAR)
    with pytest.raises(Refused, match="No later time was seen"):
        confirm_clock(cast.maya, cast.practice, shown=timezone.now())
    clock(timedelta(0))
    maya = as_("maya")
    assert "No later time was seen" in maya.get(CLOCK).content.decode()


def test_she_says_it_of_the_time_she_was_shown(cast: Cast, was_ahead: datetime, clock: Set) -> None:
    shown = timezone.now()
    clock(timedelta(days=30))
    with pytest.raises(BadInput, match="not the time"):
        confirm_clock(cast.maya, cast.practice, shown=shown)
    clock(timedelta(0))
    assert confirm_clock(cast.maya, cast.practice, shown=shown).seen >= was_ahead


def test_what_is_not_due_by_the_present_date_stays_and_what_was_made_ahead_counts_as_of_today(
    cast: Cast, as_: SignIn, clock: Set, was_ahead: datetime
) -> None:
    clock(YEAR)
    session = heard(cast, held(cast))
    SessionKey.objects.filter(session_id=session.pk).update(made_at=timezone.now())
    SpeakingVoice.objects.create(clinician=cast.maya_clinician, numbers="[0.1]")
    clock(timedelta(0))
    recent = heard(cast, held(cast, cast.okafors))
    say_so(as_("maya"))
    night(cast.worker, now=in_days(1))
    assert heard_from(cast.maya, session) is not None
    assert heard_from(cast.tom, recent) is not None
    night(cast.worker, now=in_days(6.9))
    assert heard_from(cast.maya, session) is None
    assert SpeakingVoice.objects.get().given_at < timezone.now() < was_ahead


@pytest.mark.usefixtures("was_ahead")
def test_a_trial_of_a_day_to_come_keeps_none_from_being_due(cast: Cast, as_: SignIn, clock: Set) -> None:
    done = {"practice": cast.practice, "state": DONE}
    clock(YEAR)
    for kind in (BACKUP, DRILL):
        SafeRun.objects.create(kind=kind, ended_at=timezone.now(), **done)
    clock(timedelta(0))
    made = SafeRun.objects.create(kind=BACKUP, ended_at=timezone.now(), **done)
    assert not queries.drill_is_due(cast.worker, timezone.now())
    say_so(as_("maya"))
    assert queries.drill_is_due(cast.worker, timezone.now())
    assert queries.last_done(cast.maya, BACKUP) == made


def test_what_a_clock_ahead_left_going_counts_as_asked_for_now(
    cast: Cast, as_: SignIn, clock: Set, was_ahead: datetime
) -> None:
    clock(YEAR)
    left = ask_backup(cast.maya, cast.practice)
    claim(cast.worker, left)
    clock(timedelta(0))
    assert queries.waiting(cast.worker) == [left]
    say_so(as_("maya"))
    left.refresh_from_db()
    assert left.asked_at < timezone.now() < was_ahead


def test_a_night_begun_by_a_clock_that_was_hours_ahead_and_left_is_done_once_more(
    cast: Cast, clock: Set
) -> None:
    today = timezone.localdate()
    clock(timedelta(hours=5))
    assert begin_night(cast.worker, cast.practice, day=today)
    assert queries.night_is_done(cast.worker, today, timezone.now())
    clock(timedelta(0))
    assert not queries.night_is_done(cast.worker, today, timezone.now())


def test_a_clock_set_back_is_noticed_after_she_said_that_it_is_right(
    cast: Cast, as_: SignIn, clock: Set, was_ahead: datetime
) -> None:
    say_so(as_("maya"))
    assert not queries.clock_is_set_back(cast.maya, timezone.now())
    clock(-timedelta(days=1))
    assert queries.clock_is_set_back(cast.maya, timezone.now())
    with pytest.raises(ClockSetBack):
        destroy_record(cast.maya, long_gone(cast))
    clock(YEAR - timedelta(days=9))
    heard(cast, held(cast))
    clock(
        YEAR - timedelta(days=10)
    )  # before the time that no longer counts, which hides nothing written since
    assert timezone.now() < was_ahead
    assert queries.clock_is_set_back(cast.maya, timezone.now())


def by_themselves(cast: Cast) -> None:
    """Records go when their time is over, and one is."""
    set_practice_place(cast.maya, cast.practice, state="CA")
    set_retention(cast.maya, cast.practice, kept=replace(queries.kept(cast.maya), records_by_themselves=True))
    long_gone(cast)


def records_gone() -> int:
    return Destruction.objects.filter(kind=CLIENT).count()


def test_set_forward_again_its_first_night_is_still_one_after_a_long_gap(
    cast: Cast, as_: SignIn, clock: Set, was_ahead: datetime
) -> None:
    by_themselves(cast)
    say_so(as_("maya"))
    clock(YEAR + timedelta(days=5))  # five days after the night that was ahead, were it not struck
    assert timezone.now() - was_ahead < timedelta(days=6)
    night(cast.worker)
    assert records_gone() == 0
    clock(YEAR + timedelta(days=6))
    night(cast.worker)
    assert records_gone() == 1


@pytest.mark.usefixtures("was_ahead")
def test_nights_that_a_clock_held_up_are_no_nights_work(cast: Cast, as_: SignIn, clock: Set) -> None:
    by_themselves(cast)
    for day in range(1, 40):
        Night.objects.create(
            practice=cast.practice,
            day=in_days(day).date(),
            began_at=in_days(day),
            ended_at=in_days(day),
            error_code=CLOCK_SET_BACK,
        )
    clock(timedelta(days=41))
    say_so(as_("maya"))
    night(cast.worker)
    assert records_gone() == 0
    clock(timedelta(days=42))
    night(cast.worker)
    assert records_gone() == 1
