"""Decisions about time on plain values."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# CPT code, first and last minute of face-to-face psychotherapy (AMA CPT; RULES.md §2), our own wording.
PSYCHOTHERAPY = (("90832", 16, 37), ("90834", 38, 52), ("90837", 53, 24 * 60))
REMOTE = ("telehealth", "phone")
"""Settings in which they are not in one room: consent to that is asked."""
WORDING = {
    "90791": "Diagnostic evaluation",
    "90832": "Psychotherapy, 16–37 minutes",
    "90834": "Psychotherapy, 38–52 minutes",
    "90837": "Psychotherapy, 53 minutes or more",
    "90846": "Family psychotherapy, client not present",
    "90847": "Family or couple psychotherapy, client present",
    "90853": "Group psychotherapy",
}


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a day of the practice and the first after it, in UTC (days with a clock change included)."""
    here = ZoneInfo(zone)
    first = datetime.combine(day, time(), here)
    after = datetime.combine(day + timedelta(days=1), time(), here)
    return first.astimezone(UTC), after.astimezone(UTC)


def code_for(minutes: int, modality: str) -> str:
    """The CPT code the time supports, empty when it supports none (under 16 minutes is not billable)."""
    if modality in {"couple", "family"}:
        return "90847" if minutes >= 26 else ""
    if modality == "group":
        return "90853"
    return next((code for code, first, last in PSYCHOTHERAPY if first <= minutes <= last), "")
