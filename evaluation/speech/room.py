"""What a room, a microphone and a telephone line do to clean speech. Everything is drawn from a seeded generator."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

Sound = NDArray[np.float32]

RATE = 16_000
RT60_S = (0.4, 0.6)
DIRECT_DB = (0.0, 4.0)
"""How much louder the direct sound is than all of the room's: somebody one to two metres away."""
FIRST_ECHO_S = 0.003
SNR_DB = 15.0
HUM_HZ, HUM_DB = (60.0, 120.0, 180.0), -6.0
"""Mains hum and its overtones, and how loud it is beside the pink noise."""
LEAK_DB, LEAK_DELAY_S = -25.0, 0.04
HISS = 0.0003
"""Root mean square of what a quiet microphone gives, 44 dB under speech: digital silence exists nowhere."""
NOISE_LOOP_S = 30


def echo(chance: np.random.Generator) -> Sound:
    """The impulse response of one person's place in a room; the direct sound is its first sample."""
    rt60 = chance.uniform(*RT60_S)
    at_s = np.arange(int(rt60 * RATE)) / RATE
    tail = chance.standard_normal(len(at_s)) * 10 ** (-3.0 * at_s / rt60)
    tail[at_s < FIRST_ECHO_S] = 0.0
    direct = np.sqrt(np.sum(tail**2)) * 10 ** (chance.uniform(*DIRECT_DB) / 20)
    tail[0] = direct
    return np.asarray(tail / np.sqrt(np.sum(tail**2)), np.float32)


def in_room(sound: Sound, response: Sound) -> Sound:
    """`sound` with its echoes, as long as both together."""
    return np.asarray(fftconvolve(sound, response), np.float32)


def noise(samples: int, chance: np.random.Generator) -> Sound:
    """Pink noise with hum, of root mean square 1: thirty seconds that join their own beginning."""
    loop = NOISE_LOOP_S * RATE
    spectrum = np.fft.rfft(chance.standard_normal(loop))
    heights = np.sqrt(np.maximum(np.fft.rfftfreq(loop, 1 / RATE), 20.0))
    pink = np.fft.irfft(spectrum / heights, loop)
    at_s = np.arange(loop) / RATE
    hum = np.sum([np.sin(2 * np.pi * hertz * at_s) / (n + 1) for n, hertz in enumerate(HUM_HZ)], axis=0)
    both = pink / np.std(pink) + hum / np.std(hum) * 10 ** (HUM_DB / 20)
    return np.resize(np.asarray(both / np.std(both), np.float32), samples)


def noisy(speech: Sound, active: NDArray[np.bool_], chance: np.random.Generator) -> Sound:
    """`speech` with noise 15 dB under its power where somebody speaks."""
    level = float(np.sqrt(np.mean(speech[active] ** 2))) * 10 ** (-SNR_DB / 20)
    return np.asarray(speech + level * noise(len(speech), chance), np.float32)


def call(people: Mapping[str, Sound], channel_of: Mapping[str, int], chance: np.random.Generator) -> Sound:
    """Two channels, shape (n, 2): each its own people, the other channel's quieter and a little later, and hiss."""
    own = [together([sound for person, sound in people.items() if channel_of[person] == n]) for n in (0, 1)]
    delay, share = int(LEAK_DELAY_S * RATE), 10 ** (LEAK_DB / 20)
    leaks = [np.pad(other[:-delay], (delay, 0)) * share for other in reversed(own)]
    return np.stack([hissing(mine + leak, chance) for mine, leak in zip(own, leaks, strict=True)], axis=1)


def together(sounds: Sequence[Sound]) -> Sound:
    """All of them at once."""
    return np.asarray(np.sum(sounds, axis=0), np.float32)


def hissing(sound: Sound, chance: np.random.Generator) -> Sound:
    """With the hiss of a microphone."""
    return np.asarray(sound + HISS * chance.standard_normal(len(sound), dtype=np.float32), np.float32)
