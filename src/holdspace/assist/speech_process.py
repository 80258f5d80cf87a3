"""The speech process as the rooms use it: begun when first needed, begun anew when it died, shared by all sessions.

No engine is imported here: sound and words cross a socket, and the pages of this process stay quick while the other
hears. A process that dies takes the sound it held with it and nothing else: what it had understood is kept already, and
the browser still has the seconds since.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from holdspace.engines.transcript import Transcript
from holdspace.errors import EngineFailed, HoldspaceError, Unavailable

Values = dict[str, Any]
Progress = Callable[[str, float], None]
KEPT_NAMES = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "OMP_NUM_THREADS")
"""What the speech process sees of the environment: no passphrase file, no database."""
GONE: Values = {"gone": True}


class SpeechStopped(Unavailable):
    """The speech process died while it was asked."""

    code = "speech-stopped"


@dataclass(frozen=True, slots=True)
class Voices:
    """Who is in the room, in plain values: how many people, and the therapist's own voice where she gave it."""

    people: int = 2
    therapist: list[float] | None = None


ALONE_WITH_CLIENT = Voices()


class SpeechProcess:
    """One speech process and its line. Any thread may ask."""

    def __init__(self, *, whisper: Path | None, voices: Path, url: str = "", model: str = "") -> None:
        self._arguments = (str(whisper or ""), str(voices), url, model)
        self._lock = Lock()
        self._numbers = count()
        self._line: _Line | None = None

    @property
    def pid(self) -> int | None:
        """The process that hears now, if there is one."""
        line = self._line
        return line.process.pid if line and line.is_open else None

    def ask(
        self, what: str, sound: bytes | bytearray = b"", tell: Progress | None = None, **fields: Any
    ) -> Values:
        """Ask and wait for the answer. Raises SpeechStopped, or what the engine raised."""
        with self._lock:
            if self._line is None or not self._line.is_open:
                self._line = _Line.begun(self._arguments)
            line, number = self._line, next(self._numbers)
            answers = line.send({"id": number, "what": what, "size": len(sound), **fields}, sound)
        while "step" in (told := answers.get()):
            if tell is not None:
                tell(told["step"], told["fraction"])
        if "gone" in told:
            raise SpeechStopped("The speech engine stopped.", then="It is started anew.")
        if "error" in told:
            raise _error(*told["error"])
        return told

    def hear(
        self,
        data: bytes,
        *,
        vocabulary: Sequence[str] = (),
        progress: Progress | None = None,
        voices: Voices = ALONE_WITH_CLIENT,
    ) -> Transcript:
        """Hear a recording given as its file's bytes. Raises NotAudio, NoSpeech, SpeechStopped."""
        told = self.ask(
            "hear",
            data,
            progress,
            vocabulary=list(vocabulary),
            people=voices.people,
            therapist=voices.therapist,
        )
        return Transcript.from_values(told["transcript"])

    def voice_in(self, pcm: bytearray) -> tuple[list[float] | None, float]:
        """The voice of the one person who speaks in 16-bit samples, and for how many seconds."""
        told = self.ask("voice", pcm)
        return told["voice"], told["speech_s"]

    def listening(
        self, session: int, *, channels: int, vocabulary: Sequence[str], begins_s: float, people: int
    ) -> "Listening":
        """An ear for a session that is going on; one that had the number before is forgotten."""
        self.ask(
            "open",
            session=session,
            channels=channels,
            vocabulary=list(vocabulary),
            begins_s=begins_s,
            people=people,
        )
        return Listening(self, session, int(begins_s))

    def stop(self) -> None:
        """End the process; what it holds is lost."""
        with self._lock:
            if self._line is not None:
                self._line.close()


@dataclass(slots=True)
class Listening:
    """The ear of one session. `heard`: whole seconds understood; `is_stuck` while the recogniser cannot answer."""

    process: SpeechProcess
    session: int
    heard: int
    language: str = ""
    is_stuck: bool = False

    def feed(self, second: bytearray) -> list[Values]:
        """Give a second of samples (16-bit, channels beside each other), which is overwritten; pieces that ended."""
        try:
            return self._told(self.process.ask("feed", second, session=self.session))
        finally:
            second[:] = bytes(len(second))

    def try_again(self) -> list[Values]:
        """Ask once more for what a stuck ear holds."""
        return self._told(self.process.ask("feed", session=self.session))

    def finish(self) -> list[Values]:
        """What was still open. Unless it is stuck, no sample is left afterwards."""
        return self._told(self.process.ask("finish", session=self.session))

    def _told(self, told: Values) -> list[Values]:
        self.heard, self.is_stuck = told["heard"], told["is_stuck"]
        self.language = told["language"] or self.language
        return list(told["pieces"])


@dataclass(slots=True)
class _Line:
    """A running process, our end of its socket, and who waits for which answer."""

    process: "subprocess.Popen[bytes]"
    connection: Connection
    is_open: bool = True
    waiting: dict[int, "SimpleQueue[Values]"] = field(default_factory=dict)

    @classmethod
    def begun(cls, arguments: Sequence[str]) -> "_Line":
        """A new process, and a thread that reads its answers."""
        ours, theirs = Pipe()
        process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of ours
            [sys.executable, "-P", "-m", "holdspace.assist.speech_child", str(theirs.fileno()), *arguments],
            env={name: os.environ[name] for name in KEPT_NAMES if name in os.environ},
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what an engine prints could carry what was said
        )
        theirs.close()
        line = cls(process, ours)
        Thread(target=line.read, name="holdspace-speech", daemon=True).start()
        return line

    def send(self, asked: Values, sound: bytes | bytearray) -> "SimpleQueue[Values]":
        """Ask; the queue gives the answers as they come."""
        answers: SimpleQueue[Values] = SimpleQueue()
        self.waiting[asked["id"]] = answers
        try:
            self.connection.send_bytes(json.dumps(asked).encode())
            if sound:
                self.connection.send_bytes(sound)
        except OSError:
            answers.put(GONE)
        return answers

    def read(self) -> None:
        """Hand out answers until the process is gone; whoever waits then is told so."""
        try:
            while True:
                told = json.loads(self.connection.recv_bytes())
                waiting = self.waiting if "step" in told else None
                answers = waiting.get(told["id"]) if waiting else self.waiting.pop(told["id"], None)
                if answers is not None:
                    answers.put(told)
        except (EOFError, OSError):
            self.is_open = False
            self.process.wait()
            for answers in list(self.waiting.values()):
                answers.put(GONE)

    def close(self) -> None:
        """End the process."""
        self.is_open = False
        self.process.kill()


def _error(code: str, what: str, kept: str, then: str) -> HoldspaceError:
    """The engine's error as it was raised over there."""
    kinds = [HoldspaceError]
    for kind in kinds:
        if kind.code == code:
            return kind(what, kept=kept, then=then)
        kinds += kind.__subclasses__()
    return EngineFailed(what, kept=kept, then=then)
