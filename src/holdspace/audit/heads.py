"""Signed heads: one line that pins the whole log up to an entry, kept outside the database.

    holdspace-log 1204 <SHA-256 of entry 1204> 2026-11-24T09:00:00+00:00 <Ed25519 signature>

A signature alone cannot tell a log that was cut short from one that was always short; a head kept elsewhere can. Heads
are kept in a file beside the database, and on whatever the owner copies them to: paper, a mail to herself.

When the practice gets a new key, so does the log. What the older one signed stays genuine up to the entry at which it
was: its public half is kept, signed by the new one (`hand_over`). Dates do not tell, for the clock may have been ahead.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from holdspace.audit.models import ChainEnd, ChainStart, PastSigner
from holdspace.errors import LogBroken
from holdspace.vault.home import append, replace
from holdspace.vault.keys import LOG_HEADS, ring

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

    def is_genuine(self, past: list[PastSigner]) -> bool:
        """Whether this practice's key signed it, that of now or one of the `past`. Raises Locked."""
        text = _head_text(self.number, self.sha256, self.at)
        return _is_signed(text, self.signature) or any(
            _is_in_its_time(self, signer) and _verifies(_public(signer.public), text, self.signature)
            for signer in past
        )


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


def read_genuine(lines: Iterable[str]) -> list[Head | None]:
    """The heads on these lines; None for a line this practice did not write as well. Raises Locked."""
    past = _past_signers()
    return [head if head and head.is_genuine(past) else None for head in read(lines)]


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
    _drop_unfinished_line()
    append(kept_file(), head.line + "\n")
    return head


def _drop_unfinished_line() -> None:
    """A disk that was full, or a process that died, may have left half a line: it would be taken for a forged one."""
    with suppress(FileNotFoundError):
        written = kept_file().read_bytes()
        if written and not written.endswith(b"\n"):
            replace(kept_file(), written[: written.rfind(b"\n") + 1])


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


def signed_start(number: int, sha256: str) -> str:
    """The signature of where the chain begins, once its first entries were let go."""
    return _signature(_start_text(number, sha256))


def is_signed_start(start: ChainStart) -> bool:
    """Whether this practice's key signed that beginning."""
    return _is_signed(_start_text(start.number, start.sha256), start.signature)


def public_key() -> str:
    """The public half of the key that signs now, in hexadecimal."""
    return _key().public_key().public_bytes_raw().hex()


def hand_over(public: str) -> None:
    """The practice has a new key: it signs from now on, and says what the older one signed until now is genuine.

    Doing it twice does nothing new. What the older key had not signed is not signed by this one either.
    """
    with transaction.atomic():
        older = _public(public)
        for signer in PastSigner.objects.select_for_update():
            if _verifies(older, _signer_text(signer), signer.signature):
                _keep_signer(signer)
        if public not in {public_key(), *(signer.public for signer in _past_signers())}:
            _keep_signer(PastSigner(public=public, until=timezone.now(), last=_last_signed(older)))
        for row, text, sign in _ends():
            if _verifies(older, text, row.signature):
                row.signature = sign(row.number, row.sha256)
                row.save(update_fields=["signature"])


def _keep_signer(signer: PastSigner) -> None:
    signer.signature = _signature(_signer_text(signer))
    signer.save()


def _last_signed(key: Ed25519PublicKey) -> int:
    """The entry at which a key hands over; a later one where a head kept here says that the log was cut short since."""
    ends = ChainEnd.objects.select_for_update().values_list("number", flat=True)
    kept = (
        head.number
        for head in read(kept_lines())
        if head and _verifies(key, _head_text(head.number, head.sha256, head.at), head.signature)
    )
    return max([*ends, *kept], default=0)


def _is_in_its_time(head: Head, signer: PastSigner) -> bool:
    return head.at <= signer.until if signer.last is None else head.number <= signer.last


def _ends() -> Iterator[tuple[ChainEnd | ChainStart, str, Callable[[int, str], str]]]:
    for end in ChainEnd.objects.select_for_update():
        yield end, _end_text(end.number, end.sha256), signed_end
    for start in ChainStart.objects.select_for_update():
        yield start, _start_text(start.number, start.sha256), signed_start


def _past_signers() -> list[PastSigner]:
    return [
        signer for signer in PastSigner.objects.all() if _is_signed(_signer_text(signer), signer.signature)
    ]


def _signer_text(signer: PastSigner) -> str:
    said = f"{WORD} signer {signer.public} {signer.until.isoformat()}"
    return said if signer.last is None else f"{said} {signer.last}"


def _start_text(number: int, sha256: str) -> str:
    return f"{WORD} start {number} {sha256}"


def _end_text(number: int, sha256: str) -> str:
    return f"{WORD} end {number} {sha256}"


def _head_text(number: int, sha256: str, at: datetime) -> str:
    return f"{WORD} head {number} {sha256} {at.isoformat()}"


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.key_for(LOG_HEADS))


def _signature(text: str) -> str:
    return base64.urlsafe_b64encode(_key().sign(text.encode())).decode()


def _is_signed(text: str, signature: str) -> bool:
    return _verifies(_key().public_key(), text, signature)


def _public(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))


def _verifies(key: Ed25519PublicKey, text: str, signature: str) -> bool:
    try:
        key.verify(base64.urlsafe_b64decode(signature), text.encode())
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
