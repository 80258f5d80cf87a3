"""Whether two channels are two people (telehealth: microphone and tab) or one room heard twice.

Two people's channels are loud in turn; a room's are loud together. So: of the tenths of a second in which
anything is loud, in how many is one channel clearly louder than the other, and does each of them have its
share? And what each channel hears of the other through a loudspeaker is silenced, because words must not be said twice.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.port import RATE

Channel = int | None
"""A channel's number, or None for the mean of all channels."""
Levels = NDArray[np.float32]

FRAME_S = 0.1
CLEARLY_DB = 6.0
LOUD_DB = -40.0
"""Relative to the loudest tenth of a second."""
MOSTLY = 0.7
A_SHARE = 0.05
LEAK_DB = 10.0
"""A channel this much quieter than the other hears the other's voice through a loudspeaker."""
LEAK_FRAME = 320
"""Samples of the pieces (20 ms) in which one is told from the other."""
ECHO_FRAMES = 12
"""How long after it was said (a quarter of a second) a voice may still come out of the loudspeaker."""
QUIET_DB = -55.0
"""Below this the other says nothing that could leak."""


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


class Unleaking:
    """Silences, in sound that comes piece by piece, what each of two channels only hears of the other."""

    def __init__(self) -> None:
        self._before: Levels = np.full((ECHO_FRAMES, 2), -120.0, dtype=np.float32)

    def __call__(self, sound: NDArray[np.int16]) -> None:
        """Silence leaks in samples of shape (n, 2), in place; n is a whole number of frames but for the last piece."""
        levels = _frame_levels(sound)
        known = np.concatenate([self._before, levels])
        self._before = known[-ECHO_FRAMES:]
        lately = sliding_window_view(known, ECHO_FRAMES + 1, axis=0).max(axis=2)
        for channel in (0, 1):
            other = lately[:, 1 - channel]
            is_leak = (other > QUIET_DB) & (levels[:, channel] < other - LEAK_DB)
            sound[: len(is_leak) * LEAK_FRAME, channel][np.repeat(is_leak, LEAK_FRAME)] = 0


def _frame_levels(sound: NDArray[np.int16]) -> Levels:
    """Loudness (dB of full scale) of whole frames, per channel."""
    frames = sound[: len(sound) // LEAK_FRAME * LEAK_FRAME].reshape(-1, LEAK_FRAME, 2)
    power = np.mean(np.square(frames.astype(np.float32) / 32768.0), axis=1)
    return np.asarray(10.0 * np.log10(power + 1e-12), dtype=np.float32)


def _levels_db(pcm: Pcm) -> NDArray[np.float32]:
    """Loudness per tenth of a second and channel, shape (n, 2), block by block."""
    step = round(FRAME_S * RATE)
    left, right = (
        np.concatenate([_powers(block, step) for block in pcm.blocks(channel)]) for channel in (0, 1)
    )
    return np.asarray(10.0 * np.log10(np.stack([left, right], axis=1) + 1e-12), dtype=np.float32)


def _powers(block: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    if len(block) < step:
        return np.asarray([np.mean(np.square(block))], dtype=np.float32)
    return np.asarray(
        np.mean(np.square(block[: len(block) // step * step].reshape(-1, step)), axis=1), dtype=np.float32
    )
