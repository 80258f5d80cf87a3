"""The capture page shows no word of what is said, unless she opens it."""

import re

from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="2.6",
    says="While a session is heard the page shows no text, unless she opens it.",
    tried="Everything the capture page was sent while the trial was heard was read for the words that were "
    "understood by then; then they were asked for, as she does by opening them.",
    red="Words appear on a screen a client may see. Turn the screen away until this is mended.",
)
PHRASE = 3
"""Words in a row that stand on no page by chance."""


def try_now(trial: Trial) -> Seen:
    """Hear a session, and read what its page was sent."""
    heard = trial.heard()
    phrases = [_plain(turn) for turn in heard.words if len(turn.split()) >= PHRASE]
    spoken = {
        " ".join(words[at : at + PHRASE])
        for words in map(str.split, phrases)
        for at in range(len(words) - PHRASE)
    }
    opened = _plain(heard.opened_words)
    if not any(phrase in opened for phrase in spoken):
        raise NotTried("Nothing was understood yet when it was looked.", then="Run it once more.")
    shown = [phrase for text in heard.said for phrase in spoken if phrase in _plain(text)]
    demand(not shown, f"{len(set(shown))} phrases of what was said were sent to the page unasked.")
    return (
        f"{len(heard.said)} answers to the capture page were read: none carries a phrase of what was said.",
        "Opened by her, the words were there.",
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", re.sub(r"<[^>]+>", " ", text).lower()))
