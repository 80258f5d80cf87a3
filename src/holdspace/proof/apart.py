"""What the promise “it works without a network” begins: hears the trial's sound, drafts a note, and says what it made.

    python -m holdspace.proof.apart WEIGHTS WHISPER VOICES PARSER

It knows no practice, no database and no key. Sound and words stay in this process and the one that hears for it.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from holdspace.assist.rules import Record, SomeoneThere
from holdspace.assist.speech_process import SpeechProcess
from holdspace.assist.tools import DraftingTools
from holdspace.enclosure import seccomp
from holdspace.enclosure.processes import SERVER
from holdspace.errors import HoldspaceError, NotReady
from holdspace.outbound.standing import standing
from holdspace.proof.sound import as_wave, trial_sound
from holdspace.weights.store import Store

DEVICES, ROUTES = Path("/proc/net/dev"), Path("/proc/net/route")
HEAD_LINES = 2
SEEN_AS_NONE = "lo"


OVER_A_NETWORK = frozenset(
    {
        "a TCP connection",
        "a TCP connection over IPv6",
        "a UDP packet",
        "a name asked of a name server",
        "a raw IPv6 packet",
        "a raw Ethernet packet",
        "a connection by native code",
        "a connection by way of io_uring",
        "connecting by sending (fast open)",
    }
)
"""Of all ways out of a process (outbound/standing.py), those that lead to a network."""


def made(weights: Path, whisper: str, voices: str, parser: str) -> dict[str, Any]:
    """How much was heard and drafted, and with how many ways to a network."""
    if ways := _ways():
        return {"ways": ways, "words": 0, "sentences": 0}
    store = Store(weights)
    speech = SpeechProcess(whisper=store.path(whisper), voices=store.path(voices))
    try:
        heard = speech.hear(as_wave(b"".join(trial_sound()[1])))
    finally:
        speech.stop()
    tools = DraftingTools.load(
        parser=store.path(parser), learns_voice=False, own_formats=Path("nowhere"), ahead={}
    )
    told = Record(heard.turns, SomeoneThere("therapist", "T"), SomeoneThere("client", "C"), note_format="DAP")
    draft = tools.draft(told, 0)
    return {
        "ways": ways,
        "words": sum(len(turn.text.split()) for turn in heard.turns),
        "sentences": sum(len(section.sentences) for section in draft.sections),
    }


def _ways() -> int:
    """Ways to another machine: none where there is no network at all, or where the system refuses every one."""
    still_open = [one for one in standing() if one.what in OVER_A_NETWORK and not one.is_refused]
    return min(_interfaces(), len(still_open))


def _interfaces() -> int:
    """Interfaces that are not this machine itself, and routes."""
    names = [line.partition(":")[0].strip() for line in DEVICES.read_text().splitlines()[HEAD_LINES:]]
    routes = ROUTES.read_text().splitlines()[1:] if ROUTES.exists() else []
    return len([name for name in names if name != SEEN_AS_NONE]) + len(routes)


def main(words: Sequence[str]) -> None:
    """Hear, draft, and say what was made as JSON.

    Whatever began it, it is under a server's filter with an embedded database: a server with PostgreSQL may call other
    programs, and through them a name server.
    """
    seccomp.install(SERVER)
    try:
        told = made(Path(words[0]), *words[1:])
    except NotReady as error:
        told = {"missing": error.what}
    except HoldspaceError as error:
        told = {"broke": error.code}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
