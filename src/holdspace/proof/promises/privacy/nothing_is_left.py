"""When the trial is over nothing of it remains, but the entries of the log, which never forgets."""

from holdspace.audit.models import Entry
from holdspace.proof.clearing import left_behind
from holdspace.proof.needles import of_words
from holdspace.proof.places import Decrypted, files_of_the_practice, in_files, search, temporary_files
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import ALONE, SECRETS, TOGETHER
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.20",
    says="When this proof is over, nothing of its trial is left but entries in the log.",
    tried="After the trial was taken away, every table was looked through for its rows, and all files and "
    "the decrypted database for its words.",
    red="Something of the trial was left behind. It is about nobody; running the proof again clears it away.",
    is_after=True,
)


def try_now(trial: Trial) -> Seen:
    """Look for what is left."""
    left = left_behind()
    demand(not left, *(f"Rows of the trial are left in {table}." for table in left))
    needles = of_words((*SECRETS, ALONE, TOGETHER))
    files = [*files_of_the_practice(), *temporary_files(trial.began)]
    found = search([*in_files(files, needles), Decrypted()], needles)
    demand(not found, *map(str, found))
    entries = Entry.objects.filter(user_id__lt=0).count()
    return (
        f"No table holds a row of it; {len(files)} files and the decrypted database hold no word of it.",
        f"The log holds {entries} entries about trials, this one’s and earlier ones’: numbers and verbs.",
    )
