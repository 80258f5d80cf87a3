"""What a file is, by its first bytes and never by its name; only kinds of sound on this list are decoded.

FFmpeg reads hundreds of formats, and some are not sound but directions where to find some: a `concat` list makes it
open files of the server, an `sdp` description makes it listen on the network. So it is told which one reader to use,
and each of these reads nothing but the bytes it was given.
"""

from dataclasses import dataclass

from holdspace.errors import NotAudio

AUDIO_FORMATS = "WAV, MP3, M4A, OGG, WebM, FLAC, AAC or AIFF"

LONGEST_TAG = 4 * 1024 * 1024
"""Bytes of an ID3 tag (its pictures) that may stand before the sound."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sound file: FFmpeg's reader, and bytes that stand at a place from the start."""

    reader: str
    at: int
    magic: bytes
    also_at: int = 0
    also: bytes = b""

    def fits(self, data: bytes) -> bool:
        """Whether these bytes begin such a file."""
        return data[self.at : self.at + len(self.magic)] == self.magic and (
            data[self.also_at : self.also_at + len(self.also)] == self.also
        )


KINDS = (
    Kind("wav", 0, b"RIFF", 8, b"WAVE"),
    Kind("wav", 0, b"RF64", 8, b"WAVE"),
    Kind("w64", 0, b"riff\x2e\x91\xcf\x11"),
    Kind("aiff", 0, b"FORM", 8, b"AIF"),
    Kind("caf", 0, b"caff"),
    Kind("mov", 4, b"ftyp"),
    Kind("ogg", 0, b"OggS"),
    Kind("matroska", 0, b"\x1a\x45\xdf\xa3"),
    Kind("flac", 0, b"fLaC"),
    Kind("amr", 0, b"#!AMR"),
)
ID3 = b"ID3"
_SYNC = 0xFF


def reader_of(data: bytes) -> str:
    """The one reader for this file, or nothing where it is no sound we take."""
    for kind in KINDS:
        if kind.fits(data):
            return kind.reader
    return _streamed(data)


def check_is_sound(data: bytes) -> None:
    """Raise NotAudio unless the first bytes are those of a kind of sound we take."""
    if not data:
        raise NotAudio("The file is empty.", then="Choose the recording again.")
    if not reader_of(data):
        raise not_audio()


def not_audio() -> NotAudio:
    """What is said of a file that is no sound."""
    return NotAudio("No sound could be read from this file.", then=f"Holdspace reads {AUDIO_FORMATS}.")


def _streamed(data: bytes) -> str:
    """MP3 and AAC have a head for each frame only: eleven bits set (MPEG), or twelve with layer 0 (ADTS)."""
    start = _after_tag(data)
    head = data[start : start + 2]
    if len(head) < 2 or head[0] != _SYNC or head[1] & 0xE0 != 0xE0:
        return "mp3" if start else ""
    layer = head[1] & 0x06
    if layer == 0:
        return "aac" if head[1] & 0xF0 == 0xF0 else ""
    return "mp3"


def _after_tag(data: bytes) -> int:
    """Where the sound begins: after an ID3 tag, whose length stands in four bytes of seven bits."""
    if data[:3] != ID3 or len(data) < 10 or any(byte & 0x80 for byte in data[6:10]):
        return 0
    length = 0
    for byte in data[6:10]:
        length = length << 7 | byte
    return 10 + length if length <= LONGEST_TAG else 0
