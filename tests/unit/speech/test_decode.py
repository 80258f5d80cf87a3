"""From bytes to samples: whatever FFmpeg reads, in memory, and a clear word for what it cannot read."""

import io
import resource
from fractions import Fraction

import av
import numpy as np
import pytest

from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.port import RATE, Span
from holdspace.errors import BadInput, NotAudio
from tests.unit.speech.sounds import HIGH_HZ, pcm_of, silence, tone, wav_of

SLOW = 1_000
"""Samples per second of a recording whose hours fit into a few megabytes."""


def encoded(seconds: float, codec: str, container: str, rate: int = 48_000) -> bytes:
    """A tone in another format than WAV."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as file:
        audio = file.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(audio, av.AudioStream)
        samples = (tone(seconds, rate=rate) * 32767).astype(np.int16)
        step = rate // 10
        for start in range(0, len(samples), step):
            piece = samples[start : start + step].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return stream.getvalue()


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 96_000])
def test_any_sample_rate_becomes_sixteen_thousand(rate: int) -> None:
    pcm = decode(wav_of(tone(2.0, rate=rate), rate=rate))

    assert pcm.duration_s == pytest.approx(2.0, abs=0.05)
    loudest = np.abs(np.fft.rfft(pcm.part(Span(0.5, 1.5)))).argmax()
    assert loudest == pytest.approx(150, abs=2)


@pytest.mark.parametrize(
    ("codec", "container"),
    [("libopus", "ogg"), ("libopus", "webm"), ("libmp3lame", "mp3"), ("aac", "mp4"), ("flac", "flac")],
)
def test_the_formats_people_have_are_read(codec: str, container: str) -> None:
    pcm = decode(encoded(2.0, codec, container))

    assert pcm.duration_s == pytest.approx(2.0, abs=0.15)
    assert not pcm.cut_off
    assert float(np.abs(pcm.part(Span(0.5, 1.5))).max()) == pytest.approx(0.3, abs=0.05)


def test_two_channels_stay_two() -> None:
    pcm = decode(wav_of(tone(1.0), silence(1.0)))

    assert pcm.channels == 2
    assert np.abs(pcm.part(Span(0.2, 0.8), channel=0)).max() > 0.2
    assert np.abs(pcm.part(Span(0.2, 0.8), channel=1)).max() < 0.01


def test_more_than_two_channels_become_one() -> None:
    assert decode(wav_of(*[tone(1.0)] * 6)).channels == 1


@pytest.mark.parametrize(
    "data", [b"", b"not audio at all, only words" * 50, b"\x00" * 5000, b"%PDF-1.7\n", wav_of(silence(0.0))]
)
def test_what_is_not_audio_is_refused_and_says_what_to_bring(data: bytes) -> None:
    with pytest.raises(NotAudio) as refused:
        decode(data)
    assert refused.value.then
    assert refused.value.exit_code == 3


def test_a_recording_that_was_cut_off_keeps_what_was_there_and_says_so() -> None:
    whole = wav_of(tone(10.0))
    pcm = decode(whole[: len(whole) * 4 // 10])

    assert pcm.cut_off
    assert pcm.duration_s == pytest.approx(4.0, abs=0.1)
    assert not decode(whole).cut_off


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize(
    ("codec", "container"), [("libopus", "ogg"), ("libmp3lame", "mp3"), ("flac", "flac")]
)
def test_a_compressed_recording_cut_off_anywhere_is_read_as_far_as_it_goes(
    codec: str, container: str, share: float
) -> None:
    whole = encoded(20.0, codec, container)

    assert 0.0 < decode(whole[: int(len(whole) * share)]).duration_s <= 20.1


def test_a_damaged_middle_does_not_stop_the_reading() -> None:
    whole = bytearray(encoded(10.0, "libmp3lame", "mp3"))
    whole[len(whole) // 2 : len(whole) // 2 + 400] = bytes(400)

    assert decode(bytes(whole)).duration_s > 4.0


def test_blocks_are_the_whole_recording_and_never_all_of_it_at_once() -> None:
    pcm = pcm_of(tone(25.0, HIGH_HZ))
    blocks = list(pcm.blocks(length_s=10.0))

    assert [len(block) / RATE for block in blocks] == [10.0, 10.0, 5.0]
    assert np.array_equal(np.concatenate(blocks), pcm.part(Span(0.0, 25.0)))


def test_three_hours_take_less_memory_than_their_floats_would() -> None:
    hours = 3
    data = wav_of(silence(hours * 3600.0, rate=SLOW), rate=SLOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pcm = decode(data)

    assert pcm.duration_s == pytest.approx(hours * 3600, abs=1)
    assert pcm.samples.nbytes < 350e6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 900e3  # kilobytes


def test_a_small_file_that_unpacks_to_days_is_refused() -> None:
    with pytest.raises(BadInput, match="longer than 6 hours"):
        decode(wav_of(silence(6.1 * 3600, rate=SLOW), rate=SLOW))
