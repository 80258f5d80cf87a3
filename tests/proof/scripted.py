"""Ears that understand what they are told to, in the place of the process that hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SAID = (
    (5, "How have you slept, and how was the panic since we met last week?"),
    (9, "I slept about five hours on most nights and I woke up early with worry."),
    (13, "Two panic attacks came on the bridge and I had to pull over and breathe."),
    (17, "Last month I had six of them, and I practised the breathing every evening."),
)
"""What is understood, by the second at which it ends."""


def piece(end_s: int, text: str) -> dict[str, Any]:
    """A stretch as ears give it."""
    words = [
        {"text": word, "start_s": end_s - 3 + n * 0.2, "end_s": end_s - 2.9 + n * 0.2, "probability": 0.9}
        for n, word in enumerate(text.split())
    ]
    return {"channel": 0, "span": [end_s - 3.0, float(end_s)], "words": words, "voices": [], "again": False}


@dataclass(slots=True)
class ScriptedListening:
    """The ear of one session."""

    heard: int
    said: Sequence[tuple[int, str]]
    language: str = "en"
    is_stuck: bool = False

    def feed(self, second: bytearray) -> list[dict[str, Any]]:
        """Overwrite a second, and understand what ends with it."""
        second[:] = bytes(len(second))
        self.heard += 1
        return [piece(end_s, text) for end_s, text in self.said if end_s == self.heard]

    def try_again(self) -> list[dict[str, Any]]:
        """It is never stuck."""
        return []

    def finish(self) -> list[dict[str, Any]]:
        """Nothing is open at the end."""
        return []

    def forget(self) -> None:
        """It holds nothing."""


@dataclass(slots=True)
class ScriptedEars:
    """The process that hears, as the doorway knows it. `pid` is the process that is looked at as if it heard."""

    pid: int
    said: Sequence[tuple[int, str]] = SAID

    def listening(self, session: int, *, begins_s: float, **_: object) -> ScriptedListening:
        """An ear for a session."""
        del session
        return ScriptedListening(int(begins_s), self.said)

    def stop(self) -> None:
        """There is no process to end."""


@dataclass(slots=True)
class Kept:
    """The doorway's memory of the process it began."""

    ears: ScriptedEars
    currsize: int = 1

    def __call__(self, *_: object) -> ScriptedEars:
        """The one there is."""
        return self.ears

    def cache_info(self) -> "Kept":
        """It has begun one."""
        return self
