"""What is sealed opens only where it belongs: a ciphertext put into another row is refused."""

from collections.abc import Callable

from holdspace.chart.models import NoteSentence
from holdspace.proof.promise import Promise, Seen, demand, demand_refused
from holdspace.proof.spoken import TRANSCRIPT
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.room.actions.sessions import accept_transcript
from holdspace.room.models import HeardSession
from holdspace.room.queries import transcript
from holdspace.vault.envelope import Tampered

PROMISE = Promise(
    number="1.5",
    says="Nobody can move an encrypted sentence or transcript into another note or session and have it read "
    "there.",
    tried="A sealed sentence was copied over another one’s, its sealed evidence likewise, and a sealed "
    "transcript was given to another session. Each was then asked for.",
    red="Records could be swapped by whoever can write to the database. Look at the log for what was "
    "changed, and show this report to whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Move three kinds of sealed bytes, and ask for each."""
    note = trial.drafted().note
    first, second = NoteSentence.objects.filter(note_id=note.id).order_by("position")[:2]
    moved = {"sentence": "text", "sentence’s evidence": "sealed"}
    for name, column in moved.items():
        with undone():
            there = NoteSentence.objects.filter(pk=first.pk).values_list(column, flat=True)[0]
            NoteSentence.objects.filter(pk=second.pk).update(**{column: bytes(there)})
            row = NoteSentence.objects.get(pk=second.pk)
            _demand_refused(name, row.shown if column == "sealed" else lambda row=row: row.text)  # type: ignore[misc]
    _transcripts(trial)
    return (
        "A moved sentence, moved evidence and a moved transcript were each refused: they do not open where they stand.",
    )


def _transcripts(trial: Trial) -> None:
    company = trial.company
    one, other = company.session(), company.session()
    with undone():
        for session in (one, other):
            accept_transcript(company.clinician, session, data=TRANSCRIPT.encode(), filename="said.txt")
        theirs = HeardSession.objects.get(session=one).sealed
        HeardSession.objects.filter(session=other).update(sealed=bytes(theirs))
        _demand_refused("transcript", lambda: transcript(company.worker, other))
        demand(transcript(company.worker, one), "The transcript that was not moved does not open either.")


def _demand_refused(what: str, ask: Callable[[], object]) -> None:
    demand_refused(ask, Tampered, f"A {what} opened in a place where it does not belong.")
