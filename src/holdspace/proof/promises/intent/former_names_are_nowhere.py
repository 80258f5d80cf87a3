"""A name a client no longer bears reaches no draft, even where it was said."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import FORMER_NAME
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.13",
    says="A name your client no longer bears reaches no draft, even where it was said in the session.",
    tried="The trial’s client bore another name and said it; all parts of the draft and its page were "
    "searched for it.",
    red="A former name is in a draft. Strike it before you sign, and enter it among the client’s former "
    "names.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for the former name."""
    drafted, name = trial.drafted(), FORMER_NAME.split()[0]
    demand(
        any(name in text for text in drafted.turns.values()),
        "The former name was not said, so this shows nothing.",
    )
    places = {"the draft": drafted.everything, "its page": drafted.pages["review"]}
    found = [where for where, text in places.items() if name in text]
    demand(not found, *(f"The former name is in {where}." for where in found))
    return (
        f"It was said, and is in none of {len(drafted.sentences)} sentences, their evidence or their page.",
    )
