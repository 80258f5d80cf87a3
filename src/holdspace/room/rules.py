"""The life of a draft run, and a transcript as plain values. No Django."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from holdspace.engines.transcript import Transcript, Turn, Word

HEAR, DRAFT = "hear", "draft"

QUEUED, HEARING, DRAFTING, DONE, FAILED = "queued", "hearing", "drafting", "done", "failed"
GOING = (QUEUED, HEARING, DRAFTING)
AT_WORK = (HEARING, DRAFTING)

MOST_TRIES = 3
SILENCE = timedelta(seconds=30)
"""A run whose worker says nothing for this long has lost it (hearing reports several times a second)."""


def is_lost(heartbeat_at: datetime | None, now: datetime) -> bool:
    """Whether a run at work has gone silent: its process was killed or its machine stopped."""
    return heartbeat_at is None or now - heartbeat_at > SILENCE


def identity(session_id: int) -> str:
    """What a sealed transcript is bound to."""
    return f"room_heardsession/{session_id}/transcript"


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
