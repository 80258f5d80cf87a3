"""Hosts allowed by name, the agreements behind them, and what was sent. Rows are added and ended, never removed."""

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.people.models import Practice, User
from holdspace.vault import whose
from holdspace.vault.fields import Encrypted, Row


class AllowedHost(Row):
    """A host somebody allowed: what for, why, who and when. `is_ours`: it stands in the practice's own network."""

    belongs_to = whose.practice("practice_id")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="allowed_hosts")
    host = models.CharField(max_length=260)
    purpose = models.CharField(max_length=20)
    reason = Encrypted(purpose="practice")
    is_ours = models.BooleanField(default=False)
    allowed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "host", "purpose"],
                condition=models.Q(ended_at=None),
                name="one_allowance",
            )
        ]

    def whereabouts(self) -> Whereabouts:
        """In the practice."""
        return Whereabouts("host", self.pk, self.practice_id)


class Agreement(Row):
    """A signed agreement somebody ticked: with which party, of which kind and day, and who says so."""

    allowed = models.OneToOneField(AllowedHost, on_delete=models.PROTECT, related_name="agreement")
    party = models.CharField(max_length=160)
    kind = models.CharField(max_length=10)
    signed_on = models.DateField()
    ticked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField(auto_now_add=True)


class Sent(Row):
    """One request that left: to which host, what for, how much, how much was replaced before. Never what it said."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="sent")
    host = models.CharField(max_length=260)
    purpose = models.CharField(max_length=20)
    session_id = models.BigIntegerField(default=0)
    words = models.PositiveIntegerField()
    replaced = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
