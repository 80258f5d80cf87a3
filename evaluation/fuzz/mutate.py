"""Makes what nobody meant to send out of what somebody did: bytes flipped, doubled, moved, cut, odd ones put in."""

from collections.abc import Callable
from random import Random

MARK = b"Zx9Qk7Wm"
"""Stands in every mutated input, so that a message that repeats any of it is seen."""
ODD = (
    b"\x00",
    b"\xff",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r\n",
    b"\n\n",
    b"-",
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"Infinity",
    b"null",
    b"true",
    b"9" * 30,
    b"9" * 5000,
    b"\xd9\xa3",
    b"\xc2\xb2",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"'",
    b":",
    b"&a",
    b"*a",
    b"!!python/none",
    b"<v ",
    b"-->",
    b"%00",
    b"\xe2\x80\xa8",
    b"\x7f",
    b"\xf0\x9f\x98\x80",
    b"|",
    b"=",
    b",",
    b"@",
    b"/",
    b"\\",
    b"a" * 300,
    b"[" * 500,
    b'{"a":' * 300,
)
MOST = 200_000


Change = Callable[[bytearray, int, int, Random], None]


def _scrambled(data: bytearray, at: int, till: int, random: Random) -> None:
    data[at:till] = bytes(random.randrange(256) for _ in range(till - at))


def _cut(data: bytearray, at: int, till: int, random: Random) -> None:  # noqa: ARG001  # as the others
    del data[at:till]


def _repeated(data: bytearray, at: int, till: int, random: Random) -> None:
    data[at:at] = data[at:till] * random.choice((1, 2, 50))


def _put_in(data: bytearray, at: int, till: int, random: Random) -> None:  # noqa: ARG001  # as the others
    data[at:at] = random.choice(ODD)


def _replaced(data: bytearray, at: int, till: int, random: Random) -> None:
    data[at:till] = random.choice(ODD)


def _flipped(data: bytearray, at: int, till: int, random: Random) -> None:  # noqa: ARG001  # as the others
    if at < len(data):
        data[at] ^= 1 << random.randrange(8)


def _ended(data: bytearray, at: int, till: int, random: Random) -> None:  # noqa: ARG001  # as the others
    del data[at:]


def _moved(data: bytearray, at: int, till: int, random: Random) -> None:
    to = random.randint(0, len(data))
    data[to:to] = bytes(data[at:till])


CHANGES: tuple[Change, ...] = (_scrambled, _cut, _repeated, _put_in, _replaced, _flipped, _ended, _moved)


def mutated(seed: bytes, random: Random) -> bytes:
    """One input made of a seed, one to six changes away."""
    data = bytearray(seed)
    for _ in range(random.randint(1, 6)):
        at = random.randint(0, len(data))
        till = min(len(data), at + random.choice((1, 1, 2, 4, 16, 64)))
        random.choice(CHANGES)(data, at, till, random)
    if random.random() < 0.5:
        at = random.randint(0, len(data))
        data[at:at] = MARK
    return bytes(data[:MOST])
