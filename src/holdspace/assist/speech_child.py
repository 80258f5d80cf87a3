"""The speech process: the one place where sound is turned into words. `assist/enclosed.py` begins it.

It knows no practice, no database and no key. It is asked over a socket that only its parent has, answers one question
after the other, and ends when the parent does. A recording takes minutes; between its stretches what live sessions
ask is answered first.
"""

import json
import os
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from holdspace.assist.line import Begun
from holdspace.assist.spoken import as_values, company_of, rounded
from holdspace.engines.speech.activity import SileroActivity
from holdspace.engines.speech.ear import Ear
from holdspace.engines.speech.live import LiveEar
from holdspace.engines.speech.port import Recogniser
from holdspace.engines.speech.recogniser_http import CONTENT_TYPE, HttpRecogniser
from holdspace.engines.speech.recogniser_whisper import WhisperRecogniser
from holdspace.engines.speech.voice_wespeaker import WeSpeakerVoices
from holdspace.errors import EngineFailed, HoldspaceError
from holdspace.outbound.gateway import sender
from holdspace.outbound.standing import standing
from holdspace.vault.memory import guard_memory

Question = tuple[dict[str, Any], bytearray]
KIND = 5
"""How much the pages of a busy machine go before hearing (steps of `nice`)."""

THREADS = 1
"""Threads that hear. A second makes it an eighth quicker for a fifth more of the processor, which pages need."""


class Desk:
    """Answers what the parent asks. `ear` hears; every live session has an ear of its own."""

    def __init__(self, connection: Connection, ear: Ear) -> None:
        self._connection = connection
        self._ear = ear
        self._live: dict[int, tuple[LiveEar, int]] = {}
        self._later: deque[Question] = deque()
        self._abandoned: set[int] = set()
        self._answers: dict[str, Callable[[dict[str, Any], bytearray], dict[str, Any]]] = {
            "open": self._open,
            "feed": self._feed,
            "finish": self._finish,
            "forget": self._forget,
            "abandon": self._abandon,
            "voice": self._voice,
            "hear": self._hear,
            "standing": self._standing,
        }

    def serve(self) -> None:
        """Answer until the parent is gone."""
        while True:
            self._answer(self._later.popleft() if self._later else self._asked())

    def _asked(self) -> Question:
        asked = json.loads(self._connection.recv_bytes())
        sound = bytearray(asked["size"])
        if sound:
            self._connection.recv_bytes_into(sound)
        return asked, sound

    def _answer(self, question: Question) -> None:
        asked, sound = question
        try:
            is_strange = asked["what"] in ("feed", "finish") and asked["session"] not in self._live
            # A session that began in a process that died is begun anew by its listener.
            told = {"gone": True} if is_strange else self._answers[asked["what"]](asked, sound)
        except HoldspaceError as error:
            told = {"error": [error.code, error.what, error.kept, error.then]}
        except Exception as error:  # noqa: BLE001  # outermost loop: a traceback could carry what was said
            told = {"error": ["engine-failed", "The speech engine stopped.", "", type(error).__name__]}
        finally:
            sound[:] = bytes(len(sound))
        self._tell({"id": asked["id"], **told})

    def _tell(self, told: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(told).encode())

    def _open(self, asked: dict[str, Any], _sound: bytearray) -> dict[str, Any]:
        if before := self._live.pop(asked["session"], None):
            before[0].forget()
        ear = self._ear.live(
            channels=asked["channels"],
            vocabulary=asked["vocabulary"],
            begins_s=asked["begins_s"],
            people=asked["people"],
        )
        self._live[asked["session"]] = ear, asked["channels"]
        return {}

    def _feed(self, asked: dict[str, Any], sound: bytearray) -> dict[str, Any]:
        ear, channels = self._live[asked["session"]]
        samples = np.frombuffer(sound, dtype=np.int16).reshape(-1, channels)
        return _understood(ear, lambda: as_values(ear.feed(samples)))

    def _finish(self, asked: dict[str, Any], _sound: bytearray) -> dict[str, Any]:
        ear, _ = self._live[asked["session"]]
        told = _understood(ear, lambda: as_values(ear.finish()))
        if not told["is_stuck"]:
            del self._live[asked["session"]]
        return told

    def _forget(self, asked: dict[str, Any], _sound: bytearray) -> dict[str, Any]:
        """Overwrite what a session's ear holds, without asking a model what it was."""
        if found := self._live.pop(asked["session"], None):
            found[0].forget()
        return {}

    def _abandon(self, asked: dict[str, Any], _sound: bytearray) -> dict[str, Any]:
        """A recording is not to be heard any further; one that waits is overwritten."""
        self._abandoned.add(asked["recording"])
        for question, sound in self._later:
            if question["id"] == asked["recording"]:
                sound[:] = bytes(len(sound))
        self._later = deque(waiting for waiting in self._later if waiting[0]["id"] != asked["recording"])
        return {}

    def _voice(self, _asked: dict[str, Any], sound: bytearray) -> dict[str, Any]:
        samples = np.frombuffer(sound, dtype=np.int16).astype(np.float32) / 32768.0
        voice, speech_s = self._ear.voice_in(samples)
        samples.fill(0.0)
        return {"voice": rounded(voice) if voice is not None else None, "speech_s": speech_s}

    def _standing(self, _asked: dict[str, Any], _sound: bytearray) -> dict[str, Any]:
        return {"standing": [asdict(tried) for tried in standing()]}

    def _hear(self, asked: dict[str, Any], sound: bytearray) -> dict[str, Any]:
        def tell(step: str, fraction: float) -> None:
            self._tell({"id": asked["id"], "step": step, "fraction": fraction})
            self._answer_the_living()
            if asked["id"] in self._abandoned:
                raise EngineFailed("The recording was not heard to its end.")

        try:
            heard = self._ear.hear(
                bytes(sound),
                vocabulary=asked["vocabulary"],
                progress=tell,
                company=company_of(asked["people"], asked["therapist"]),
            )
        finally:
            self._abandoned.discard(asked["id"])
        return {"transcript": asdict(heard)}

    def _answer_the_living(self) -> None:
        """What sessions going on ask now; another recording waits for its turn."""
        while self._connection.poll():
            question = self._asked()
            if question[0]["what"] == "hear":
                self._later.append(question)
            else:
                self._answer(question)


def _understood(ear: LiveEar, listen: Callable[[], list[dict[str, Any]]]) -> dict[str, Any]:
    """What an ear says now. A recogniser that fails leaves it stuck: it keeps its sound and is asked again."""
    is_stuck, pieces = False, list[dict[str, Any]]()
    try:
        pieces = listen()
    except EngineFailed:
        is_stuck = True
    return {
        "pieces": pieces,
        "heard": int(ear.heard_until_s),
        "language": ear.language,
        "is_stuck": is_stuck,
    }


def main(begun: Begun) -> None:
    """Serve on its line, with the weights given by folder, or the server by address."""
    guard_memory()
    os.nice(KIND)
    whisper, voices, url, model = begun.arguments
    recogniser: Recogniser = (
        HttpRecogniser(sender(begun.gateway, content_type=CONTENT_TYPE), url, model)
        if begun.gateway
        else WhisperRecogniser(Path(whisper), threads=THREADS)
    )
    ear = Ear(recogniser, SileroActivity(), WeSpeakerVoices(Path(voices), threads=THREADS))
    Desk(begun.line, ear).serve()
