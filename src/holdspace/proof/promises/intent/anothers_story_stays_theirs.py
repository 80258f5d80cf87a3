"""What the client tells of somebody else is never told as the client's own."""

import re

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.3",
    says="What the client tells of somebody else stays that person’s story.",
    tried="The trial’s client told of a brother’s drinking; every sentence of the draft about drinking was "
    "read for whose it is.",
    red="Somebody else’s story is told as the client’s. Read whose each sentence is before you sign.",
)
STORY = re.compile(r"\bdrink\w*\b|\blicense\b", re.IGNORECASE)
WHOSE = re.compile(r"\bbrother\b|\bCorvin\b|\bother person\b", re.IGNORECASE)


def try_now(trial: Trial) -> Seen:
    """Draft, and read whose story it tells."""
    drafted = trial.drafted()
    about = [sentence.text for sentence in drafted.sentences if STORY.search(sentence.text)]
    kept = [item for item in drafted.note.left_out if any(STORY.search(part.quote) for part in item.evidence)]
    demand(about or kept, "The brother’s story is neither in the draft nor in what it leaves out.")
    taken = [text for text in about if not WHOSE.search(text)]
    demand(not taken, f"{len(taken)} of {len(about)} sentences tell the brother’s story as the client’s.")
    return (
        f"{len(about)} sentence(s) are about it, each says that it is the brother’s.",
        f"{len(kept)} stand in what is left out.",
    )
