"""Who else may keep a secret that opens the practice: the system's keyring, or a key service. One port, one method.

    secret ──wrap──▶ token, kept in the key file        token ──unwrap──▶ secret        token ──forget──▶ nothing

Neither ever sees the practice's key: it is sealed under the secret in the key file, so that what they keep opens
nothing without this folder, and this folder nothing without them.
"""

import base64
import json
from collections.abc import Callable
from typing import Final, Literal, Protocol

import keyring
from keyring.errors import KeyringError

from holdspace.errors import NotReady, Unavailable
from holdspace.vault.envelope import new_key

Way = Literal["wrap", "unwrap", "forget"]
WRAP: Final = "wrap"
UNWRAP: Final = "unwrap"
FORGET: Final = "forget"
Send = Callable[[str, bytes], bytes]
SERVICE = "holdspace"


class KeeperUnavailable(NotReady):
    """The keyring or key service that is to open the practice does not answer, or does not have its secret."""

    code = "keeper-unavailable"


class Keeper(Protocol):
    """Keeps a secret for us."""

    def turn(self, way: Way, material: bytes) -> bytes:
        """A secret into the token it is found by, a token into its secret, or a token's secret forgotten (b"")."""
        ...


class SystemKeyring:
    """The operating system's own: Keychain, Credential Locker, Secret Service, KWallet."""

    def turn(self, way: Way, material: bytes) -> bytes:
        """As the port says. Raises KeeperUnavailable where the system has no keyring, or has it locked."""
        try:
            return {WRAP: self._wrapped, UNWRAP: self._unwrapped, FORGET: self._forgotten}[way](material)
        except KeyringError as error:
            raise KeeperUnavailable(
                f"This system has no keyring that Holdspace can use{' just now' if way == UNWRAP else ''}.",
                then="Open the practice with its passphrase."
                if way == UNWRAP
                else "Leave the unattended start off, or name a file in HOLDSPACE_PASSPHRASE_FILE.",
            ) from error

    def _wrapped(self, secret: bytes) -> bytes:
        token = new_key().hex()[:16]
        keyring.set_password(SERVICE, token, base64.b64encode(secret).decode())
        return token.encode()

    def _unwrapped(self, token: bytes) -> bytes:
        found = keyring.get_password(SERVICE, token.decode())
        if found is None:
            raise KeeperUnavailable(
                "The system’s keyring does not have the practice’s secret any more.",
                then="Open the practice with its passphrase, and switch the unattended start on anew.",
            )
        return base64.b64decode(found)

    def _forgotten(self, token: bytes) -> bytes:
        if keyring.get_password(SERVICE, token.decode()) is not None:
            keyring.delete_password(SERVICE, token.decode())
        return b""


class VaultTransit:
    """A key service that speaks as the Transit engine of HashiCorp Vault does (OpenBao speaks the same).

    `address` is the engine's, with its mount; `send` posts JSON there through the one way off the machine.
    """

    def __init__(self, address: str, key: str, send: Send) -> None:
        self._address, self._key, self._send = address.rstrip("/"), key, send

    def turn(self, way: Way, material: bytes) -> bytes:
        """As the port says. Raises KeeperUnavailable, and HostNotAllowed."""
        if way == WRAP:
            plain = base64.b64encode(material).decode()
            return self._asked("encrypt", {"plaintext": plain}, "ciphertext")
        if way == UNWRAP:
            return self._asked("decrypt", {"ciphertext": material.decode()}, "plaintext")
        return b""  # nothing of ours is kept there; without the token in the key file it opens nothing

    def _asked(self, what: str, question: dict[str, str], wanted: str) -> bytes:
        try:
            answer = self._send(f"{self._address}/{what}/{self._key}", json.dumps(question).encode())
            found = str(json.loads(answer)["data"][wanted])
            return base64.b64decode(found) if wanted == "plaintext" else found.encode()
        except Unavailable:
            raise KeeperUnavailable(
                "The key service does not answer.", then="Open the practice with its passphrase."
            ) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise KeeperUnavailable(
                "The key service did not give what was asked.",
                then="Look at its token and the name of its key; until then the passphrase opens the practice.",
            ) from None
