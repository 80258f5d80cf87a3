"""Notices: what a person must have seen stays on her Today page until she says she has."""

from collections.abc import Iterable

from django.utils import timezone

from holdspace.people.models import Emergency, Notice, User

EMERGENCY, CODE_USED, FACTOR_ADDED, FACTORS_RESET, NEW_CODE, TRIES = (
    "emergency",
    "code used",
    "factor added",
    "factors reset",
    "new code",
    "tries",
)


def tell(users: Iterable[User], kind: str, emergency: Emergency | None = None) -> None:
    """Leave a notice for each of them."""
    now = timezone.now()
    Notice.objects.bulk_create(Notice(user=user, kind=kind, emergency=emergency, at=now) for user in users)


def owners(practice_id: int) -> list[User]:
    """Everyone who owns the practice and is there."""
    return list(User.objects.filter(practice_id=practice_id, role="owner", is_active=True).order_by("name"))
