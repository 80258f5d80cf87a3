"""`make test` and `make test-heavy`: run every test this machine can run, and name what was skipped and why.

The heavy ones drive browsers, hear sound or kill servers, at the pace of real life; so they run one at a time, that
none of them waits for another. Either half has two passes: on the embedded database, then the rooms once more on a
real PostgreSQL server started for the occasion. Set HOLDSPACE_TESTS_MUST_ALL_RUN=1 (as continuous integration does)
to make a skipped test a failure.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import NoPostgres, running_postgres

ROOT = Path(__file__).parent.parent
HEAVY = "browser or faults or weights"
SIDE_BY_SIDE = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
QUICK_ONES = [*SIDE_BY_SIDE, "-m", f"not ({HEAVY})"]
HEAVY_ONES = ["-m", HEAVY]
ROOMS = ["tests/rooms"]
HEAVY_ROOMS = ["tests/rooms", "-m", "weights"]


def main() -> int:
    """Return 0 when everything that ran passed (and, where demanded, nothing was skipped)."""
    demanded = os.environ.pop("HOLDSPACE_TESTS_MUST_ALL_RUN", "") == "1"
    arguments = sys.argv[1:]
    is_heavy = "--heavy" in arguments
    arguments = [argument for argument in arguments if argument != "--heavy"]
    chosen = HEAVY_ONES if is_heavy else QUICK_ONES
    first = _pytest([*chosen, *arguments], demanded=demanded)
    if arguments:
        return first
    try:
        with running_postgres() as url:
            sys.stdout.write("\nThe rooms once more, on PostgreSQL\n")
            sys.stdout.flush()
            again = HEAVY_ROOMS if is_heavy else [*QUICK_ONES, *ROOMS]
            second = _pytest(again, demanded=demanded, DATABASE_URL=url)
    except NoPostgres as missing:
        sys.stdout.write(f"\nSKIPPED: the second pass, on PostgreSQL: {missing}\n")
        return first or int(demanded)
    return first or second


def _pytest(arguments: list[str], *, demanded: bool, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    if demanded:
        command += ["-p", "tests.nothing_skipped"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
