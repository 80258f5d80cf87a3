"""Switches over AI, the ledger of every use, and what a clinician corrected of her voice profile."""

from django.db import models

from holdspace.people.models import Clinician, Practice
from holdspace.vault.fields import Encrypted, Row


class Switch(Row):
    """One switch at one level. `about_id` is the practice, clinician, client or session it is about."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="switches")
    level = models.CharField(max_length=10)
    about_id = models.BigIntegerField()
    name = models.CharField(max_length=30)
    is_on = models.BooleanField()
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "about_id", "name"], name="one_switch")]


class AiUse(Row):
    """The AI ledger: which model, by its hash, was used for what, in which session. Never what it was given."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="ai_uses")
    session_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=30)
    model = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)


class VoiceProfile(Row):
    """What she corrected of the voice learnt from her notes, as JSON by habit, and since when notes count.

    The voice itself is kept nowhere: it is counted anew from her signed notes for every draft.
    """

    clinician = models.OneToOneField(Clinician, on_delete=models.PROTECT, related_name="voice")
    corrections = Encrypted(purpose="voice", blank=True)
    learns_from = models.DateTimeField(null=True)


class SpeakingVoice(Row):
    """Her voice as the numbers of a voice reader, so that one microphone tells her from her client. Never sound."""

    clinician = models.OneToOneField(Clinician, on_delete=models.PROTECT, related_name="speaking_voice")
    numbers = Encrypted(purpose="speaking voice")
    given_at = models.DateTimeField(auto_now=True)
