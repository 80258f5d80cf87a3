"""The trial's note brought to where it could be signed, for promises about signing; always inside what is undone."""

from holdspace.chart.actions import begin_review, set_question_aside, sign_note
from holdspace.chart.models import NoteQuestion, ProgressNote
from holdspace.chart.queries import note
from holdspace.proof.trial import Trial

CREDENTIAL = "LPC"


def ready_to_sign(trial: Trial) -> ProgressNote:
    """The trial's note, reviewed, its questions settled."""
    hers = trial.company.clinician
    found = begin_review(hers, note(hers, trial.drafted().note.id))
    for question in NoteQuestion.objects.filter(note=found):
        set_question_aside(hers, found, question=question)
    return found


def signed(trial: Trial) -> ProgressNote:
    """The trial's note, signed."""
    return sign_note(trial.company.clinician, ready_to_sign(trial), credential=CREDENTIAL)
