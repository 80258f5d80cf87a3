"""Lets the oldest entries of the log go when their time is over (never before six years, 45 CFR 164.316(b)(2)(i)).

The chain then begins after the last of them, whose number and hash are signed: taking entries from the front without
that signature is found as it is anywhere else.
"""

from datetime import datetime

from django.db import transaction

from holdspace.audit import heads
from holdspace.audit.models import ChainEnd, ChainStart, Entry


def let_go_before(moment: datetime) -> int:
    """Take the entries from before `moment` out, up to the first that is younger. How many. The last entry stays."""
    with transaction.atomic():
        end = ChainEnd.objects.select_for_update().filter(pk=1).first()
        if end is None:
            return 0
        younger = (
            Entry.objects.filter(at__gte=moment).order_by("number").values_list("number", flat=True).first()
        )
        first_kept = min(younger or end.number, end.number)
        return let_go_through(first_kept - 1)


def let_go_through(number: int) -> int:
    """Take the entries up to and with this one out. How many."""
    with transaction.atomic():
        last = Entry.objects.filter(number=number).first()
        if last is None:
            return 0
        ChainStart.objects.update_or_create(
            pk=1,
            defaults={
                "number": last.number,
                "sha256": last.sha256,
                "signature": heads.signed_start(last.number, last.sha256),
            },
        )
        return Entry.objects.filter(number__lte=number).delete()[0]
