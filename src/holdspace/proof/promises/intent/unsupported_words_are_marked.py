"""Where she writes what nothing supports it is marked, and it stays as she wrote it."""

from holdspace.chart.actions import begin_review, edit_sentence
from holdspace.chart.models import NoteSentence
from holdspace.chart.queries import note
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="3.12",
    says="Where you change a sentence to what nothing supports, it is marked. It stays as you wrote it; you "
    "decide.",
    tried="A sentence of the trial’s draft was changed to a dose nobody spoke of, and then to words that "
    "were said.",
    red="Changes are not checked against what was said. Read what you changed before you sign.",
)
UNSUPPORTED = "Client takes 900 mg of lithium every morning."


def try_now(trial: Trial) -> Seen:
    """Change a sentence, look at its mark; undone afterwards."""
    drafted, hers = trial.drafted(), trial.company.clinician
    said = next(s for s in drafted.sentences if s.origin == "session" and s.evidence)
    with undone():
        found = begin_review(hers, note(hers, drafted.note.id))
        changed = edit_sentence(hers, found, sentence=NoteSentence.objects.get(pk=said.id), text=UNSUPPORTED)
        demand(changed.text == UNSUPPORTED, "Her words were changed.")
        demand(changed.doubt, "A sentence nothing supports was not marked.")
        back = edit_sentence(hers, found, sentence=NoteSentence.objects.get(pk=said.id), text=said.text)
        demand(not back.doubt, "A sentence that was said is marked all the same.")
    return ("The unsupported sentence was marked and kept as written; the supported one was not marked.",)
