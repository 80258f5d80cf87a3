"""A backup is noise to whoever has no key."""

from holdspace.proof.backed_up import opens_with
from holdspace.proof.needles import of_words
from holdspace.proof.places import in_files, search
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import ALONE, SECRETS
from holdspace.proof.trial import Trial
from holdspace.vault.envelope import new_key

PROMISE = Promise(
    number="1.18",
    says="A backup can be read by nobody without the practice’s key.",
    tried="A backup was made while the trial’s session was there, as every backup is made. Its file was "
    "searched for the session’s words, for what a plain database begins with and for the names of its parts, "
    "and tried with a key made at random. It was taken away again.",
    red="Whoever finds a backup can read it. Destroy the backups made so far, wherever they are.",
)
PLAIN = (b"SQLite format 3", b"CREATE TABLE", b"people_client", b"clinician_id", b"holdspace-log")
"""What stands in a plain database of ours, in a plain backup of it, and in what lies beside it."""


def try_now(trial: Trial) -> Seen:
    """Make a backup and read it as a stranger would."""
    trial.drafted()
    made = trial.backed_up()
    needles = {**of_words((*SECRETS, ALONE)), "a plain database": PLAIN}
    found = search(in_files([made.file], needles), needles)
    demand(not found, *map(str, found))
    demand(not opens_with(made.file, new_key()), "The backup opened under a key made at random.")
    rows = sum(name.startswith("rows/") for name in made.opened)
    return (
        f"A backup of {made.file.stat().st_size / 1e6:.1f} MB was searched: nothing in it can be read.",
        f"Under another key it did not open; under the practice’s own its {rows} parts of rows did, the trial’s "
        "among them.",
    )
