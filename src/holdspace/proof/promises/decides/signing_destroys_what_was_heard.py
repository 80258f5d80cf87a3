"""With her signature the transcript goes, and so does what she struck and the words behind each sentence."""

from holdspace.chart.actions import sign_note, strike_sentence
from holdspace.chart.models import NoteSentence
from holdspace.errors import Destroyed
from holdspace.proof.promise import Promise, Seen, demand, demand_refused
from holdspace.proof.signing import CREDENTIAL, ready_to_sign
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.room.models import HeardSession
from holdspace.vault.session_keys import has_key, opened

PROMISE = Promise(
    number="4.7",
    says="With your signature the transcript is destroyed, and with it what you struck and the words behind "
    "each sentence.",
    tried="A sentence of the trial’s draft was struck and the note signed; the transcript, its key, the "
    "struck sentence and the words behind the others were asked for. All of it was undone.",
    red="Transcripts stay after signing. Destroy them by hand on the session’s page, and show this report to "
    "whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Strike, sign, and ask for what must be gone."""
    drafted, hers = trial.drafted(), trial.company.clinician
    with undone():
        note = ready_to_sign(trial)
        struck, kept = NoteSentence.objects.filter(note=note, origin="session").order_by("position")[:2]
        demand(kept.shown(), "There were no words behind a sentence to destroy.")
        strike_sentence(hers, note, sentence=struck)
        demand(has_key(drafted.session.pk), "There was no transcript to destroy.")
        sign_note(hers, note, credential=CREDENTIAL)
        opened.forget()  # keys opened in memory, as happens when what was signed is written
        demand(not has_key(drafted.session.pk), "The transcript’s key is still there after signing.")
        demand(
            not HeardSession.objects.filter(session=drafted.session).exists(),
            "The transcript is still there.",
        )
        demand(not NoteSentence.objects.filter(pk=struck.pk).exists(), "What she struck is still there.")
        demand_refused(
            NoteSentence.objects.get(pk=kept.pk).shown,
            Destroyed,
            "The words behind a signed sentence can still be read.",
        )
    return (
        "The transcript, its key, the struck sentence and the words behind the others were gone in the same step.",
    )
