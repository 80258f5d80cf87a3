"""How the value of an encrypted field is sealed: the one place where a row, its owner's key and the cipher meet.

    1 byte version · 1 byte version of the envelope · 12 bytes nonce · ciphertext and tag

Version 2 is under the owner's own key. Values of version 1 stood under a key of the whole practice; they are still
read until vault/bring_over.py has sealed them anew, and never written.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from holdspace.vault import record_keys, session_keys
from holdspace.vault.envelope import VERSION as FIRST
from holdspace.vault.envelope import Tampered, seal_with, unseal, unseal_with
from holdspace.vault.keys import BEFORE_OWN_KEYS, ring
from holdspace.vault.whose import DRAFT, Owner, owner_of

OWN = b"\x02"
Values = Sequence[tuple[bytes, str]]
"""Sealed bytes, each with its identity."""


class Cipher(Protocol):
    """What seals and opens the fields; bench/pages.py puts one that does nothing in its place, to measure."""

    def seal(self, row: Any, purpose: str, plain: bytes, *, identity: str) -> bytes:
        """The bytes that go to the database."""
        ...

    def unseal(self, row: Any, purpose: str, sealed: bytes, *, identity: str) -> bytes:
        """What was sealed. Raises Destroyed, Tampered."""
        ...

    def unseal_all(self, row: Any, purpose: str, values: Values) -> list[bytes]:
        """What several values of one row are. Raises Destroyed, Tampered."""
        ...


class OwnersKey:
    """Seals under the key of whose row it is."""

    def seal(self, row: Any, purpose: str, plain: bytes, *, identity: str) -> bytes:
        """The bytes that go to the database."""
        return sealed_for(owner_of(row), purpose, plain, identity=identity)

    def unseal(self, row: Any, purpose: str, sealed: bytes, *, identity: str) -> bytes:
        """What was sealed. Raises Destroyed, Tampered."""
        if sealed[:1] == FIRST:
            return unseal(ring.key_for(f"{BEFORE_OWN_KEYS}{purpose}"), sealed, identity=identity)
        return unsealed_for(owner_of(row), purpose, sealed, identity=identity)

    def unseal_all(self, row: Any, purpose: str, values: Values) -> list[bytes]:
        """What several values of one row are; its key is looked for once. Raises Destroyed, Tampered."""
        ready, plain = None, []
        for sealed, identity in values:
            if sealed[:1] == OWN:
                ready = ready or _made_ready(owner_of(row), purpose)
                plain.append(unseal_with(ready, sealed[1:], identity=identity))
            else:
                plain.append(self.unseal(row, purpose, sealed, identity=identity))
        return plain


cipher: Cipher = OwnersKey()


def sealed_for(owner: Owner, purpose: str, plain: bytes, *, identity: str) -> bytes:
    """Seal what is kept in no field of ours, such as a library's own, under an owner's key."""
    ready = _ready(owner, purpose) or _cipher(owner, purpose, _key_for_saving(owner))
    return OWN + seal_with(ready, plain, identity=identity)


def unsealed_for(owner: Owner, purpose: str, sealed: bytes, *, identity: str) -> bytes:
    """What `sealed_for` sealed. Raises Destroyed, Tampered."""
    if sealed[:1] != OWN:
        raise Tampered("A stored record is not in a form Holdspace wrote.")
    return unseal_with(_made_ready(owner, purpose), sealed[1:], identity=identity)


def _made_ready(owner: Owner, purpose: str) -> Any:
    return _ready(owner, purpose) or _cipher(owner, purpose, _key(owner))


def _ready(owner: Owner, purpose: str) -> Any:
    if owner.kind == DRAFT:
        return session_keys.opened.ready((owner.id, DRAFT), f"field/{purpose}")
    return record_keys.opened.ready(owner, f"field/{purpose}")


def _key(owner: Owner) -> bytes:
    return session_keys.key_of(owner.id, DRAFT) if owner.kind == DRAFT else record_keys.key_of(owner)


def _key_for_saving(owner: Owner) -> bytes:
    if owner.kind == DRAFT:
        return session_keys.make_key(owner.id, owner.client_id, DRAFT)
    return record_keys.key_for_saving(owner)


def _cipher(owner: Owner, purpose: str, key: bytes) -> Any:
    if owner.kind == DRAFT:
        return session_keys.opened.cipher((owner.id, DRAFT), f"field/{purpose}", key)
    return record_keys.opened.cipher(owner, f"field/{purpose}", key)
