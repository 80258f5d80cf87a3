"""Decisions about keeping and destroying, on plain values: bounds, due dates, and a clock that may be wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from holdspace.errors import BadInput

BOUNDS = {
    "transcript_days": (1, 7),
    "draft_days": (7, 90),
    "voice_months": (1, 24),
    "log_years": (6, 20),
    "record_years_more": (0, 30),
    "backups_kept": (2, 60),
    "drill_days": (7, 90),
}
"""The least and the most a practice may choose. The log's least is 45 CFR 164.316(b)(2)(i)."""
ADULT = 18
MONTH = timedelta(days=30)

ASKED, GOING, DONE, FAILED = "asked", "going", "done", "failed"
BACKUP, DRILL = "backup", "drill"
SILENCE = timedelta(minutes=2)
"""A backup or a trial that says nothing for this long, or said it in a time to come, was left by its process; it is
done anew."""
NIGHT_BEGINS = 2
"""The hour, on the practice's own clock, from which a night's work is done."""
LONGEST_HEARD = timedelta(days=BOUNDS["transcript_days"][1] - 1)
"""What was heard goes from here on at the latest: there is one night a day, and none may find it older than a week."""
LONGEST_NIGHT = timedelta(hours=1)
"""A night's work that was begun so long ago, or so far ahead, and has not ended lost its process; it is done once
more."""
SET_BACK = timedelta(minutes=5)
"""A clock this far before the newest thing in the log was set back."""
CLOCK_SET_BACK = "clock-set-back"
SHOWN_FOR = timedelta(minutes=30)
"""For how long a page that shows the clock may be answered."""
LONG_GAP = timedelta(days=32)
"""After so long without a night's work, the first night destroys no record and no log: the clock may have jumped."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a practice keeps for how long. The defaults are a new practice's."""

    transcript_days: int = 7
    draft_days: int = 30
    voice_months: int = 12
    log_years: int = 10
    record_years_more: int = 0
    backups_kept: int = 14
    drill_days: int = 30
    records_by_themselves: bool = False
    backs_up_nightly: bool = True


def checked(kept: Kept) -> Kept:
    """The same, when each value lies within its bounds. Raises BadInput naming the one that does not."""
    for field in fields(kept):
        if field.name in BOUNDS:
            least, most = BOUNDS[field.name]
            if not least <= getattr(kept, field.name) <= most:
                words = field.name.replace("_", " ")
                raise BadInput(
                    f"{words.capitalize()}: between {least} and {most}.", then="Choose another number."
                )
    return kept


@dataclass(frozen=True, slots=True)
class Until:
    """How long a record is kept, and why."""

    day: date
    law: str


def keep_until(
    *, first: date, last: date, born: date | None, laws: Iterable[tuple[int, str, int, str]], more: int
) -> Until:
    """Until when a client's record is kept: the latest day any of the laws asks for, and so many years more.

    A law is (years for adults, where it says so, age until which a minor's is kept, where it says so). Somebody whose
    birth nobody entered is taken for a child born on the day of the first contact, which is the longest there can be.
    """
    born = born or first
    was_minor = first < years_after(born, ADULT)
    found = []
    for adult_years, adult_law, minor_age, minor_law in laws:
        found.append(Until(years_after(last, adult_years), adult_law))
        if was_minor:
            found.append(Until(years_after(born, minor_age), minor_law))
    longest = max(found, key=lambda until: until.day)
    return Until(years_after(longest.day, more), longest.law)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def is_set_back(now: datetime, newest: datetime | None) -> bool:
    """Whether the clock shows a time before what was written already."""
    return newest is not None and now < newest - SET_BACK


def may_be_wrong(now: datetime, last_night: datetime | None) -> bool:
    """Whether so much time is said to have passed that the clock may have jumped."""
    return last_night is not None and now - last_night > LONG_GAP


def is_night(local: datetime) -> bool:
    """Whether the hour of this day's work has come."""
    return local.hour >= NIGHT_BEGINS
