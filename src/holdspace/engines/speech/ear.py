"""An ear: the engines Holdspace ships, put together once and used for many recordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from holdspace.engines.speech.activity import SileroActivity, SileroStream
from holdspace.engines.speech.decode import Pcm, decode
from holdspace.engines.speech.hear import Progress, hear
from holdspace.engines.speech.live import LiveEar
from holdspace.engines.speech.port import ActivityReader, Recogniser, VoiceReader
from holdspace.engines.speech.recogniser_whisper import WhisperRecogniser
from holdspace.engines.speech.voice_wespeaker import WeSpeakerVoices
from holdspace.engines.transcript import Transcript

RECOGNISER_WEIGHTS = "whisper-base"
VOICE_WEIGHTS = "wespeaker-voxceleb"


@dataclass(frozen=True, slots=True)
class Ear:
    """A recogniser, an activity reader and a voice reader. One recording at a time."""

    recogniser: Recogniser
    activity: ActivityReader
    voices: VoiceReader

    @classmethod
    def load(cls, *, whisper: Path, voices: Path, threads: int = 0) -> Self:
        """Load the shipped engines from their weights. Raises WeightsDamaged if they cannot be loaded."""
        return cls(
            WhisperRecogniser(whisper, threads=threads),
            SileroActivity(),
            WeSpeakerVoices(voices, threads=threads),
        )

    def hear(
        self, data: bytes, *, vocabulary: Sequence[str] = (), progress: Progress | None = None
    ) -> Transcript:
        """Hear a recording given as its file's bytes. Raises NotAudio or NoSpeech."""
        return self.listen(decode(data), vocabulary=vocabulary, progress=progress)

    def live(self, *, channels: int, vocabulary: Sequence[str] = (), begins_s: float = 0.0) -> LiveEar:
        """An ear for one session as it happens; it shares this one's recogniser and voice reader."""
        return LiveEar(
            self.recogniser,
            [SileroStream() for _ in range(channels)],
            self.voices,
            vocabulary=vocabulary,
            begins_s=begins_s,
        )

    def listen(
        self, pcm: Pcm, *, vocabulary: Sequence[str] = (), progress: Progress | None = None
    ) -> Transcript:
        """Hear a decoded recording and forget its samples, whatever happens."""
        try:
            return hear(
                pcm,
                recogniser=self.recogniser,
                activity=self.activity,
                voices=self.voices,
                vocabulary=vocabulary,
                progress=progress,
            )
        finally:
            pcm.forget()
