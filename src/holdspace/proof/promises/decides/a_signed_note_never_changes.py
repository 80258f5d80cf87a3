"""A signed note changes by nothing: no action, no program, no statement to the database."""

from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

from holdspace.chart.actions import add_addendum, edit_sentence, strike_sentence
from holdspace.chart.models import NoteSentence, ProgressNote, Signature
from holdspace.chart.queries import is_intact
from holdspace.errors import HoldspaceError
from holdspace.proof.promise import Broken, Promise, Seen, demand
from holdspace.proof.signing import signed
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="4.4",
    says="A signed note never changes, whoever tries and however. It grows by addenda only.",
    tried="The trial’s note was signed; then it was tried to change it by the pages’ actions, past them, and "
    "by statements to the database itself. All of it was undone.",
    red="A signed note can be changed. Print the notes that matter with their fingerprints, and show this "
    "report to whoever looks after the machine.",
)
STATEMENTS = (
    "UPDATE chart_progressnote SET state = 'draft' WHERE id = %s",
    "DELETE FROM chart_progressnote WHERE id = %s",
    "UPDATE chart_notesentence SET section = 'x' WHERE note_id = %s",
    "DELETE FROM chart_notesentence WHERE note_id = %s",
    "UPDATE chart_signature SET who = 'x' WHERE note_id = %s",
    "DELETE FROM chart_signature WHERE note_id = %s",
    "UPDATE chart_addendum SET who = 'x' WHERE note_id = %s",
    "DELETE FROM chart_addendum WHERE note_id = %s",
)


def try_now(trial: Trial) -> Seen:
    """Sign, then try to change it."""
    hers = trial.company.clinician
    trial.drafted()
    with undone():
        note = signed(trial)
        add_addendum(hers, note, text="An addendum of the trial.")
        sentence = NoteSentence.objects.filter(note=note).first()
        demand(sentence is not None, "The signed note holds no sentence.")
        assert sentence is not None
        _demand_refused(
            "editing it", lambda: edit_sentence(hers, note, sentence=sentence, text="Something else.")
        )
        _demand_refused("striking a sentence", lambda: strike_sentence(hers, note, sentence=sentence))
        _demand_refused("saving it past the actions", ProgressNote.objects.get(pk=note.pk).save)
        _demand_refused("deleting it past the actions", ProgressNote.objects.get(pk=note.pk).delete)
        _demand_refused("saving its signature anew", Signature.objects.get(note=note).save)
        for statement in STATEMENTS:
            _demand_refused(
                f"a statement to the database ({statement.partition(' WHERE')[0]})", _run(statement, note.pk)
            )
        demand(is_intact(hers, note), "The note is not what was signed.")
    return (
        f"{len(STATEMENTS) + 5} attempts were refused, {len(STATEMENTS)} of them by the database itself.",
        "An addendum was taken.",
    )


def _run(statement: str, note_id: int) -> Callable[[], object]:
    def attempt() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [note_id])

    return attempt


def _demand_refused(what: str, attempt: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            attempt()
    except (HoldspaceError, DatabaseError):
        return
    raise Broken(f"The signed note was changed by {what}.")
