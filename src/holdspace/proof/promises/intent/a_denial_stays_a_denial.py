"""What was denied is written as denied, and what was asked about is not written as said."""

import re

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.2",
    says="What the client denied is written as denied, never as reported.",
    tried="The trial’s client was asked about hurting anybody and said no; every sentence of the draft about "
    "it was read.",
    red="A denial became its opposite. Read every sentence about risk against the words beside it before you "
    "sign.",
)
ABOUT = re.compile(r"\b(?:homicid\w*|hurt(?:ing)? anybody|hurt(?:ing)? (?:others|somebody)|HI)\b")
DENIED = re.compile(r"\b(?:denie[sd]|no|not|never|without)\b", re.IGNORECASE)


def try_now(trial: Trial) -> Seen:
    """Draft, and read what it says of what was denied."""
    about = [sentence.text for sentence in trial.drafted().sentences if ABOUT.search(sentence.text)]
    demand(about, "The draft does not say that it was asked and denied.")
    asserted = [text for text in about if not DENIED.search(text)]
    demand(not asserted, f"{len(asserted)} of {len(about)} sentences assert what was denied.")
    return (f"{len(about)} sentence(s) of the draft are about it, and each says that it was denied.",)
