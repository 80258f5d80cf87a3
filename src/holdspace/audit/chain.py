"""Writes and checks the hash-chained log: an entry changed, taken out or put in breaks the chain from there on."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from holdspace.audit.models import ChainEnd, Entry


def record(*, verb: str, user_id: int | None, role: str, kind: str, subject_id: int, outcome: str) -> None:
    """Add an entry, in the caller's transaction where there is one."""
    with transaction.atomic():
        end, _ = ChainEnd.objects.select_for_update().get_or_create(pk=1)
        entry = Entry(
            number=end.number + 1,
            at=timezone.now(),
            user_id=user_id,
            role=role,
            verb=verb,
            kind=kind,
            subject_id=subject_id,
            outcome=outcome,
            previous=end.sha256,
        )
        entry.sha256 = hash_of(entry)
        entry.save(force_insert=True)
        end.number, end.sha256 = entry.number, entry.sha256
        end.save(update_fields=["number", "sha256"])


def hash_of(entry: Entry) -> str:
    """SHA-256 of an entry and of the one before it."""
    parts = [
        entry.number,
        entry.at.isoformat(),
        entry.user_id,
        entry.role,
        entry.verb,
        entry.kind,
        entry.subject_id,
        entry.outcome,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def first_break() -> int | None:
    """The number of the first entry that does not fit its chain, or None if all do."""
    previous, expected = "0" * 64, 1
    for entry in Entry.objects.order_by("number").iterator():
        if entry.number != expected or entry.previous != previous or entry.sha256 != hash_of(entry):
            return entry.number
        previous, expected = entry.sha256, expected + 1
    end = ChainEnd.objects.filter(pk=1).first()
    is_whole = end is None or (end.number, end.sha256) == (expected - 1, previous)
    return None if is_whole else expected
