"""The database's file is random bytes to whoever has no key, and opens under no other."""

from pathlib import Path

from django.db import connection
from sqlcipher3 import dbapi2

from holdspace.proof.beside import read_beside
from holdspace.proof.promise import Broken, NotEnforced, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.vault.envelope import new_key

PROMISE = Promise(
    number="1.6",
    says="The whole database is encrypted, names and times included, and opens under this practice’s key "
    "alone.",
    tried="Its file was read as it lies there, then opened under a key made at random.",
    red="The database can be read without its key. Encrypt the disk if it is not, and show this report to "
    "whoever looks after the machine.",
)
PLAIN_HEAD = b"SQLite format 3"
PLAIN_WORDS = (b"CREATE TABLE", b"people_client", b"clinician_id")
"""What stands in every database of ours that is not encrypted."""


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Read the file, try another key."""
    if connection.vendor != "sqlite":
        raise NotEnforced(
            "The practice is on PostgreSQL, whose encryption of its disk cannot be seen from here. "
            "Sessions, notes and names are encrypted by Holdspace (1.3).",
            then="Keep the server’s disk encrypted, and ask its keeper for proof of it.",
        )
    path = Path(connection.settings_dict["NAME"])
    size = _demand_unreadable(path)
    _demand_closed(path)
    return (
        f"{size / 1e6:.1f} MB were read: no head of a plain database, no table’s and no column’s name.",
        "Under another key it did not open.",
    )


def _demand_unreadable(path: Path) -> int:
    tail, size = b"", 0
    with read_beside(path) as stream:
        demand(not stream.read(len(PLAIN_HEAD)).startswith(PLAIN_HEAD), "The file is a plain database.")
        while piece := stream.read(1 << 24):
            demand(
                not any(words in tail + piece for words in PLAIN_WORDS),
                "Names of tables can be read in the file.",
            )
            tail, size = piece[-64:], size + len(piece)
    demand(size, "The database’s file could not be read.")
    return size


def _demand_closed(path: Path) -> None:
    stranger = dbapi2.connect(f"file:{path}?mode=ro", uri=True)
    try:
        stranger.execute(f"PRAGMA key = \"x'{new_key().hex()}'\"")
        stranger.execute("SELECT count(*) FROM people_client")
    except dbapi2.DatabaseError:
        return
    finally:
        stranger.close()
    raise Broken("The database opened under a key made at random.")
