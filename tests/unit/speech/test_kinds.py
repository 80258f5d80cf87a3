"""What a file is, its bytes say: sound is read by one reader, and directions where to find sound are refused."""

import io
import struct
from pathlib import Path

import av
import pytest

from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.kinds import AUDIO_FORMATS, KINDS, reader_of
from holdspace.errors import HoldspaceError, NotAudio
from tests.unit.speech.sounds import silence, tone, wav_of
from tests.unit.speech.test_decode import encoded


@pytest.mark.parametrize(
    ("codec", "container", "reader"),
    [
        ("libopus", "ogg", "ogg"),
        ("libopus", "webm", "matroska"),
        ("libmp3lame", "mp3", "mp3"),
        ("aac", "mp4", "mov"),
        ("aac", "adts", "aac"),
        ("flac", "flac", "flac"),
        ("pcm_s16be", "aiff", "aiff"),
        ("pcm_s16le", "wav", "wav"),
        ("pcm_s16le", "w64", "w64"),
        ("pcm_s16le", "caf", "caf"),
    ],
)
def test_sound_is_known_by_its_first_bytes_and_read(codec: str, container: str, reader: str) -> None:
    data = encoded(1.0, codec, container)
    assert reader_of(data) == reader
    assert decode(data).duration_s == pytest.approx(1.0, abs=0.15)


def test_every_reader_on_the_list_is_one_that_ffmpeg_has() -> None:
    assert {kind.reader for kind in KINDS} | {"mp3", "aac"} <= av.formats_available


def wav_that_claims(*, channels: int = 1, rate: int = 16_000, samples: int = 1000) -> bytes:
    """A WAV file whose head says what nobody records."""
    body = bytes(2 * samples)
    width = 2 * channels
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate, (rate * width) & 0xFFFFFFFF, width & 0xFFFF, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(body))
        + b"WAVEfmt "
        + head
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )


ELSEWHERE = {
    "a list of files": b"ffconcat version 1.0\nfile other.wav\n",
    "a description of a network stream": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    b"m=audio 40000 RTP/AVP 0\n",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
    "a playlist of files": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
    "a manifest": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
}
NOT_SOUND = {
    "an archive": b"PK\x03\x04" + bytes(400),
    "a compressed file": b"\x1f\x8b\x08" + bytes(400),
    "a program": b"\x7fELF" + bytes(400),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(400),
    "a document": b"%PDF-1.7\n" + bytes(400),
    "a page": b"<html><script>alert(1)</script></html>",
    "a thousand channels": wav_that_claims(channels=1024),
    "one sample a day": wav_that_claims(rate=0),
    "one sample a second": wav_that_claims(rate=1),
    "four thousand million samples a second": wav_that_claims(rate=0xFFFFFFFF),
}


@pytest.mark.parametrize("data", [*ELSEWHERE.values(), *NOT_SOUND.values()], ids=[*ELSEWHERE, *NOT_SOUND])
def test_what_is_no_sound_or_points_elsewhere_is_refused(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.wav").write_bytes(wav_of(tone(3.0)))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAudio) as refused:
        decode(data)
    assert AUDIO_FORMATS in refused.value.then


def test_sound_that_is_also_something_else_is_heard_as_sound_and_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.wav").write_bytes(wav_of(tone(3.0)))
    monkeypatch.chdir(tmp_path)
    for other in (*ELSEWHERE.values(), *NOT_SOUND.values()):
        assert decode(wav_of(tone(1.0)) + other).duration_s == pytest.approx(1.0, abs=0.1)


def test_the_list_of_files_is_a_danger_where_the_reader_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why there is a list at all: left to itself, FFmpeg follows the first of them."""
    (tmp_path / "other.wav").write_bytes(wav_of(tone(3.0)))
    monkeypatch.chdir(tmp_path)
    with av.open(io.BytesIO(ELSEWHERE["a list of files"]), mode="r") as followed:
        assert sum(frame.samples for frame in followed.decode(audio=0)) == 48_000


def test_silence_packed_small_does_not_unpack_past_its_bounds() -> None:
    packed = encoded(60.0, "flac", "flac", rate=8_000)
    assert len(packed) < 2_000_000
    assert decode(packed).samples.nbytes == pytest.approx(60 * 32_000, rel=0.01)
    with pytest.raises(HoldspaceError, match="longer than 6 hours"):
        decode(wav_of(silence(6.1 * 3600, rate=1_000), rate=1_000))
