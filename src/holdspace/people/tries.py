"""Failed tries at a door, counted in the database so that every process knows them, and the rest they lead to.

A door is a name somebody signs in with, whether or not anybody has it, or the codes of one person. Whoever sits at a
browser she has used before tries a door of its own: a stranger who fails on purpose cannot keep her out of there.
"""

import hmac
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from holdspace.errors import Refused
from holdspace.people.models import Tries, User
from holdspace.people.rules import (
    LONGEST_PAUSE_OF_A_CODE_S,
    LONGEST_PAUSE_S,
    MOST_TRIES_OF_A_CODE,
    pause_s,
)
from holdspace.vault.keys import DOORS, ring

KEPT = timedelta(days=7)


class Resting(Refused):
    """Too many failed tries: this door rests a while."""

    code = "resting"


def name_door(username: str, *, is_known: bool) -> str:
    """The door of a sign-in name. What was typed is not kept: people type passwords into the field of the name."""
    typed = username.strip().casefold().encode()
    digest = hmac.new(ring.key_for(DOORS), typed, "sha256").hexdigest()
    return f"{'known' if is_known else 'name'}/{digest}"


def code_door(user: User) -> str:
    """The door of the app's codes of one person."""
    return f"code/{user.pk}"


def recovery_door(user: User) -> str:
    """The door of the recovery codes of one person."""
    return f"recovery/{user.pk}"


def doors_of(user: User) -> list[str]:
    """Every door of one person: a stranger's first, then those at her own browser."""
    names = [name_door(user.username, is_known=is_known) for is_known in (False, True)]
    return [*names, code_door(user), recovery_door(user)]


def check(door: str) -> None:
    """Raise Resting while the door rests."""
    found = Tries.objects.filter(door=door).first()
    if found is None:
        return
    if door.startswith("code/") and found.count >= MOST_TRIES_OF_A_CODE:
        raise Resting(
            "Too many wrong codes. The app’s codes open nothing now.",
            then="Use a passkey or a recovery code.",
        )
    left = found.rests_until - timezone.now() if found.rests_until else timedelta()
    if timedelta() < left <= _pause(door, found.count):  # longer ones were begun under a clock that was ahead
        raise Resting("Too many tries.", then="Wait a few minutes and try again.")


def failed(door: str) -> None:
    """One more failed try."""
    now = timezone.now()
    _begin(door)
    Tries.objects.filter(door=door).update(count=F("count") + 1, at=now)
    count = Tries.objects.values_list("count", flat=True).get(door=door)
    if pause := _pause(door, count):
        Tries.objects.filter(door=door).update(rests_until=now + pause)


def passed(*doors: str) -> int:
    """Somebody came in there: what failed before is forgotten. How many tries that was."""
    rows = Tries.objects.filter(door__in=doors)
    count = sum(rows.values_list("count", flat=True))
    rows.delete()
    return count


def _pause(door: str, count: int) -> timedelta:
    """How long a door rests after so many failed tries."""
    longest = LONGEST_PAUSE_OF_A_CODE_S if door.startswith("code/") else LONGEST_PAUSE_S
    return timedelta(seconds=pause_s(count, longest))


def _begin(door: str) -> None:
    if Tries.objects.filter(door=door).exists():
        return
    Tries.objects.filter(at__lt=timezone.now() - KEPT).exclude(door__startswith="code/").delete()
    try:
        with transaction.atomic():
            Tries.objects.create(door=door, at=timezone.now())
    except IntegrityError:  # the same door, tried twice in the same moment
        return
