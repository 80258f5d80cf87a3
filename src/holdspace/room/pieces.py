"""What a capture understood, kept the moment it was: sealed under the session's own key.

Not an action: it is one long act, begun and ended by hers, and an audit entry per sentence would drown the others.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from holdspace.room.models import Capture, HeardPiece
from holdspace.room.rules import CAPTURING, piece_identity
from holdspace.vault.envelope import seal, unseal
from holdspace.vault.fields import as_bytes
from holdspace.vault.session_keys import key_of, make_key


def keep(
    capture: Capture, pieces: Sequence[dict[str, Any]], *, heard: int, strikes: int | None = None
) -> bool:
    """Seal the pieces and say up to where everything is understood, together or not at all. Whether they are kept.

    With `strikes`, not where hearing began anew since an ear was given these seconds: they may have been struck.
    """
    with transaction.atomic():
        going = Capture.objects.select_for_update().filter(pk=capture.pk, state__in=CAPTURING)
        if not (going if strikes is None else going.filter(strikes=strikes)).exists():
            return False
        key = make_key(capture.session_id, capture.session.client_id) if pieces else b""
        for values in pieces:
            row = HeardPiece(capture=capture, start_s=values["span"][0], end_s=values["span"][1])
            row.sealed = seal(key, as_bytes(values), identity=piece_identity(row.pk))
            row.save()
        Capture.objects.filter(pk=capture.pk, heard__lt=heard).update(heard=heard)
    return True


def of_capture(capture: Capture) -> list[dict[str, Any]]:
    """The pieces of one capture, in order."""
    rows = HeardPiece.objects.filter(capture=capture).order_by("start_s")
    key = key_of(capture.session_id) if rows else b""
    return [json.loads(unseal(key, bytes(row.sealed), identity=piece_identity(row.pk))) for row in rows]


def told(capture_id: int) -> None:
    """The browser that captures is there."""
    Capture.objects.filter(pk=capture_id).update(told_at=timezone.now())
