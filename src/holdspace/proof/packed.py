"""What is packed inside other bytes, unpacked: zlib and gzip streams, and recordings in any container PyAV can read."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO

import av

_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_CONTAINER = re.compile(
    rb"RIFF....WAVE|fLaC\x00|OggS\x00|\x1aE\xdf\xa3|....ftyp|FORM....AIFF|ID3[\x02-\x04]", re.DOTALL
)
EITHER_KIND = 32 + zlib.MAX_WBITS
MOST_UNPACKED = 64 * 1024 * 1024
LEAST_UNPACKED = 512
"""Bytes; two bytes that look like the head of a stream are everywhere, and what comes of them is shorter."""
MOST_CONTAINERS = 50


def unpacked(content: bytes) -> Iterator[bytes]:
    """Everything that can be unpacked out of these bytes."""
    whole = memoryview(content)  # a slice of bytes would copy megabytes for each pair that looks like a head
    for found in _STREAM.finditer(content):
        plain = _inflated(whole[found.start() : found.start() + MOST_UNPACKED])
        if len(plain) >= LEAST_UNPACKED:
            yield plain
    for _, found in zip(range(MOST_CONTAINERS), _CONTAINER.finditer(content), strict=False):
        yield from _decoded(whole[found.start() : found.start() + MOST_UNPACKED])


def _inflated(content: memoryview) -> bytes:
    try:
        return zlib.decompressobj(EITHER_KIND).decompress(content, MOST_UNPACKED)
    except zlib.error:
        return b""


def _decoded(content: memoryview) -> Iterator[bytes]:
    """The samples of a recording, as 16 bits at their own rate."""
    try:
        with av.open(BytesIO(content), mode="r") as container:
            resampler = av.AudioResampler(format="s16", layout="mono")
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    yield part.to_ndarray().tobytes()
    except (av.FFmpegError, ValueError, IndexError):
        return
