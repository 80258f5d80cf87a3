"""Whether two channels are two people (telehealth: microphone and tab) or one room heard twice.

Two people's channels are loud in turn; a room's are loud together. So: of the tenths of a second in which
anything is loud, in how many is one channel clearly louder than the other, and does each of them have its
share?
"""

import numpy as np

from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.port import RATE, Span

Channel = int | None
"""A channel's number, or None for the mean of all channels."""

FRAME_S = 0.1
CLEARLY_DB = 6.0
LOUD_DB = -40.0
"""Relative to the loudest tenth of a second."""
MOSTLY = 0.7
A_SHARE = 0.05
LEAK_DB = 10.0
"""A channel this much quieter than the other hears the other's voice through a loudspeaker."""


def channels_to_hear(pcm: Pcm) -> tuple[Channel, ...]:
    """(0, 1) when each channel is a person of its own, else (None,)."""
    if pcm.channels == 1:
        return (None,)
    levels = _levels_db(pcm)
    loud = levels.max(axis=1) > levels.max() + LOUD_DB
    difference = levels[loud, 0] - levels[loud, 1]
    first, second = float(np.mean(difference > CLEARLY_DB)), float(np.mean(difference < -CLEARLY_DB))
    apart = first + second >= MOSTLY and min(first, second) >= A_SHARE
    return (0, 1) if apart else (None,)


def without_leaks(pcm: Pcm, channel: int, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Only the spans in which this channel is not merely hearing the other."""
    return tuple(span for span in spans if _lead_db(pcm, channel, span) > -LEAK_DB)


def _lead_db(pcm: Pcm, channel: int, span: Span) -> float:
    power = [float(np.mean(np.square(pcm.part(span, c)))) + 1e-12 for c in (channel, 1 - channel)]
    return 10.0 * float(np.log10(power[0] / power[1]))


def _levels_db(pcm: Pcm) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Loudness per tenth of a second and channel, shape (n, 2), block by block."""
    step = round(FRAME_S * RATE)
    left, right = (
        np.concatenate([_powers(block, step) for block in pcm.blocks(channel)]) for channel in (0, 1)
    )
    return np.asarray(10.0 * np.log10(np.stack([left, right], axis=1) + 1e-12), dtype=np.float32)


def _powers(
    block: np.ndarray[tuple[int, ...], np.dtype[np.float32]], step: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    if len(block) < step:
        return np.asarray([np.mean(np.square(block))], dtype=np.float32)
    return np.asarray(
        np.mean(np.square(block[: len(block) // step * step].reshape(-1, step)), axis=1), dtype=np.float32
    )
