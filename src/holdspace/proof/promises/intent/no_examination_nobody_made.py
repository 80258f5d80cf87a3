"""A draft states no mental status that nobody observed: what was not jotted stays blank, or is asked."""

import re

from holdspace.proof.drafted import own_words
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.8",
    says="A draft states no mental status, no appearance and no judgement that nobody jotted or said.",
    tried="The trial’s draft was read for the phrases of an examination; none was made in it, and none "
    "jotted.",
    red="A draft states an examination nobody made. Strike it, and show this report to whoever looks after "
    "the machine.",
)
EXAMINED = re.compile(
    r"\b(?:euthymic|dysthymic|well[- ]groomed|eye contact|alert|oriented|affect|thought process|thought content|"
    r"insight|judg(?:e)?ment|psychomotor|cooperative|speech (?:was|is)|within normal limits|WNL|unremarkable|"
    r"mental status)\b",
    re.IGNORECASE,
)


def try_now(trial: Trial) -> Seen:
    """Draft, and read it for an examination."""
    drafted = trial.drafted()
    stated = [sentence for sentence in drafted.sentences if EXAMINED.search(own_words(sentence.text))]
    demand(not stated, f"{len(stated)} sentence(s) state an examination nobody made.")
    asked = [question for question in drafted.note.questions if "mental status" in question.text.lower()]
    demand(asked, "Nothing about it was jotted, and the draft does not ask.")
    return (f"{len(drafted.sentences)} sentences state none; the draft asks her instead.",)
