"""The life of a draft run, and a transcript as plain values. No Django."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from holdspace.engines.transcript import CLIENT, THERAPIST, Transcript

HEAR, DRAFT, HAND = "hear", "draft", "hand"
"""What a run is for. By hand nothing runs: it says that she writes the note herself."""

QUEUED, HEARING, DRAFTING, DONE, FAILED = "queued", "hearing", "drafting", "done", "failed"
GOING = (QUEUED, HEARING, DRAFTING)
AT_WORK = (HEARING, DRAFTING)

LIVE, PAUSED, OFF, ENDING, ENDED = "live", "paused", "off", "ending", "ended"
CAPTURING = (LIVE, PAUSED, OFF, ENDING)
"""A capture that is not over. `off` is off the record: as paused, and said so."""
BROWSER_GONE = timedelta(seconds=12)
"""Silence of a browser after which another one (or the same, reloaded) may go on with the capture."""
UNTOLD = timedelta(seconds=3)
"""Silence of a browser after which a capture that was ended from elsewhere does not wait for its last seconds."""
FORGOTTEN = timedelta(minutes=30)
"""Silence of a browser after which a capture ends itself, with what was heard."""
LONGEST_S = 6 * 3600
"""A capture left running ends itself after six hours."""
A_GAP_S = 2
"""Nothing heard of the page for this long while it was to be listening is marked in what was said."""
ROOM, CALL, DICTATION = "room", "call", "dictation"
CHANNELS = {ROOM: 1, CALL: 2, DICTATION: 1}
"""Ways to hear and their channels: one microphone in the room; on a call the therapist's microphone and the client's
sound, in this order; and the therapist alone, dictating."""
MODE_NAMES = {ROOM: "A session in the room", CALL: "A session on a call", DICTATION: "A dictation"}
LONGEST_DICTATION_S = 300
"""A dictation left running ends itself after five minutes."""
GIVEN_UP = timedelta(minutes=30)
"""How long an ended capture waits for a speech engine that does not answer, before it goes on with what it has."""
CONSENT, SWITCHED_OFF = "consent", "switched-off"
SIX_HOURS, FIVE_MINUTES, LEFT, UNEXPECTED = "six-hours", "five-minutes", "forgotten", "unexpected"
"""Why a capture ended: somebody's yes does not hold any more, hearing was switched off, it was left running or alone
for too long, or something broke that nobody foresaw. An error's own code where it was one; "" where she ended it."""
STRIKES = (1, 5)
"""Minutes that can be taken off the record afterwards."""

MOST_TRIES = 3
SILENCE = timedelta(seconds=30)
"""A run whose worker says nothing for this long has lost it (hearing reports several times a second). What was said in
a time to come was said by a clock that was ahead, and is over as well."""


def is_lost(heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a run at work has gone silent: its process was killed or its machine stopped."""
    return heartbeat_at is None or abs(now - heartbeat_at) > SILENCE


def identity(session_id: int) -> str:
    """What a sealed transcript is bound to."""
    return f"room_heardsession/{session_id}/transcript"


def piece_identity(piece_id: int) -> str:
    """What a sealed piece of a session is bound to."""
    return f"room_heardpiece/{piece_id}/words"


FIRST_WORDS = 12
"""Words of each speaker's first turn by which she sees who was taken for whom."""


def swapped(transcript: Transcript) -> Transcript:
    """The two speakers the other way round; two who were not told who they are become the therapist and the client."""
    roles = {THERAPIST: CLIENT, CLIENT: THERAPIST, "speaker 1": THERAPIST, "speaker 2": CLIENT}
    return renamed(transcript, roles)


def renamed(transcript: Transcript, roles: Mapping[str, str]) -> Transcript:
    """Every turn of a speaker under the role said to be theirs."""
    turns = tuple(replace(turn, speaker=roles.get(turn.speaker, turn.speaker)) for turn in transcript.turns)
    return replace(transcript, turns=turns)


def given_to(transcript: Transcript, index: int, role: str) -> Transcript:
    """One turn given to another speaker. Turns keep their numbers, because evidence names them."""
    turns = tuple(
        replace(turn, speaker=role, is_doubtful=False) if turn.index == index else turn
        for turn in transcript.turns
    )
    return replace(transcript, turns=turns)


def roles_in(transcript: Transcript, expected: Sequence[str]) -> tuple[str, ...]:
    """Whom a turn may be given to: who is expected in the room, and who else was found in it."""
    return tuple(dict.fromkeys((THERAPIST, *expected, *(turn.speaker for turn in transcript.turns))))


def first_words(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """Each speaker with the beginning of what they said first."""
    firsts: dict[str, str] = {}
    for turn in transcript.turns:
        words = turn.text.split()
        firsts.setdefault(turn.speaker, " ".join(words[:FIRST_WORDS]) + " …" * (len(words) > FIRST_WORDS))
    return tuple(firsts.items())


def as_values(transcript: Transcript) -> dict[str, Any]:
    """The transcript as JSON values."""
    return asdict(transcript)


def gap(start_s: float, length_s: float) -> dict[str, Any]:
    """Seconds that could not be heard, among the pieces that could."""
    return {"channel": 0, "span": [start_s, start_s], "words": [], "voices": [], "gap": length_s}


def jotted_below(jottings: str, text: str) -> str:
    """Her jottings with a dictation below them."""
    return f"{jottings.rstrip()}\n{text}".strip() if text else jottings


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A turn as its page shows it, or a gap (`missing_s` above 0) in which nothing could be heard."""

    index: int
    speaker: str
    text: str
    start_s: float
    is_doubtful: bool
    missing_s: float = 0.0


def lines_of(transcript: Transcript) -> tuple[SaidLine, ...]:
    """The turns in order, with the gaps between them."""
    turns = [
        SaidLine(turn.index, turn.speaker, turn.text, turn.start_s, turn.is_doubtful)
        for turn in transcript.turns
    ]
    gaps = [
        SaidLine(-1, "", "", gap.start_s, is_doubtful=False, missing_s=gap.length_s)
        for gap in transcript.gaps
    ]
    return tuple(sorted((*turns, *gaps), key=lambda line: line.start_s))
