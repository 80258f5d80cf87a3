"""Runs of the proof: who asked for one, how far it is, what it found."""

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.people.models import Practice
from holdspace.proof.rules import GOING, QUEUED
from holdspace.vault.fields import Row


class ProofRun(Row):
    """One run. `report` is the JSON that is handed out, byte for byte, and `sha256` its fingerprint.

    No client is in it.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="proof_runs")
    user_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default=QUEUED)
    step = models.CharField(max_length=200, blank=True)
    fraction = models.FloatField(default=0.0)
    made_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error_what = models.CharField(max_length=300, blank=True)
    error_then = models.CharField(max_length=300, blank=True)
    report = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(state__in=GOING), name="one_proof_at_a_time"
            )
        ]

    @property
    def is_going(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in GOING

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return round(100 * self.fraction)

    def whereabouts(self) -> Whereabouts:
        """In the practice."""
        return Whereabouts("proof", self.pk, self.practice_id)
