"""Rows that know their identity before they are written, so that it can be part of what is sealed in them."""

import secrets

from django.db import models

ID_BITS = 52  # fits a JavaScript number and a page address; a clash in a million rows: 1 in 9,000


def new_id() -> int:
    """A random identity, so that an address tells nothing about how many rows there are."""
    return secrets.randbits(ID_BITS - 1) + 1


class Row(models.Model):
    """A row that knows its identity before it is written."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
