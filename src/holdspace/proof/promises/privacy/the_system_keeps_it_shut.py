"""The operating system itself refuses every way out, whatever a program of ours, or a library in it, tries."""

from holdspace.assist.doorway import ears, ways_out_of_hearing
from holdspace.outbound.standing import Tried, standing, threads_filtered
from holdspace.outbound.tried import tried_when_shut_in
from holdspace.proof.promise import NotEnforced, Promise, Seen
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.14",
    says="The operating system refuses every way out to other machines, whatever a part of Holdspace tries.",
    tried="Every way out was tried for real, now: in this process, which has shut itself in as the server does, "
    "in the one that hears, and in one shut in as the one that words is. The one process that may reach the "
    "hosts somebody named, the gateway, is another promise (1.13).",
    red="A way out is open. Pull the network cable while sessions are heard.",
)
THEN = "Run Holdspace on a Linux that can shut it in (docs/explanation/trust.md), or without a network."
SERVES, HEARS, WORDS_IT = "What serves and works", "What hears", "What proposes wordings"


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Try every way out. What the system does not refuse is not enforced here."""
    tried = {
        SERVES: standing(),
        HEARS: ways_out_of_hearing() if ears() else tried_when_shut_in("speech"),
        WORDS_IT: tried_when_shut_in("language"),
    }
    still_open = [
        _told(process, way) for process, ways in tried.items() for way in ways if not way.is_refused
    ]
    still_open += [f"{process}: nothing could be tried." for process, ways in tried.items() if not ways]
    filtered, threads = threads_filtered()
    if filtered < threads:
        still_open.append(f"{threads - filtered} of {threads} threads of this process are not held.")
    if still_open:
        raise NotEnforced(*still_open[:10], then=THEN)
    return tuple(
        f"{process}: {len(ways)} ways out were tried, all were refused." for process, ways in tried.items()
    )


def _told(process: str, way: Tried) -> str:
    return f"{process}: {way.what} was not refused ({way.seen})."
