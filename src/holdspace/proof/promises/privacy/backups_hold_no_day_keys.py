"""A backup cannot bring back what was destroyed: neither the keys of the day nor a transcript's own key is in one."""

from holdspace.proof.needles import of_keys
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.vault.generations import DAYS, opened
from holdspace.vault.models import Generation
from holdspace.vault.session_keys import key_of

PROMISE = Promise(
    number="1.17",
    says="A backup holds no key of the day, so a transcript that was destroyed does not come back with it.",
    tried="A backup was made while the trial’s transcript was there, as every backup is made, and opened with "
    "the practice’s own key. In everything that came out of it the keys of the day were searched for, as they "
    "lie in their files and opened, and the transcript’s own key.",
    red="A restored backup could bring transcripts back. Destroy the backups made so far, and make new ones "
    "when this is mended.",
)


def try_now(trial: Trial) -> Seen:
    """Make a backup, open it, search for every day's key and the transcript's."""
    session = trial.drafted().session
    made = trial.backed_up()
    days = list(Generation.objects.filter(kind=DAYS.kind).values_list("name", flat=True))
    there = [name for name in days if DAYS.path(name).exists()]
    demand(there, "There is no key of the day to look for.")
    keys = [DAYS.path(name).read_bytes() for name in there] + [opened(DAYS, name) for name in there]
    needles = [needle for some in of_keys([*keys, key_of(session.pk)]).values() for needle in some]
    carried = [name for name, part in made.opened.items() if any(needle in part for needle in needles)]
    demand(not carried, *(f"A key that must not be in the backup is in its part {name}." for name in carried))
    return (
        f"The {len(there)} keys of days there are and the transcript’s own were searched for in the "
        f"{len(made.opened)} parts of a backup: none is in it.",
    )
