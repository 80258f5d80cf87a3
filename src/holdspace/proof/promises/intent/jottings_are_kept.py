"""Her jottings stand in the draft, nearly as she wrote them."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import JOTTED
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.10",
    says="What you jot stands in the draft, in your words.",
    tried="Three jottings were looked for in the trial’s draft.",
    red="Jottings are missing from drafts. They are kept on the session’s page: add them before you sign.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for the jottings."""
    drafted = trial.drafted()
    hers = " ".join(sentence.text.lower() for sentence in drafted.sentences if sentence.origin == "jottings")
    missing = [words for words in JOTTED if words.lower() not in hers]
    demand(not missing, f"{len(missing)} of {len(JOTTED)} jottings are not in the draft as they were jotted.")
    return (f"All {len(JOTTED)} jottings are there, word for word, and marked as hers.",)
