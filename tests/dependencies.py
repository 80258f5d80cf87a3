"""`make audit`: every package of requirements.lock and requirements-lint.lock against the public list of known faults.

The list is a service on another machine. Where it cannot be reached nothing was checked, and that is said: an audit
that passes because it asked nobody is worse than none (without `--strict`, pip-audit does just that). The two are asked
about one after the other: together they name some packages in two versions, which pip-audit refuses.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = (
    str(Path(sys.executable).parent / "pip-audit"),
    "--strict",
    "--disable-pip",
    "--no-deps",
    "--progress-spinner",
    "off",
    "--format",
    "json",
    "--requirement",
)
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-lint.lock")
PASSED, FAULTY, NOT_CHECKED = 0, 1, 2


def audited(command: tuple[str, ...]) -> tuple[int, str]:
    """What came of it, as an exit code and in words."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    except (OSError, subprocess.TimeoutExpired) as error:
        return NOT_CHECKED, f"NOT CHECKED: {type(error).__name__}."
    try:
        packages = json.loads(done.stdout)["dependencies"]
        found = [
            f"{one['name']} {one['version']}: {fault['id']}" for one in packages for fault in one["vulns"]
        ]
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return NOT_CHECKED, f"NOT CHECKED: the list of known faults could not be asked ({last[:200]})."
    if found:
        return FAULTY, "\n".join([f"{len(found)} known faults:", *found])
    if done.returncode or not packages:
        return NOT_CHECKED, "NOT CHECKED: the audit ended without an answer."
    return PASSED, f"{len(packages)} packages checked, no known fault."


def of_all(codes: Sequence[int]) -> int:
    """What came of several audits: a known fault before all, and nothing has passed while one was not checked."""
    return FAULTY if FAULTY in codes else max(codes)


if __name__ == "__main__":
    answers = [audited((*COMMAND, str(lock))) for lock in LOCKS]
    for lock, (_, words) in zip(LOCKS, answers, strict=True):
        sys.stdout.write(f"{lock.name}: {words}\n")
    sys.exit(of_all([code for code, _ in answers]))
