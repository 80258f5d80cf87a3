"""What was said off the record is in no part of a draft, and on no page of it."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import OFF_RECORD
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="3.4",
    says="What the client asks to keep off the record is in no sentence, no evidence, no question and "
    "nothing left out.",
    tried="The trial’s client asked for it in the middle of the session; all parts of the draft and its "
    "pages were searched for what was said then.",
    red="Words said off the record are in a draft. Strike them before you sign, and use the button Off the "
    "record.",
)
WORDS = tuple(word for word in OFF_RECORD.lower().strip(".").split() if len(word) > 6)


def try_now(trial: Trial) -> Seen:
    """Draft, and search every part."""
    drafted = trial.drafted()
    places = {
        "the draft": drafted.everything,
        **{f"the page ({name})": text for name, text in drafted.pages.items()},
    }
    found = [name for name, text in places.items() if any(word in text.lower() for word in WORDS)]
    demand(not found, *(f"What was said off the record is in {name}." for name in found))
    parts = len(drafted.sentences) + len(drafted.note.questions) + len(drafted.note.left_out)
    return (f"{parts} parts of the draft with their evidence, and its pages, were searched: nothing of it.",)
