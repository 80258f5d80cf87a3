"""Writes the hash-chained log: an entry changed, taken out or put in breaks the chain from there on.

The end of the chain is signed with a key derived from the practice's, so whoever can write to the database but not open
the practice cannot close a chain again that was broken. audit/check.py reads it.
"""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from holdspace.audit import heads
from holdspace.audit.models import ChainEnd, Entry


def record(*, verb: str, user_id: int | None, role: str, kind: str, subject_id: int, outcome: str) -> None:
    """Add an entry, in the caller's transaction where there is one. Raises Locked while the practice is not open."""
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
        end.signature = heads.signed_end(end.number, end.sha256)
        end.save(update_fields=["number", "sha256", "signature"])


def hash_of(entry: Entry) -> str:
    """SHA-256 of an entry and of the one before it. `check.AS_WRITTEN` builds the same text inside the database."""
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
