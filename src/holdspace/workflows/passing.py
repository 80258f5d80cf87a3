"""What a loop in the background waits out: a full disk, a restarting database, records that get a new key just now."""

from django.db import DatabaseError

from holdspace.errors import Unavailable
from holdspace.vault.keys import Locked

PASSING = (DatabaseError, OSError, Locked, Unavailable)
"""What waits goes on waiting, and the next round tries again."""
