"""Pages stay quick while a session is heard."""

from statistics import median

from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.proof.work import demand_quick

PROMISE = Promise(
    number="2.3",
    says="Pages answer within a second while a session is being heard.",
    tried="Today, the session’s page and the capture page were asked for again and again while the trial was "
    "heard, and the time of each taken.",
    red="Pages are slow while a session is heard. Look what else this machine is busy with.",
)
MOST_S = 1.0
LEAST_PAGES = 3


def try_now(trial: Trial) -> Seen:
    """Hear a session, and look at how long its pages took."""
    pages = trial.heard().pages
    failed = [page for page in pages if page.status != 200]
    demand(not failed, f"{len(failed)} of {len(pages)} pages did not answer.")
    if len(pages) < LEAST_PAGES:
        raise NotTried("Hearing was over before a page could be asked for.", then="Run it once more.")
    usual, worst = median(page.seconds for page in pages), max(page.seconds for page in pages)
    demand_quick(usual <= MOST_S, f"Of {len(pages)} pages, half took longer than {usual:.1f} seconds.")
    return (f"{len(pages)} pages: {usual * 1000:.0f} ms usually, {worst * 1000:.0f} ms at worst.",)
