"""What a process shut in as this installation's would be can reach: a process is begun, shut in, and tries.

    python -m holdspace.outbound.tried KIND

For who asks from outside, as `holdspace doctor` does. A server that runs is asked itself (`standing`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

from holdspace.enclosure.landlock import Limits
from holdspace.enclosure.places import DEVICES, program_files
from holdspace.enclosure.processes import MODEL, SERVER, SERVER_WITH_POSTGRES, SILENT, enclose
from holdspace.enclosure.seccomp import Rule
from holdspace.outbound.standing import Tried, keep_a_connection, standing

TABLES: dict[str, Sequence[Rule]] = {
    "server": SERVER,
    "server with PostgreSQL": SERVER_WITH_POSTGRES,
    "speech": SILENT,
    "language": MODEL,
}
LONGEST_S = 120


def tried_when_shut_in(kind: str) -> tuple[Tried, ...]:
    """What such a process could reach; nothing where it could not even begin."""
    if kind == "server" and os.environ.get("DATABASE_URL"):
        kind = "server with PostgreSQL"
    done = subprocess.run(  # noqa: S603  # this interpreter and a module of ours
        [sys.executable, "-P", "-m", "holdspace.outbound.tried", kind],
        capture_output=True,
        check=False,
        timeout=LONGEST_S,
    )
    try:
        return tuple(Tried(**told) for told in json.loads(done.stdout))
    except ValueError:
        return ()


def main(words: Sequence[str]) -> None:
    """Shut in, try, and say what was found."""
    (kind,) = words
    with suppress(OSError):  # whoever asks is shut in already, and so is this: none can be made any more
        keep_a_connection()
    enclose(TABLES[kind], Limits(writes=DEVICES, reads=program_files()))
    sys.stdout.write(json.dumps([asdict(tried) for tried in standing()]))


if __name__ == "__main__":
    main(sys.argv[1:])
