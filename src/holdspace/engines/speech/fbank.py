"""The 80 filter banks that speaker models are trained on, in numpy: Kaldi's recipe as WeSpeaker uses it.

Source: Kaldi `compute-fbank-feats` (frames of 25 ms every 10 ms, pre-emphasis 0.97, Hamming window,
512-point power spectrum, mel from 20 Hz to 8 kHz, natural logarithm), then the mean of each band taken off
(WeSpeaker, `apply_cmvn`).
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from holdspace.engines.speech.port import RATE, Samples

FRAME = 400
STEP = 160
SPECTRUM = 512
BANDS = 80
LOWEST_HZ = 20.0
PREEMPHASIS = 0.97
FULL_SCALE = 32768.0
"""Kaldi computes on 16-bit values; it matters only for the floor of the logarithm."""


def filter_banks(samples: Samples) -> NDArray[np.float32]:
    """Shape (frames, 80), each band with mean zero. Needs at least one frame (25 ms)."""
    frames = sliding_window_view(samples * np.float32(FULL_SCALE), FRAME)[::STEP].astype(np.float32)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    windowed = (frames - PREEMPHASIS * before) * np.hamming(FRAME)
    power = np.abs(np.fft.rfft(windowed, SPECTRUM)) ** 2
    bands = np.log(np.maximum(power @ _mel_filters().T, np.finfo(np.float32).eps))
    return np.asarray(bands - bands.mean(axis=0), dtype=np.float32)


def _mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log(1.0 + np.asarray(hz) / 700.0))


@cache
def _mel_filters() -> NDArray[np.float64]:
    """Triangles, evenly spaced in mel, over the bins of the spectrum: shape (80, 257)."""
    edges = np.linspace(_mel(LOWEST_HZ), _mel(RATE / 2), BANDS + 2)
    bins = _mel(np.arange(SPECTRUM // 2 + 1) * RATE / SPECTRUM)
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0.0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))
