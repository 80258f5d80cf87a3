"""A statement of risk is never left out, and never softened."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import WISH
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.9",
    says="A statement of risk is never left out of a draft, and never softened.",
    tried="The trial’s client said once, in passing, a wish not to wake up; it was looked for in the draft, "
    "in those words.",
    red="A statement of risk is missing. Do not rely on drafts: ask, jot what was said about risk, and read "
    "before you sign.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for the statement."""
    wish = " ".join(WISH.lower().split()[-6:]).strip(".")
    drafted = trial.drafted()
    written = [sentence.text for sentence in drafted.sentences if wish in sentence.text.lower()]
    asked = [
        question
        for question in drafted.note.questions
        if any(wish in part.quote.lower() for part in question.evidence)
    ]
    demand(
        written or asked, "What the client said about not waking up is neither in the draft nor asked about."
    )
    return (
        f"It stands in {len(written)} sentence(s) in the client’s own words, and behind {len(asked)} question(s).",
    )
