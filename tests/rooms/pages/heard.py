"""A session as the page hears it, and an ear that understands what it is told to."""

import zlib
from typing import Any

from django.test import Client as Browser

from holdspace.assist.speech_process import SpeechStopped
from holdspace.room.actions import captures
from holdspace.room.models import Capture, Session
from holdspace.room.pieces import of_capture
from tests.cast import Cast

HERS = "hers"
SECOND = bytes(range(256)) * 125  # 16,000 samples of 16 bits


def piece(start_s: float, text: str, channel: int = 0) -> dict[str, Any]:
    """A stretch as an ear gives it."""
    words = [
        {"text": word, "start_s": start_s + n * 0.3, "end_s": start_s + n * 0.3 + 0.2, "probability": 0.9}
        for n, word in enumerate(text.split())
    ]
    return {"channel": channel, "span": [start_s, start_s + 2.0], "words": words, "voices": []}


def begun(cast: Cast, session: Session, browser: str = HERS, mode: str = "room") -> Capture:
    return captures.begin_capture(cast.maya, session, mode=mode, note_format="DAP", token=browser)


def send(
    window: Browser,
    session: Session,
    number: int,
    *,
    browser: str = HERS,
    sound: bytes | None = None,
    whole: bytes = SECOND,
) -> Any:
    """A second as the page sends it; with `sound`, as it arrives when it is not whole any more."""
    return window.post(
        f"/sessions/{session.pk}/capture/sound/?number={number}&checksum={zlib.crc32(whole)}",
        data=whole if sound is None else sound,
        content_type="application/octet-stream",
        headers={"X-Capture": browser},
    )


def line(window: Browser, session: Session, **fields: str) -> Any:
    return window.post(f"/sessions/{session.pk}/capture/state/", fields, headers={"X-Capture": HERS})


class ScriptedEar:
    """Understands every second as it comes, unless it is told to be stuck or to die."""

    def __init__(self, begins_s: float) -> None:
        self.heard, self.language, self.is_stuck, self.dies = int(begins_s), "en", False, False
        self.is_forgotten = False
        self.fed: list[int] = []

    def feed(self, second: bytearray) -> list[dict[str, Any]]:
        if self.dies:
            raise SpeechStopped("The speech engine stopped.")
        self.fed.append(len(second))
        second[:] = bytes(len(second))
        if self.is_stuck:
            return []
        self.heard += 1
        return [piece(float(self.heard - 1), f"second {self.heard - 1}")]

    def try_again(self) -> list[dict[str, Any]]:
        if self.is_stuck:
            return []
        caught_up, self.heard = list(range(self.heard, len(self.fed))), len(self.fed)
        return [piece(float(n), f"second {n}") for n in caught_up]

    def finish(self) -> list[dict[str, Any]]:
        return []

    def forget(self) -> None:
        self.is_forgotten = True


def pieces_of(session: Session) -> list[dict[str, Any]]:
    """What was understood of a session and is not destroyed, hearing by hearing."""
    captures = Capture.objects.filter(session=session).order_by("began_at")
    return [values for capture in captures for values in of_capture(capture)]


def heard_words(session: Session) -> list[str]:
    return [
        word["text"] for values in pieces_of(session) for word in values["words"] if word["text"] != "second"
    ]
