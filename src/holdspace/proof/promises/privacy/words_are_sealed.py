"""What was said, jotted and drafted is unreadable on the disk, and in the database to whoever has only its key."""

from holdspace.proof.clearing import rows_of_the_trial
from holdspace.proof.needles import of_words
from holdspace.proof.places import Decrypted, files_of_the_practice, in_files, search, temporary_files
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import ALONE, SECRETS
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.3",
    says="What was said, jotted and drafted is encrypted once more inside the encrypted database, and lies "
    "readable in no file.",
    tried="While the trial’s session was there to be read, the practice’s folder, the temporary folders and "
    "the decrypted database were searched for its words in four encodings, and every column of its rows was "
    "looked at.",
    red="Words of a session can be read by whoever copies this folder, or has the database’s key. Encrypt "
    "the disk if it is not, lock the machine away, and show this report to whoever looks after it.",
)


def try_now(trial: Trial) -> Seen:
    """Draft a session, then look for its words."""
    trial.drafted()
    needles = of_words((*SECRETS, ALONE))
    files = [*files_of_the_practice(), *temporary_files(trial.began)]
    found = search([*in_files(files, needles), Decrypted()], needles)
    demand(not found, *map(str, found))
    columns, readable = _columns()
    demand(not readable, *(f"Words of the session can be read in {name}." for name in readable))
    return (
        f"{len(files)} files and the decrypted database: none of {len(needles['plain text'])} phrases is in them.",
        f"{columns} columns of the session’s rows were looked at; no word of it is readable in one.",
    )


def _columns() -> tuple[int, list[str]]:
    """How many columns the trial's rows have, and those in which its words can be read."""
    secrets = [words.encode() for words in (*SECRETS, ALONE)]
    seen, readable = set(), set()
    for model, pks in rows_of_the_trial().items():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.filter(pk__in=pks).values_list(*names):
            for name, value in zip(names, row, strict=True):
                column = f"{model._meta.db_table}.{name}"
                seen.add(column)
                kept = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                if any(words in kept for words in secrets):
                    readable.add(column)
    return len(seen), sorted(readable)
