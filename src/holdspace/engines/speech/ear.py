"""An ear: the engines Holdspace ships, put together once and used for many recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from holdspace.engines.speech.activity import SileroActivity, SileroStream
from holdspace.engines.speech.decode import Pcm, decode
from holdspace.engines.speech.hear import Progress, hear
from holdspace.engines.speech.live import LiveEar
from holdspace.engines.speech.port import (
    RATE,
    ActivityReader,
    Recogniser,
    Samples,
    Span,
    Voice,
    VoiceReader,
)
from holdspace.engines.speech.recogniser_whisper import WhisperRecogniser
from holdspace.engines.speech.speakers import voices_in
from holdspace.engines.speech.voice_wespeaker import WeSpeakerVoices
from holdspace.engines.speech.who import ALONE_WITH_CLIENT, Company
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
        self,
        data: bytes,
        *,
        vocabulary: Sequence[str] = (),
        progress: Progress | None = None,
        company: Company = ALONE_WITH_CLIENT,
    ) -> Transcript:
        """Hear a recording given as its file's bytes. Raises NotAudio or NoSpeech."""
        return self.listen(decode(data), vocabulary=vocabulary, progress=progress, company=company)

    def voice_in(self, samples: Samples) -> tuple[Voice | None, float]:
        """The voice of the one person who speaks in the samples, and for how many seconds; None when nobody does."""
        spans = self.activity.find([samples])
        windows = voices_in(spans, _part_of(samples), self.voices, _quietly)
        if not windows:
            return None, 0.0
        mean = np.average(
            np.stack([window.voice for window in windows]),
            axis=0,
            weights=[window.span.length_s for window in windows],
        )
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32), sum(span.length_s for span in spans)

    def live(
        self,
        *,
        channels: int,
        vocabulary: Sequence[str] = (),
        begins_s: float = 0.0,
        people: int = 2,
    ) -> LiveEar:
        """An ear for one session as it happens; it shares this one's recogniser and voice reader.

        One channel is everybody's; of two the second is shared where more than two people come.
        """
        return LiveEar(
            self.recogniser,
            [SileroStream() for _ in range(channels)],
            self.voices,
            vocabulary=vocabulary,
            begins_s=begins_s,
            tells_apart=0 if channels == 1 else (1 if people > channels else None),
        )

    def listen(
        self,
        pcm: Pcm,
        *,
        vocabulary: Sequence[str] = (),
        progress: Progress | None = None,
        company: Company = ALONE_WITH_CLIENT,
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
                company=company,
            )
        finally:
            pcm.forget()


def _part_of(samples: Samples) -> Callable[[Span], Samples]:
    return lambda span: samples[round(span.start_s * RATE) : round(span.end_s * RATE)]


def _quietly(_fraction: float) -> None:
    """A few seconds are heard in a moment."""
