"""The log of what was done, and the end of its chain."""

from django.db import models

NO_ENTRY = "0" * 64
"""What stands before the first entry."""


class Entry(models.Model):
    """One thing done or refused: ids and verbs only. Each carries the hash of the one before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    outcome = models.CharField(max_length=10)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)


class ChainEnd(models.Model):
    """The last entry's number and hash, signed. Its one row is locked while an entry is added: there is one chain."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default=NO_ENTRY)
    signature = models.CharField(max_length=100, default="")


class PastSigner(models.Model):
    """A key that signed heads until the practice got a new one. Only its public half; signed by the key of now.

    `last` is the number of the last entry it may have signed a head of: what it signs later is none, whatever its date.
    None where a practice handed over before this was kept; then its date tells.
    """

    public = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField()
    last = models.BigIntegerField(null=True)
    signature = models.CharField(max_length=100)


class ChainStart(models.Model):
    """The last entry that was let go because its time was over, signed: the chain begins after it. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)
