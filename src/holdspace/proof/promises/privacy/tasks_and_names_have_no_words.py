"""What waits to be done, and what files are called, tells nothing: ids alone."""

from collections.abc import Iterator
from pathlib import PurePath

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from holdspace.people.rules import TRIAL
from holdspace.proof.places import files_of_the_practice
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import ALONE, CLINICAL, FORMER_NAME, TOGETHER
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.workflows.session_to_draft import work

PROMISE = Promise(
    number="1.11",
    says="The table of waiting work holds numbers only, and no file is named after a person or what was "
    "said.",
    tried="Work was put into the table and every row of it read; every file name in the practice’s folder "
    "was read.",
    red="Words or names stand where no permission guards them. Show this report to whoever looks after the "
    "machine.",
)


def try_now(trial: Trial) -> Seen:
    """Read the table of tasks and the names of files."""
    with undone():
        work.enqueue(TRIAL, trial.company.session().pk)
        rows = list(DBTaskResult.objects.values_list("args_kwargs", "exception_class_path", "traceback"))
        texts = [value for told, _, _ in rows for value in _values(told) if not isinstance(value, int)]
        demand(not texts, f"{len(texts)} arguments of waiting work are text.")
        spoken = [trace for _, _, trace in rows if _words(trace)]
        demand(not spoken, "A failure kept in the table quotes what was said.")
    home: PurePath = settings.CONFIG.home
    names = [str(path.relative_to(home)) for path in files_of_the_practice() if path.is_relative_to(home)]
    told_names = [name for name in names if _words(name)]
    demand(not told_names, f"{len(told_names)} files are named after somebody or something said.")
    return (f"{len(rows)} rows of waiting work hold numbers alone.", f"{len(names)} file names tell nothing.")


def _values(told: object) -> Iterator[object]:
    """Every single value of what a task is given."""
    if isinstance(told, dict):
        for inner in told.values():
            yield from _values(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _values(inner)
    else:
        yield told


def _words(text: str) -> list[str]:
    words = (*CLINICAL, *ALONE.split(), *TOGETHER.split(), *FORMER_NAME.split())
    return [word for word in words if word.lower() in text.lower()]
