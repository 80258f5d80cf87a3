"""Each sentence of a draft shows the words it stands on, and they were said or jotted."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.1",
    says="Every sentence of a draft shows the words it stands on, and those words were really said or "
    "jotted.",
    tried="A session of which every word is known was drafted; each sentence’s evidence was looked for in "
    "what was said and jotted, and on the page beside it.",
    red="A draft says what nobody said. Read each sentence against your memory, and show this report to "
    "whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Draft, and look for every sentence's words."""
    drafted = trial.drafted()
    demand(drafted.sentences, "The draft holds no sentence.")
    bare = [sentence for sentence in drafted.sentences if not sentence.evidence]
    demand(not bare, f"{len(bare)} of {len(drafted.sentences)} sentences stand on nothing.")
    evidence = [item for sentence in drafted.sentences for item in sentence.evidence]
    strange = [item for item in evidence if _plain(item.quote) not in _plain(drafted.source_of(item))]
    demand(not strange, f"{len(strange)} of {len(evidence)} quotes were neither said nor jotted.")
    return (
        f"{len(drafted.sentences)} sentences stand on {len(evidence)} quotes, each found where it was said or jotted.",
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" ;.,")
