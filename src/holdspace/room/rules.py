"""The life of a draft run, and a transcript as plain values. No Django."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from holdspace.engines.transcript import CLIENT, THERAPIST, Transcript, Turn, Word

HEAR, DRAFT = "hear", "draft"

QUEUED, HEARING, DRAFTING, DONE, FAILED = "queued", "hearing", "drafting", "done", "failed"
GOING = (QUEUED, HEARING, DRAFTING)
AT_WORK = (HEARING, DRAFTING)

LIVE, PAUSED, OFF, ENDING, ENDED = "live", "paused", "off", "ending", "ended"
CAPTURING = (LIVE, PAUSED, OFF, ENDING)
"""A capture that is not over. `off` is off the record: as paused, and said so."""
BROWSER_GONE = timedelta(seconds=12)
"""Silence of a browser after which another one (or the same, reloaded) may go on with the capture."""
FORGOTTEN = timedelta(minutes=30)
"""Silence of a browser after which a capture ends itself, with what was heard."""
LONGEST_S = 6 * 3600
"""A capture left running ends itself after six hours."""
STRIKES = (1, 5)
"""Minutes that can be taken off the record afterwards."""

MOST_TRIES = 3
SILENCE = timedelta(seconds=30)
"""A run whose worker says nothing for this long has lost it (hearing reports several times a second)."""


def is_lost(heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a run at work has gone silent: its process was killed or its machine stopped."""
    return heartbeat_at is None or now - heartbeat_at > SILENCE


def identity(session_id: int) -> str:
    """What a sealed transcript is bound to."""
    return f"room_heardsession/{session_id}/transcript"


def piece_identity(piece_id: int) -> str:
    """What a sealed piece of a session is bound to."""
    return f"room_heardpiece/{piece_id}/words"


_SWAPPED = {
    THERAPIST: CLIENT,
    CLIENT: THERAPIST,
    "speaker 1": THERAPIST,
    "speaker 2": CLIENT,
}
FIRST_WORDS = 12
"""Words of each speaker's first turn by which she sees who was taken for whom."""


def swapped(transcript: Transcript) -> Transcript:
    """The two speakers the other way round; two who were not told who they are become the therapist and the client."""
    turns = tuple(
        replace(turn, speaker=_SWAPPED.get(turn.speaker, turn.speaker)) for turn in transcript.turns
    )
    return replace(transcript, turns=turns)


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


def from_values(values: dict[str, Any]) -> Transcript:
    """The transcript back from what `as_values` made."""
    return Transcript(
        turns=tuple(
            Turn(**{**turn, "words": tuple(Word(**word) for word in turn["words"])})
            for turn in values["turns"]
        ),
        language=values["language"],
        duration_s=values["duration_s"],
    )
