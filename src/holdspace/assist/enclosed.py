"""Begins a process that hears or words: shut in first, before an engine is even loaded.

    python -m holdspace.assist.enclosed KIND LINE GATEWAY ARGUMENTS...

LINE and GATEWAY are file numbers: the line to its parent, and one to the gateway or -1.
"""

# ruff: noqa: PLC0415  # an engine is loaded when its process is shut in, not before

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from holdspace.assist.line import Begun
from holdspace.enclosure.landlock import Limits
from holdspace.enclosure.places import DEVICES, program_files
from holdspace.enclosure.processes import MODEL, SILENT, enclose
from holdspace.enclosure.seccomp import Rule
from holdspace.outbound.gateway import Gateway


def _speech(begun: Begun) -> None:
    from holdspace.assist.speech_child import main as hear

    hear(begun)


def _language(begun: Begun) -> None:
    from holdspace.assist.language_child import main as word

    word(begun)


KINDS: dict[str, tuple[Callable[[Begun], None], Sequence[Rule]]] = {
    "speech": (_speech, SILENT),
    "language": (_language, MODEL),
}


def main(words: Sequence[str]) -> None:
    """Shut this process in and serve until the parent is gone. It reads programs and the weights it is given."""
    kind, line, out, *arguments = words
    serve, table = KINDS[kind]
    weights = [Path(argument) for argument in arguments if Path(argument).is_absolute()]
    enclosed = enclose(table, Limits(writes=DEVICES, reads=(*program_files(), *weights)))
    gateway = Gateway(Connection(int(out))) if int(out) >= 0 else None
    with suppress(EOFError, OSError):  # the parent is gone
        serve(Begun(Connection(int(line)), gateway, tuple(arguments), enclosed.has_filter))
    os._exit(0)  # an engine's threads may wait for ever


if __name__ == "__main__":
    main(sys.argv[1:])
