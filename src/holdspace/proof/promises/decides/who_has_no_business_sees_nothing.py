"""Who bills or books sees no clinical word, and a colleague sees nothing of another's client."""

from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.routes import addresses
from holdspace.proof.spoken import ALONE, CLINICAL
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="4.11",
    says="Who bills or books sees no word of a session, a plan or a note, and a colleague sees nothing of "
    "your client.",
    tried="Every page there is was opened by the trial’s biller, scheduler and colleague, with the numbers "
    "of the trial’s own records, and its text searched for what was said, jotted, drafted and diagnosed.",
    red="Somebody in the practice can read what is not their business. Close their access (Practice) until "
    "this is mended, and look through the log for what they opened.",
)
PAGE = 200


def try_now(trial: Trial) -> Seen:
    """Open every page as those who have no business in it."""
    pages = addresses(trial)
    seen = []
    for role in ("biller", "scheduler", "colleague"):
        words = (*CLINICAL, ALONE) if role == "colleague" else CLINICAL
        opened, leaking = _opened(trial, role, pages, words)
        demand(not leaking, *(f"The {role} reads words of the session on {name}." for name in leaking[:10]))
        seen.append(f"The {role} opened {opened} of {len(pages)} pages; no clinical word was on them.")
    _, hers = _opened(trial, "clinician", {"chart:note": pages["chart:note"]}, CLINICAL)
    demand(hers, "The clinician herself cannot read the draft, so this shows nothing.")
    return tuple(seen)


def _opened(trial: Trial, role: str, pages: dict[str, str], words: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many pages answered, and those with a word that must not be on them."""
    browser = trial.browser(role)
    answers = {name: browser.get(path) for name, path in pages.items()}
    shown = {name: answer.text.lower() for name, answer in answers.items() if answer.status == PAGE}
    return len(shown), [name for name, text in shown.items() if any(word.lower() in text for word in words)]
