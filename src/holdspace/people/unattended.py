"""Starting without anybody: the system's keyring or a key service opens the practice, once she has switched it on."""

from hmac import compare_digest
from pathlib import Path

from django.conf import settings

from holdspace.errors import NotReady
from holdspace.outbound.gateway import reaching, sender
from holdspace.vault import keyfile
from holdspace.vault.envelope import new_key
from holdspace.vault.keepers import FORGET, UNWRAP, WRAP, Keeper, SystemKeyring, VaultTransit
from holdspace.vault.keys import ring


def keeper_of(name: str) -> Keeper:
    """Who keeps the secret of this lock. Raises NotReady for a key service that is not named in the configuration."""
    if name == keyfile.KEYRING:
        return SystemKeyring()
    config = settings.CONFIG
    if not config.kms_url:
        raise NotReady(
            "No key service is named.", then="Set HOLDSPACE_KMS_URL, or open it with the passphrase."
        )
    headers = {"X-Vault-Token": _token(config.kms_token_file)}
    return VaultTransit(config.kms_url, config.kms_key, sender(reaching(config.kms_url), headers=headers))


def switch_on(home: Path, name: str) -> None:
    """Let the keyring or key service open the practice from now on; it is tried at once. Raises KeeperUnavailable."""
    keeper, secret = keeper_of(name), new_key()
    token = keeper.turn(WRAP, secret)
    if not compare_digest(keeper.turn(UNWRAP, token), secret):
        raise NotReady("What was kept there does not come back.", then="Leave the unattended start off.")
    keyfile.let_open(home, name, ring.practice_key(), secret=secret, token=token)


def switch_off(home: Path, name: str) -> bool:
    """It opens nothing from now on, and forgets its secret where it can. Whether it was on."""
    token = keyfile.token_of(home, name)
    if token is None:
        return False
    keyfile.no_longer(home, name)
    forget(name, token)
    return True


def forget(name: str, token: bytes) -> None:
    """Let a keeper forget a secret. One that does not answer keeps what opens nothing any more."""
    try:
        keeper_of(name).turn(FORGET, token)
    except NotReady:
        return


def new_secrets(home: Path) -> dict[str, tuple[bytes, bytes]]:
    """A new secret and its token for each lock that somebody else holds, as a rotation needs them."""
    found = {}
    for name in keyfile.HELD:
        if keyfile.token_of(home, name) is not None:
            secret = new_key()
            found[name] = (secret, keeper_of(name).turn(WRAP, secret))
    return found


def _token(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError, UnicodeDecodeError):
        raise NotReady(
            "The token for the key service cannot be read.", then="Look at HOLDSPACE_KMS_TOKEN_FILE."
        ) from None
