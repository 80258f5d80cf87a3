"""A connection to PostgreSQL that a rotation of the practice's key waits for."""

from django.db.backends.postgresql import base

from holdspace.vault.shared_records import SharedRecords


class DatabaseWrapper(SharedRecords, base.DatabaseWrapper):
    """As Django's."""
