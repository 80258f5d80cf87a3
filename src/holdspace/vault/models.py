"""Keys inside the database, each wrapped by a generation that lives outside it, and what was destroyed.

A generation's key is a file beside the database (`generations.py`); here is only its name. With the file gone, every
copy of a wrapped key, in a backup or in a page of the disk, is noise.
"""

from django.db import models
from django.utils import timezone

from holdspace.vault.rows import Row


class Generation(models.Model):
    """One generation key, by name. Locked while keys are added to it or moved out of it."""

    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, default="day")
    is_open = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)


class RecordKey(Row):
    """The key of one client, of the practice, of one voice (vault.whose). Its row goes when it must.

    `key_id` is what a certificate and the list of what was destroyed call it; it tells nothing.
    """

    kind = models.CharField(max_length=10)
    owner_id = models.BigIntegerField()
    key_id = models.CharField(max_length=24, unique=True)
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="record_keys")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "owner_id"], name="one_key_of_each")]


class SessionKey(Row):
    """A key of one session: of what was heard, or of its draft. It opens with the client's key and the generation's."""

    session_id = models.BigIntegerField()
    client_id = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=10, default="heard")
    key_id = models.CharField(max_length=24, default="")
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="session_keys")
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session_id", "kind"], name="one_key_of_a_session")]


class Destruction(models.Model):
    """A key that is gone: whose it was, when, under which rule. Its number is the certificate's. Never changed.

    `owner_id` is the session's for what was heard and for a draft. `law` is the rule's source where it has one.
    """

    id = models.BigAutoField(primary_key=True)
    key_id = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=10)
    owner_id = models.BigIntegerField()
    at = models.DateTimeField()
    rule = models.CharField(max_length=20)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "owner_id"], name="whose_was_destroyed")]


class BringingOver(models.Model):
    """How far values of the first version are brought under keys of their own (vault.bring_over). One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    model = models.CharField(max_length=100, blank=True)
    last_id = models.BigIntegerField(default=0)
    is_done = models.BooleanField(default=False)
