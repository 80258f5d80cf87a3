"""The draft is there soon after the end of a session."""

from holdspace.proof.promise import NotTried, Promise, Seen
from holdspace.proof.trial import Trial
from holdspace.proof.work import demand_quick

PROMISE = Promise(
    number="2.2",
    says="The draft is there within half a minute of the end of a session.",
    tried="The time from End to the finished draft was taken, on this machine, with this proof made to let "
    "everything else go before.",
    red="Drafts come late on this machine. Look what else it is busy with; `holdspace doctor` says what "
    "hearing needs.",
)
MOST_S = 30.0


def try_now(trial: Trial) -> Seen:
    """Hear a session and take the time."""
    heard = trial.heard()
    if not heard.note:
        raise NotTried("No draft was made (2.1).", then="Drafting must be switched on and its model here.")
    demand_quick(heard.until_draft_s <= MOST_S, f"It took {heard.until_draft_s:.0f} seconds.")
    return (f"It took {heard.until_draft_s:.1f} seconds.",)
