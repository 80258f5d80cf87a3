"""Signed heads: one line that pins the whole log up to an entry, kept outside the database.

    holdspace-log 1204 <SHA-256 of entry 1204> 2026-11-24T09:00:00+00:00 <Ed25519 signature>

A signature alone cannot tell a log that was cut short from one that was always short; a head kept elsewhere can. Heads
are kept in a file beside the database, and on whatever the owner copies them to: paper, a mail to herself.
"""

import base64
import binascii
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from holdspace.audit.models import ChainEnd
from holdspace.errors import LogBroken
from holdspace.vault.keys import ring

WORD = "holdspace-log"
FILE = "log-heads.txt"
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Head:
    """The log up to entry `number`, as it stood at `at`."""

    number: int
    sha256: str
    at: datetime
    signature: str

    @property
    def line(self) -> str:
        """The head as one line of plain text."""
        return f"{WORD} {self.number} {self.sha256} {self.at.isoformat()} {self.signature}"

    @property
    def is_genuine(self) -> bool:
        """Whether this practice's key signed it. Raises Locked while the practice is not open."""
        return _is_signed(_head_text(self.number, self.sha256, self.at), self.signature)


def taken() -> Head | None:
    """A head of the log as it stands; None before the first entry. Raises LogBroken for an end that is not ours."""
    end = ChainEnd.objects.filter(pk=1).first()
    if end is None:
        return None
    if not is_signed_end(end):
        raise LogBroken(
            "The end of the log was not signed by this practice.", then="Run `holdspace audit verify`."
        )
    at = timezone.now().replace(microsecond=0)
    return Head(end.number, end.sha256, at, _signature(_head_text(end.number, end.sha256, at)))


def read(lines: Iterable[str]) -> list[Head | None]:
    """The heads on these lines; None for a line that is none. Lines that are empty are passed over."""
    return [_read(line) for line in lines if line.strip()]


def kept_file() -> Path:
    """Where heads are kept on this machine."""
    folder: Path = settings.CONFIG.home
    return folder / FILE


def keep() -> Head | None:
    """Add a head of the log to the file, unless the newest line there says the same already. Raises LogBroken."""
    head = taken()
    if head is None:
        return None
    lines = kept_lines()
    newest = _read(lines[-1]) if lines else None
    if newest is not None and newest.number == head.number:
        return newest
    kept_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(kept_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stream:
        stream.write(head.line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return head


def kept_lines() -> list[str]:
    """The lines of the file, as they stand."""
    try:
        return kept_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def signed_end(number: int, sha256: str) -> str:
    """The signature of the chain's end."""
    return _signature(_end_text(number, sha256))


def is_signed_end(end: ChainEnd) -> bool:
    """Whether this practice's key signed that end."""
    return _is_signed(_end_text(end.number, end.sha256), end.signature)


def _end_text(number: int, sha256: str) -> str:
    return f"{WORD} end {number} {sha256}"


def _head_text(number: int, sha256: str, at: datetime) -> str:
    return f"{WORD} head {number} {sha256} {at.isoformat()}"


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.key_for("log-heads"))


def _signature(text: str) -> str:
    return base64.urlsafe_b64encode(_key().sign(text.encode())).decode()


def _is_signed(text: str, signature: str) -> bool:
    try:
        _key().public_key().verify(base64.urlsafe_b64decode(signature), text.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _read(line: str) -> Head | None:
    parts = line.split()
    if len(parts) != _PARTS or parts[0] != WORD:
        return None
    try:
        return Head(int(parts[1]), parts[2], datetime.fromisoformat(parts[3]), parts[4])
    except ValueError:
        return None
