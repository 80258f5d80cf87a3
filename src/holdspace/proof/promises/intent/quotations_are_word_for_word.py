"""What stands in quotation marks was said, word for word."""

import re

from holdspace.proof.drafted import quotations
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.6",
    says="What stands in quotation marks was said word for word.",
    tried="Every quotation in the trial’s draft was looked for in what was said.",
    red="A draft quotes what nobody said. Check quotations against the words beside them before you sign.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for every quotation."""
    drafted = trial.drafted()
    said = _plain(" ".join([*drafted.turns.values(), drafted.jottings]))
    quoted = [quote for sentence in drafted.sentences for quote in quotations(sentence.text)]
    demand(quoted, "The draft quotes nothing, so this shows nothing.")
    strange = [quote for quote in quoted if _plain(quote) not in said]
    demand(not strange, f"{len(strange)} of {len(quoted)} quotations were not said like that.")
    return (f"{len(quoted)} quotation(s), each said word for word.",)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))
