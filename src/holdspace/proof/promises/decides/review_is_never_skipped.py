"""A draft nobody looked at cannot be signed, nor one whose questions are open."""

from holdspace.chart.actions import begin_review, sign_note, strike_sentence
from holdspace.chart.models import NoteQuestion, NoteSentence, ProgressNote
from holdspace.chart.queries import note
from holdspace.chart.rules import DRAFT
from holdspace.errors import BadInput, NotReviewable
from holdspace.proof.promise import NotTried, Promise, Seen, demand_refused
from holdspace.proof.signing import CREDENTIAL, ready_to_sign
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="4.6",
    says="No draft becomes a note without her review: unread, with a question open, or without her "
    "credential it cannot be signed.",
    tried="The trial’s draft was tried to be signed unread, with a question open, with nothing left in it, "
    "and without a credential.",
    red="Drafts can be signed unread. Read every draft to its end before you sign, until this is mended.",
)


def try_now(trial: Trial) -> Seen:
    """Try to sign what is not ready."""
    hers = trial.company.clinician
    note_id = trial.drafted().note.id
    with undone():
        ProgressNote.objects.filter(pk=note_id).update(
            state=DRAFT
        )  # its page was opened for the trial already
        _demand_refused(trial, "unread", note(hers, note_id))
    with undone():
        opened = begin_review(hers, note(hers, note_id))
        if not NoteQuestion.objects.filter(note=opened).exists():
            raise NotTried(
                "The trial’s draft asks no question.",
                then="Show this report to whoever looks after the machine.",
            )
        _demand_refused(trial, "with a question open", opened)
    with undone():
        ready = ready_to_sign(trial)
        _demand_refused(trial, "without a credential", ready, credential=" ")
        for sentence in NoteSentence.objects.filter(note=ready):
            strike_sentence(hers, ready, sentence=sentence)
        _demand_refused(trial, "with nothing left in it", ready)
    return (
        "Unread, with a question open, without a credential and with nothing left in it, it could not be signed.",
    )


def _demand_refused(trial: Trial, how: str, found: ProgressNote, *, credential: str = CREDENTIAL) -> None:
    demand_refused(
        lambda: sign_note(trial.company.clinician, found, credential=credential),
        (NotReviewable, BadInput),
        f"The draft was signed {how}.",
    )
