"""The trial's sound: made-up noise that nothing else on this machine has, then the sample session's first words."""

import secrets
import wave
from functools import cache
from importlib.resources import files
from io import BytesIO

import av
import numpy as np

from holdspace.room.live_audio import CHUNK_S, RATE

SPOKEN_S = 24
NOISE_S = 2
LOUD = 9000
SECOND = round(CHUNK_S * RATE)


def trial_sound() -> tuple[list[bytes], list[bytes]]:
    """Seconds of 16-bit samples at 16 kHz: those of noise, of this run alone, and those of speech."""
    random = np.random.default_rng(secrets.randbits(64))
    noise = random.integers(-LOUD, LOUD, NOISE_S * SECOND).astype("<i2")
    return _seconds(noise.tobytes()), _seconds(_sample()[: SPOKEN_S * SECOND * 2])


@cache
def _sample() -> bytes:
    """The sample session as samples."""
    recording = files("holdspace.demo_data").joinpath("session.ogg").read_bytes()
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(BytesIO(recording), mode="r") as container:
        parts = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        return b"".join(part.to_ndarray().tobytes() for part in parts)


def as_wave(samples: bytes) -> bytes:
    """The samples as a WAVE file."""
    made = BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes(samples)
    return made.getvalue()


def _seconds(samples: bytes) -> list[bytes]:
    size = SECOND * 2
    return [samples[at : at + size] for at in range(0, len(samples) - size + 1, size)]
