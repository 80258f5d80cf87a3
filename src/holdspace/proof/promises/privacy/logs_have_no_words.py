"""No line of a log, no error and no entry of the record of who did what carries a word of a session."""

import json

from django.db.models import F
from django.urls import reverse

from holdspace.audit.log import event_log, written_about
from holdspace.audit.models import Entry
from holdspace.proof.promise import NotTried, Promise, Seen, demand, demand_refused
from holdspace.proof.spoken import ALONE, CLINICAL, FORMER_NAME, TOGETHER
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.10",
    says="No log, no error message and no entry about who did what carries a word of a session or a name.",
    tried="An error that quotes the trial’s session was handed to every log there is, as a library would; a "
    "file that cannot be read was given; the entries the trial left in the record of who did what were "
    "read.",
    red="What is said can get into a log. Look where logs of this machine go, destroy those lines, and show "
    "this report to whoever looks after it.",
)
WORDS = (*CLINICAL, ALONE, TOGETHER, FORMER_NAME)


def try_now(trial: Trial) -> Seen:
    """Hand words to every log, to an error, and look at the entries."""
    logs = written_about(" ".join(WORDS), _an_error())
    if not logs:
        raise NotTried("No log is set up in this process.", then="Run it from `holdspace prove` or the page.")
    demand(not _words("".join(logs)), "A library’s error reached a log with what it quoted.")
    _demand_ours_takes_no_text()
    session = trial.company.session()
    answer = trial.browser().upload(
        reverse("room:upload", args=[session.pk]), "x.json", json.dumps(WORDS).encode()
    )
    demand(not _words(answer.text.replace(ALONE, "")), "An error’s page repeated what it was given.")
    read = _entries()
    return (
        f"{len(logs)} log(s) were given an error with {len(WORDS)} phrases: none was written.",
        "Holdspace’s own log refused to take text at all.",
        f"{read} entries about the trial were read: numbers, times and verbs.",
    )


def _an_error() -> LookupError:
    """An error that quotes a session, as it was raised."""
    try:
        raise LookupError(" ".join(WORDS))
    except LookupError as error:
        return error


def _demand_ours_takes_no_text() -> None:
    demand_refused(
        lambda: event_log("proof")("tried", what=WORDS[0]), ValueError, "Holdspace’s own log took text."
    )


def _entries() -> int:
    """How many entries the trial's people left; each is looked at."""
    rows = Entry.objects.filter(user_id__lt=0).order_by(F("number").desc())[:1000]
    values = [str(row) for row in rows.values_list()]
    demand(
        not any(_words(value) for value in values),
        "An entry about who did what carries words of the session.",
    )
    return len(values)


def _words(text: str) -> list[str]:
    return [word for word in WORDS if word.lower() in text.lower()]
