"""Whoever keeps a secret for us does the same: the system's keyring, and a key service over HTTP."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from holdspace.errors import HoldspaceError
from holdspace.outbound.http import send_to
from holdspace.vault.envelope import new_key
from holdspace.vault.keepers import (
    FORGET,
    UNWRAP,
    WRAP,
    Keeper,
    KeeperUnavailable,
    SystemKeyring,
    VaultTransit,
)
from tests.key_service import TOKEN, MemoryKeyring, Transit, running_key_service


class KeeperContract:
    """Inherit, and give a fixture `keeper`."""

    def test_a_secret_comes_back_for_its_token_and_no_other(self, keeper: Keeper) -> None:
        first, second = new_key(), new_key()
        tokens = keeper.turn(WRAP, first), keeper.turn(WRAP, second)
        assert [keeper.turn(UNWRAP, token) for token in tokens] == [first, second]
        assert first not in tokens[0]

    def test_forgetting_twice_is_forgetting_once(self, keeper: Keeper) -> None:
        token = keeper.turn(WRAP, new_key())
        assert keeper.turn(FORGET, token) == keeper.turn(FORGET, token) == b""


class TestTheSystemsKeyring(KeeperContract):
    """A desktop's, in memory here: this machine has none."""

    @pytest.fixture
    def keeper(self) -> Iterator[Keeper]:
        before = keyring.get_keyring()
        keyring.set_keyring(MemoryKeyring())
        yield SystemKeyring()
        keyring.set_keyring(before)

    def test_what_it_forgot_is_gone_and_said(self, keeper: Keeper) -> None:
        token = keeper.turn(WRAP, new_key())
        keeper.turn(FORGET, token)
        with pytest.raises(KeeperUnavailable, match="does not have"):
            keeper.turn(UNWRAP, token)

    def test_a_system_without_one_says_so_and_what_to_do(self, keeper: Keeper) -> None:
        keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # it ships no types
        with pytest.raises(KeeperUnavailable, match="no keyring") as refused:
            keeper.turn(WRAP, new_key())
        assert "HOLDSPACE_PASSPHRASE_FILE" in refused.value.then
        with pytest.raises(KeeperUnavailable) as locked:
            keeper.turn(UNWRAP, b"token")
        assert "passphrase" in locked.value.then


class TestAKeyService(KeeperContract):
    """One that speaks as Vault's Transit engine does, over real HTTP through the one way off the machine."""

    @pytest.fixture
    def address(self) -> Iterator[str]:
        with running_key_service() as address:
            yield address

    @pytest.fixture
    def keeper(self, address: str) -> Keeper:
        return VaultTransit(address, "holdspace", send_to(address, headers={"X-Vault-Token": TOKEN}))

    def test_it_is_asked_as_vault_is(self, keeper: Keeper) -> None:
        Transit.asked.clear()
        token = keeper.turn(WRAP, new_key())
        keeper.turn(UNWRAP, token)
        assert token.startswith(b"vault:v1:")
        assert Transit.asked == ["/v1/transit/encrypt/holdspace", "/v1/transit/decrypt/holdspace"]

    def test_a_wrong_token_and_a_silent_service_are_said_and_the_passphrase_is_left(
        self, address: str
    ) -> None:
        stranger = VaultTransit(address, "holdspace", send_to(address, headers={"X-Vault-Token": "hvs.eve"}))
        nobody = VaultTransit("http://127.0.0.1:9", "holdspace", send_to("http://127.0.0.1:9"))
        for keeper in (stranger, nobody):
            with pytest.raises(KeeperUnavailable) as refused:
                keeper.turn(UNWRAP, b"vault:v1:AAAA")
            assert "passphrase" in refused.value.then

    def test_no_other_host_is_reached_and_nothing_in_plain_http(self) -> None:
        for address, send in (
            ("https://vault.example/v1/transit", send_to("https://elsewhere.example")),
            ("http://vault.example/v1/transit", send_to("http://vault.example")),
        ):
            with pytest.raises(HoldspaceError, match="not one this installation may reach"):
                VaultTransit(address, "holdspace", send).turn(WRAP, new_key())
