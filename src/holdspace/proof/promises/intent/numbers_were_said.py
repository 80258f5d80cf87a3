"""Every number in a draft was said or jotted."""

from holdspace.proof.figures import told, written
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.5",
    says="Every number in a draft (hours, doses, counts, scores) was said or jotted.",
    tried="Each figure of the trial’s draft was looked for in the words its sentence stands on, in figures "
    "and in words.",
    red="A draft holds a number nobody said. Check doses, scores and counts against the words beside them.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for every number."""
    drafted = trial.drafted()
    checked, strange = 0, []
    for sentence in drafted.sentences:
        said = set().union(*(told(drafted.source_of(item)) for item in sentence.evidence))
        numbers = written(sentence.text)
        checked += len(numbers)
        strange += sorted(numbers - said)
    demand(checked, "The draft holds no number, so this shows nothing.")
    demand(not strange, f"{len(strange)} of {checked} numbers were not said.")
    return (f"{checked} numbers were looked for, and each was said.",)
