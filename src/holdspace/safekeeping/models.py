"""What the practice keeps for how long, records held back, nights, and backups. No clinical words in any of it."""

from datetime import datetime

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.people.models import Client, Practice
from holdspace.safekeeping.rules import ASKED, GOING, LONGEST_NIGHT, SILENCE
from holdspace.vault.fields import Encrypted, Row


class Retention(Row):
    """What the practice decided to keep for how long. Rows are added, never changed; the newest counts."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="retentions")
    transcript_days = models.PositiveSmallIntegerField()
    draft_days = models.PositiveSmallIntegerField()
    voice_months = models.PositiveSmallIntegerField()
    log_years = models.PositiveSmallIntegerField()
    record_years_more = models.PositiveSmallIntegerField()
    backups_kept = models.PositiveSmallIntegerField()
    drill_days = models.PositiveSmallIntegerField()
    records_by_themselves = models.BooleanField()
    backs_up_nightly = models.BooleanField()
    made_at = models.DateTimeField(auto_now_add=True)


class Hold(Row):
    """A client's record that is not destroyed, whatever its time: a complaint, a lawsuit, a request is open."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="hold")
    reason = Encrypted(purpose="hold", blank=True)
    since = models.DateTimeField(auto_now_add=True)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return self.client.whereabouts()


class Night(Row):
    """One night's work: the day it was for, and what it did. One process does it."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="nights")
    day = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)
    let_go = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "day"], name="one_night_a_day")]

    def is_lost(self, now: datetime) -> bool:
        """Whether its process is gone: begun long ago, or under a clock that was ahead, and not ended."""
        return self.ended_at is None and abs(now - self.began_at) > LONGEST_NIGHT

    def whereabouts(self) -> Whereabouts:
        """In the practice."""
        return Whereabouts("night", self.pk, self.practice_id)


class ClockSaid(Row):
    """The owner said that the machine's clock is right though a later time had been seen. The newest counts.

    What was written before, up to this entry of the log and this certificate, no longer says how late it is.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clock_said")
    at = models.DateTimeField()
    seen = models.DateTimeField()
    entry = models.BigIntegerField()
    certificate = models.BigIntegerField()


class SafeRun(Row):
    """A backup, or the trial of one: asked for, going, done or failed. A row the page polls."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="safe_runs")
    kind = models.CharField(max_length=6)
    state = models.CharField(max_length=6, default=ASKED)
    step = models.CharField(max_length=80, blank=True)
    fraction = models.FloatField(default=0.0)
    asked_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=80, blank=True)
    backup_of = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    clients = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_what = models.CharField(max_length=300, blank=True)
    error_kept = models.CharField(max_length=300, blank=True)
    error_then = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(state__in=("asked", "going")),
                name="one_safe_run_of_a_kind",
            )
        ]

    @staticmethod
    def lost(now: datetime) -> models.Q:
        """Those that go on by their state and say nothing, or said it under a clock that was ahead."""
        says_nothing = models.Q(heartbeat_at__lt=now - SILENCE) | models.Q(heartbeat_at__gt=now + SILENCE)
        return models.Q(state=GOING) & says_nothing

    @property
    def is_going(self) -> bool:
        """Whether it still waits or works."""
        return self.state in (ASKED, GOING)

    @property
    def said(self) -> str:
        """What happens now."""
        return self.step or "Waiting to begin"

    @property
    def percent(self) -> int:
        """How much of this step is done."""
        return round(100 * self.fraction)

    def whereabouts(self) -> Whereabouts:
        """In the practice."""
        return Whereabouts("backup", self.pk, self.practice_id)
