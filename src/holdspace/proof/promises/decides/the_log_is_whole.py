"""The log of who did what is as it was written, from its first entry to its last."""

from holdspace.audit import heads
from holdspace.audit.check import check_log
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="4.8",
    says="The log of who did what is whole: no entry was changed, moved, added or taken out since it was "
    "written.",
    tried="Every entry of the practice’s log was read and compared with its seal, its neighbour, the signed "
    "end and every line that was kept of it.",
    red="Somebody changed the log. Change nothing on this machine and copy the practice’s folder; then read "
    "“If something is wrong” in the page on trust.",
)


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Read the whole log."""
    heads.keep()
    checked = check_log()
    demand(
        checked.is_whole,
        *(
            f"{found.what}: entries {found.first} to {found.last}. {found.says}"
            for found in checked.findings[:10]
        ),
    )
    return (
        f"{checked.entries:,} entries are as they were written, and fit {checked.heads} lines that were kept of them.",
    )
