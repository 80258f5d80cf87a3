"""What is tried and undone: everything in the database as if it had never been, whatever was signed or planted in it.

A key file that was made meanwhile belongs to nobody once the transaction is undone; it is wiped.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from holdspace.vault.home import wipe
from holdspace.vault.models import Generation

_going: list[bool] = []


def is_going() -> bool:
    """Whether what is done now will be undone: nothing done now may be remembered for later."""
    return bool(_going)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is undone at the end."""
    inside: set[str] = set()
    _going.append(True)
    try:
        with transaction.atomic():
            try:
                yield
            finally:
                with suppress(DatabaseError):  # the transaction is broken already, and nothing will stay
                    inside = _names()
                transaction.set_rollback(True)
    finally:
        _going.pop()
        for name in inside - _names():
            for path in _home().glob(f"*/{name}.key"):
                wipe(path)


def _names() -> set[str]:
    return set(Generation.objects.values_list("name", flat=True))


def _home() -> Path:
    folder: Path = settings.CONFIG.home
    return folder
