"""Joining codes: sixteen letters that are read aloud or copied, used once. Only their hash is kept."""

import hashlib
import secrets

from django.utils import timezone

from holdspace.access.spoken_code import CODE_LETTERS, plain_code
from holdspace.access.throttle import Throttle
from holdspace.people.models import JoiningCode

LENGTH, GROUP = 16, 4
"""78 bits."""
GUESSES = Throttle(most=30, every_s=60.0)


def new_joining_code() -> str:
    """A code nobody can guess, in groups of four."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def sha256_of(typed: str) -> str:
    """The hash of a code, however it was typed."""
    return hashlib.sha256(plain_code(typed).encode()).hexdigest()


def behind(typed: str) -> JoiningCode | None:
    """The code that opens now, or None. Whoever tries many is slowed down. Raises TooMany."""
    GUESSES.check()
    found = JoiningCode.objects.select_related("user__practice").filter(
        sha256=sha256_of(typed), used_at=None, until__gt=timezone.now(), user__is_active=True
    )
    code = found.first()
    if code is None:
        GUESSES.count()
    return code
