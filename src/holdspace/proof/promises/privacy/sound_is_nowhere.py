"""Sound is in memory only: searched for after a whole session, in eight encodings."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.1",
    says="The sound of a session is kept nowhere: in no file, no temporary folder and no database.",
    tried="Half a minute of sound, part of it noise that was made for this run alone, was heard as sessions "
    "are. Then the practice’s folder, the temporary folders and the database, as it lies there and "
    "decrypted, were searched for it in eight encodings.",
    red="Sound was left on this machine. Switch recording off until this is mended, leave the folder as it "
    "is, and show this report to whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Hear a session, then look for its sound."""
    heard = trial.heard()
    demand(not heard.found, *dict.fromkeys(map(str, heard.found)))
    return (
        f"{heard.seconds} seconds of sound were heard.",
        f"{heard.searched} files and every page of the decrypted database were searched, "
        "for samples (four kinds), text (two kinds) and packed recordings: nothing was found.",
    )
