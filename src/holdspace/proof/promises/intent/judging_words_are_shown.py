"""A word that judges is shown with its reason, never changed; a client's own words are left alone."""

from holdspace.assist.words import marker_for
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import JUDGING
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.11",
    says="A word that judges or wounds is shown to you with a reason and another word. It is never changed "
    "for you, and the client’s own words are left alone.",
    tried="A jotting of the trial holds such a word; it was looked for, unchanged, in the draft and among "
    "what is shown. The same word as a quotation was looked at too.",
    red="Words are changed without you, or not shown. Read the draft for them before you sign.",
)
QUOTED = f"Client said, “They all call me {JUDGING}.”"


def try_now(trial: Trial) -> Seen:
    """Draft, and look at what is shown of its words."""
    drafted = trial.drafted()
    mark = marker_for(trial.company.clinician, drafted.session.around())
    holding = [sentence.text for sentence in drafted.sentences if JUDGING in sentence.text.lower()]
    demand(holding, "The word was changed or left out.")
    shown = [flag for text in holding for flag in mark(text)]
    demand(shown, "The word is not shown to her.")
    demand(
        all(flag.reason and flag.alternative and flag.source for flag in shown),
        "It is shown without a reason.",
    )
    demand(
        not mark(QUOTED),
        "A client’s own word, in quotation marks, is marked as if it were hers.",
    )
    return (
        "The word stands in the draft as it was jotted, shown with its reason, another word and a source.",
        "In a quotation it is left alone.",
    )
