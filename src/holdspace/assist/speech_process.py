"""The speech process as the rooms use it: begun when first needed, begun anew when it died, shared by all sessions.

No engine is imported here: sound and words cross a socket, and the pages of this process stay quick while the other
hears. A process that dies takes the sound it held with it and nothing else: what it had understood is kept already, and
the browser still has the seconds since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdspace.assist.line import ChildProcess, Progress, Values
from holdspace.engines.transcript import Transcript
from holdspace.errors import Unavailable
from holdspace.outbound.gateway import reaching


class SpeechStopped(Unavailable):
    """The speech process died while it was asked."""

    code = "speech-stopped"


@dataclass(frozen=True, slots=True)
class Voices:
    """Who is in the room, in plain values: how many people, and the therapist's own voice where she gave it."""

    people: int = 2
    therapist: list[float] | None = None


ALONE_WITH_CLIENT = Voices()


class SpeechProcess(ChildProcess):
    """One speech process and its line. Any thread may ask."""

    def __init__(self, *, whisper: Path | None, voices: Path, url: str = "", model: str = "") -> None:
        super().__init__(
            "speech",
            (str(whisper or ""), str(voices), url, model),
            stopped=lambda: SpeechStopped("The speech engine stopped.", then="It is started anew."),
            passed=lambda: reaching(url).line([url]) if url else None,
        )

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

    def forget(self) -> None:
        """Overwrite what it holds of the session, and ask no model what it was."""
        self.process.ask("forget", session=self.session)

    def _told(self, told: Values) -> list[Values]:
        self.heard, self.is_stuck = told["heard"], told["is_stuck"]
        self.language = told["language"] or self.language
        return list(told["pieces"])
