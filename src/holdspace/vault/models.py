"""The keys of single sessions, and the names of the generations that wrap them.

A generation's key is a file outside the database and every backup (`generations.py`); here is only its name. With the
file gone, every copy of a wrapped key, in a backup or in a page of the disk, is noise.
"""

from django.db import models

from holdspace.vault.fields import Row


class Generation(models.Model):
    """One generation key, by name. Locked while keys are added to it or moved out of it."""

    name = models.CharField(max_length=40, unique=True)
    is_open = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)


class SessionKey(Row):
    """The key of one session's transcript and evidence, wrapped by its generation. Its row goes when it must."""

    session_id = models.BigIntegerField(unique=True)
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="keys")
    wrapped = models.BinaryField()
