"""What is in memory stays out of files: no core dump, and nothing swapped to the disk."""

import resource
from pathlib import Path

from holdspace.assist.doorway import ears
from holdspace.proof.promise import NotEnforced, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.vault.memory import has_swap

PROMISE = Promise(
    number="1.9",
    says="Sound, words and keys in memory are never written to the disk by the system: not when a process "
    "crashes, and not to its swap.",
    tried="The limits of this process and of the one that hears were read, and whether their memory is "
    "locked.",
    red="A crash would write what is in memory to the disk. Start Holdspace anew with `holdspace serve`, "
    "which forbids it.",
)
LOCK_IT = "Allow Holdspace to lock memory (`ulimit -l unlimited`), or encrypt the swap, or do without one."


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Read the limits."""
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    demand(soft == 0, "This process would write a core dump when it crashes.")
    hearing = ears()
    if hearing is not None:
        demand(_no_core(hearing), "The process that hears would write a core dump when it crashes.")
    seen = (
        ("Neither this process nor the one that hears writes a core dump.",)
        if hearing
        else ("This process writes no core dump. No process hears just now.",)
    )
    if _is_locked("self") and (hearing is None or _is_locked(str(hearing))):
        return (*seen, "Their memory is locked: the system never swaps it.")
    if not has_swap():
        return (*seen, "This machine has no swap.")
    raise NotEnforced(*seen, "The system may write their memory to its swap.", then=LOCK_IT)


def _no_core(pid: int) -> bool:
    for line in _told(f"/proc/{pid}/limits"):
        if line.startswith("Max core file size"):
            return line.split()[4] == "0"
    return False


def _is_locked(pid: str) -> bool:
    return any(
        line.startswith("VmLck:") and int(line.split()[1]) > 0 for line in _told(f"/proc/{pid}/status")
    )


def _told(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
