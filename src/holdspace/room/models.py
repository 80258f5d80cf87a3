"""A session under way or over: what she jotted, what was heard, and the run that makes a draft of it."""

from dataclasses import replace
from hmac import compare_digest

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.access.spoken_code import CODE_LENGTH
from holdspace.assist.rules import Around
from holdspace.people.models import Client, Clinician
from holdspace.room.rules import CAPTURING, DICTATION, GOING, LIVE, QUEUED
from holdspace.schedule.models import Appointment
from holdspace.vault.fields import Encrypted, Row


class Session(Row):
    """What happens in an appointment. `is_closed` once its note is signed: nothing about it changes any more.

    `heard_at`: since when something is heard of it. It outlives what was heard, so that a yes taken back later still
    finds the draft made from it, and is None again once both are gone.
    """

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="session")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sessions")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="sessions")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    jottings = Encrypted(purpose="jottings", blank=True)
    is_closed = models.BooleanField(default=False)
    heard_at = models.DateTimeField(null=True)

    def whereabouts(self) -> Whereabouts:
        """With the clinician who holds it."""
        return Whereabouts(
            "session", self.pk, self.clinician.practice_id, self.clinician_id, client_id=self.client_id
        )

    def around(self) -> Around:
        """Whom the AI switches are asked about."""
        return Around(self.clinician.practice_id, self.clinician_id, self.client_id, self.pk)


class HeardSession(Row):
    """A session's transcript, sealed under the session's own key (vault.session_keys)."""

    SOURCES = ("recording", "transcript")

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="heard")
    source = models.CharField(max_length=12, choices=[(s, s) for s in SOURCES])
    turn_count = models.PositiveIntegerField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)


class Capture(Row):
    """A session being heard as it happens. `heard` seconds of it are understood and kept; `place` names the process
    that has the sound since, which no other has. `strikes` counts how often hearing began anew, because minutes were
    taken out or seconds were `lost`: gone with a reloaded page and a server that died together. `total` is how many
    there are, once the page has ended; `code` shows the client what is happening, who may ask for a pause.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="captures")
    mode = models.CharField(max_length=9)
    state = models.CharField(max_length=8, default=LIVE)
    note_format = models.CharField(max_length=10, blank=True)
    token = models.CharField(max_length=64)
    place = models.CharField(max_length=40)
    heard = models.PositiveIntegerField(default=0)
    strikes = models.PositiveSmallIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, null=True)  # noqa: DJ001  # none is not ""
    is_pause_asked = models.BooleanField(default=False)
    began_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(auto_now_add=True)
    ended_why = models.CharField(max_length=40, blank=True)
    missed = 0
    """Seconds of which nothing was heard before it went on; said once to the page that goes on, and not kept here."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(state__in=CAPTURING),
                name="one_capture_at_a_time",
            )
        ]

    def is_heard_by(self, token: str) -> bool:
        """Whether the browser with this token hears it. How long the answer takes tells nothing of the token."""
        return compare_digest(self.token.encode(), token.encode())

    @property
    def is_dictation(self) -> bool:
        """Whether only the therapist speaks, for herself."""
        return self.mode == DICTATION

    def whereabouts(self) -> Whereabouts:
        """With the session."""
        where = self.session.whereabouts()
        return replace(where, kind="capture", id=self.pk)


class HeardPiece(Row):
    """A stretch of speech as it was understood, sealed under the session's own key the moment it was."""

    capture = models.ForeignKey(Capture, on_delete=models.CASCADE, related_name="pieces")
    start_s = models.FloatField()
    end_s = models.FloatField()
    sealed = models.BinaryField()


class DraftRun(Row):
    """One attempt to hear or to draft. A row the page polls and the worker picks up.

    `place` names the process that holds a recording in memory; only it can hear it. `renews`: a draft she may have
    worked on is drafted again, because who said what was corrected.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=5)
    renews = models.BooleanField(default=False)
    note_format = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, default=QUEUED)
    step = models.CharField(max_length=80, blank=True)
    fraction = models.FloatField(default=0.0)
    tries = models.PositiveSmallIntegerField(default=0)
    place = models.CharField(max_length=40, blank=True)
    task_id = models.CharField(max_length=40, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_what = models.CharField(max_length=300, blank=True)
    error_kept = models.CharField(max_length=300, blank=True)
    error_then = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(state__in=GOING), name="one_run_at_a_time"
            )
        ]

    @property
    def is_going(self) -> bool:
        """Whether it still waits or works."""
        return self.state in GOING

    def whereabouts(self) -> Whereabouts:
        """With the session."""
        where = self.session.whereabouts()
        return replace(where, kind="run", id=self.pk)
