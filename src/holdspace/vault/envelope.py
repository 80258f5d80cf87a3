"""Seals and opens bytes with AES-256-GCM. The identity of what is sealed is its associated data.

    1 byte version · 12 bytes nonce · ciphertext and tag

Two sealed values cannot be swapped: the row, field and purpose they belong to are part of what is authenticated
(an audit of Standard Notes found swappable ciphertexts; FACTS: Security).
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdspace.errors import HoldspaceError

VERSION = b"\x01"
NONCE_BYTES = 12


class Tampered(HoldspaceError):
    """Sealed bytes that do not open where they stand: changed, moved, or sealed under another key."""

    code = "tampered"


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return AESGCM.generate_key(bit_length=256)


def derived(key: bytes, purpose: str) -> bytes:
    """The 256-bit key for one purpose, so that no key is used for two things."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"holdspace/{purpose}".encode()).derive(key)


def seal(key: bytes, plain: bytes, *, identity: str) -> bytes:
    """Encrypt `plain`; it will open only under the same key and identity."""
    return seal_with(AESGCM(key), plain, identity=identity)


def seal_with(cipher: AESGCM, plain: bytes, *, identity: str) -> bytes:
    """`seal` with a cipher that is made already."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, plain, VERSION + identity.encode())


def unseal(key: bytes, sealed: bytes, *, identity: str) -> bytes:
    """Decrypt what `seal` made. Raises Tampered if anything about it is not as it was."""
    return unseal_with(AESGCM(key), sealed, identity=identity)


def unseal_with(cipher: AESGCM, sealed: bytes, *, identity: str) -> bytes:
    """`unseal` with a cipher that is made already."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION or len(nonce) != NONCE_BYTES:
        raise Tampered("A stored record is not in a form Holdspace wrote.")
    try:
        return cipher.decrypt(nonce, body, VERSION + identity.encode())
    except InvalidTag:
        raise Tampered(
            "A stored record does not open where it stands.", then="Restore it from a backup."
        ) from None
