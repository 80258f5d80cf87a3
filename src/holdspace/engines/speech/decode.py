"""From a file's bytes to samples, in memory and nowhere else. What a file is, its bytes say (kinds.py).

Samples are kept as 16-bit integers: a session of three hours takes 350 MB a channel instead of 700 MB.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from av import AudioFrame, AudioResampler
from av import open as read_container  # reads from memory; nothing under this folder touches a file
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from holdspace.engines.speech.kinds import check_is_sound, not_audio, reader_of
from holdspace.engines.speech.port import RATE, Samples, Span
from holdspace.errors import BadInput

LONGEST_HOURS = 6
"""Longer recordings are refused: no session is that long, and a small file can unpack to any size."""

SHORTFALL_S = 2.0
"""A recording that ends this much before its own header says was cut off."""

UNSAID = 0xFFFF_FFFF
"""What a WAV file that was streamed says about its length."""
SLACK = 1024
"""Bytes of padding or trailing remarks that recorders count wrongly."""

MOST_CHANNELS = 8
"""More microphones than anyone records a session with; FFmpeg would mix thousands, slowly."""
RATES = range(1_000, 384_001)
"""Samples a second that a recorder makes. Of one a day, a few bytes would unpack to years."""
ON_ITS_OWN = {"protocol_whitelist": "none", "format_probesize": "65536"}
"""A reader opens nothing but the bytes it is given: no file, no address."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Samples at 16 kHz, shape (n, channels), int16. `cut_off` when the file ends before its header says."""

    samples: NDArray[np.int16]
    cut_off: bool = False

    @property
    def duration_s(self) -> float:
        return len(self.samples) / RATE

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    def part(self, span: Span, channel: int | None = None) -> Samples:
        """The samples of a span as float32: one channel's, or the mean of all."""
        return _floats(self.samples[round(span.start_s * RATE) : round(span.end_s * RATE)], channel)

    def blocks(self, channel: int | None = None, length_s: float = 10.0) -> Iterator[Samples]:
        """The whole recording in consecutive blocks, so that it never exists as floats all at once."""
        step = round(length_s * RATE)
        for start in range(0, len(self.samples), step):
            yield _floats(self.samples[start : start + step], channel)

    def forget(self) -> None:
        """Fill the samples with silence, once they were heard."""
        self.samples.fill(0)


def decode(data: bytes) -> Pcm:
    """Decode a whole recording. Raises NotAudio if nothing in it can be read as sound."""
    check_is_sound(data)
    try:
        with read_container(
            BytesIO(data), format=reader_of(data), mode="r", options=ON_ITS_OWN, metadata_errors="ignore"
        ) as container:
            samples, promised_s = _read(container)
    except FFmpegError as error:
        raise not_audio() from error
    return Pcm(samples, cut_off=_is_cut_off(data) or len(samples) / RATE < promised_s - SHORTFALL_S)


def _read(container: InputContainer) -> tuple[NDArray[np.int16], float]:
    """All samples of the first audio stream, and how long its header says it is (0 if it does not say)."""
    if not container.streams.audio:
        raise not_audio()
    promised_s = container.duration / 1_000_000 if container.duration else 0.0
    _refuse_if_endless(promised_s)
    stream = container.streams.audio[0]
    if stream.codec_context is None:  # of a kind FFmpeg has no decoder for
        raise not_audio()
    if stream.rate not in RATES or not 0 < stream.channels <= MOST_CHANNELS:
        raise not_audio()
    channels = stream.channels if stream.channels in (1, 2) else 1
    resampler = AudioResampler(format="s16", layout="stereo" if channels == 2 else "mono", rate=RATE)
    pieces: list[NDArray[np.int16]] = []
    length = 0
    for resampled in _resampled(container, resampler):
        piece = resampled.to_ndarray().reshape(-1, channels).astype(np.int16, copy=False)
        pieces.append(piece)
        length += len(piece)
        _refuse_if_endless(length / RATE)  # a header may promise less than there is
    if not length:
        raise not_audio()
    return _joined(pieces, length, channels), promised_s


def _joined(pieces: list[NDArray[np.int16]], length: int, channels: int) -> NDArray[np.int16]:
    """One array of all pieces, each let go as it is taken: a long recording is in memory once, not twice."""
    whole = np.empty((length, channels), dtype=np.int16)
    at = length
    while pieces:
        piece = pieces.pop()
        whole[at - len(piece) : at] = piece
        at -= len(piece)
    return whole


def _resampled(container: InputContainer, resampler: AudioResampler) -> Iterator[AudioFrame]:
    """Frames at our rate until the end or the first damage: what was read before is kept."""
    with suppress(
        FFmpegError, ValueError
    ):  # cut off, damaged, or of another rate: it could not be placed in time
        for frame in container.decode(audio=0):
            yield from resampler.resample(frame)
    with suppress(FFmpegError, ValueError):
        yield from resampler.resample(None)


def _floats(samples: NDArray[np.int16], channel: int | None) -> Samples:
    chosen = samples[:, channel] if channel is not None else samples.mean(axis=1, dtype=np.float32)
    return np.ascontiguousarray(chosen, dtype=np.float32) / np.float32(32768.0)


def _is_cut_off(data: bytes) -> bool:
    """Whether a WAV file is shorter than it says, which FFmpeg passes over. 0: it does not say."""
    said = int.from_bytes(data[4:8], "little")
    return data[:4] == b"RIFF" and 0 < said < UNSAID and len(data) < said + 8 - SLACK


def _refuse_if_endless(seconds: float) -> None:
    if seconds > LONGEST_HOURS * 3600:
        raise BadInput(
            f"The recording is longer than {LONGEST_HOURS} hours.", then="Cut it into sessions and try again."
        )
