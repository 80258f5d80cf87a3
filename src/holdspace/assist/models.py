"""Switches over AI, the ledger of every use, and what a clinician corrected of her voice profile."""

from django.db import models

from holdspace.people.models import Clinician, Practice
from holdspace.vault import whose
from holdspace.vault.fields import Encrypted, Row


class Switch(Row):
    """One switch at one level. `about_id` is the practice, clinician, client or session it is about.

    `set_by` is the user who set it last; None where it was no person's doing.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="switches")
    level = models.CharField(max_length=10)
    about_id = models.BigIntegerField()
    name = models.CharField(max_length=30)
    is_on = models.BooleanField()
    set_by = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "about_id", "name"], name="one_switch")]


class AiUse(Row):
    """The AI ledger: which model, by its hash, was used for what, in which session. Never what it was given.

    `given` names the kinds of what it was given ("sound", "jottings"), `user_id` is None where the worker used it.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="ai_uses")
    session_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=30)
    model = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    given = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class VoiceProfile(Row):
    """What she corrected of the voice learnt from her notes, as JSON by habit, and since when notes count.

    The voice itself is kept nowhere: it is counted anew from her signed notes for every draft.
    """

    clinician = models.OneToOneField(Clinician, on_delete=models.PROTECT, related_name="voice")
    belongs_to = whose.practice("clinician__practice_id")
    corrections = Encrypted(purpose="voice", blank=True)
    learns_from = models.DateTimeField(null=True)


class SpeakingVoice(Row):
    """Her voice as the numbers of a voice reader, so that one microphone tells her from her client. Never sound."""

    clinician = models.OneToOneField(Clinician, on_delete=models.PROTECT, related_name="speaking_voice")
    belongs_to = whose.voice("clinician_id")
    numbers = Encrypted(purpose="speaking voice")
    given_at = models.DateTimeField(auto_now=True)
