"""A start without anybody, only where she switched it on; off in one step; and what stands in the way is said."""

from collections.abc import Iterator
from dataclasses import replace

import keyring
import pytest
from django.conf import LazySettings
from keyring.backends.fail import Keyring as NoKeyring

from holdspace.audit.models import Entry
from holdspace.errors import BadInput, NotAllowed, NotReady
from holdspace.people import opening, rotating, unattended
from holdspace.people.actions import switch_unattended
from holdspace.vault import keyfile
from holdspace.vault.keepers import UNWRAP, KeeperUnavailable
from holdspace.vault.keys import ring
from tests.cast import PASSPHRASE, Cast
from tests.key_service import TOKEN, MemoryKeyring, running_key_service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept(key_file: None, settings: LazySettings) -> Iterator[MemoryKeyring]:  # noqa: ARG001  # it comes first
    """A desktop with a keyring, and a key service beside."""
    home = settings.CONFIG.home
    before, ours = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ours)
    (home / "token").write_text(TOKEN + "\n")
    with running_key_service() as address:
        settings.CONFIG = replace(settings.CONFIG, kms_url=address, kms_token_file=home / "token")
        yield ours
    keyring.set_keyring(before)


def opens_by_itself(settings: LazySettings) -> bool:
    """Whether a start without anybody opens the practice, to the key it has."""
    key = ring.practice_key()
    ring.clear()
    try:
        return opening.open_unattended() and ring.practice_key() == key
    finally:
        ring.put(key, keyfile=settings.CONFIG.home / "keyfile.json")


@pytest.mark.parametrize("by", keyfile.HELD)
def test_it_is_off_until_she_switches_it_on_and_off_again_in_one_step(
    cast: Cast, settings: LazySettings, by: str, kept: MemoryKeyring
) -> None:
    assert not opens_by_itself(settings)
    switch_unattended(cast.maya, cast.practice, by=by, is_on=True)
    assert opens_by_itself(settings)
    written = (settings.CONFIG.home / "keyfile.json").read_text()
    assert not any(password in written for password in kept.kept.values())
    switch_unattended(cast.maya, cast.practice, by=by, is_on=False)
    assert not opens_by_itself(settings)
    assert kept.kept == {}
    assert keyfile.opened(settings.CONFIG.home, PASSPHRASE) == ring.practice_key()
    assert Entry.objects.filter(verb="practice.unattended", outcome="done").count() == 2


def test_what_the_keyring_holds_opens_nothing_without_the_folder_and_nothing_of_another_practice(
    cast: Cast, settings: LazySettings, kept: MemoryKeyring
) -> None:
    switch_unattended(cast.maya, cast.practice, by=keyfile.KEYRING, is_on=True)
    (name,) = kept.kept
    kept.kept[name] = "A" * 43 + "="
    with pytest.raises(NotReady, match="does not open this practice"):
        opens_by_itself(settings)


def test_nobody_but_the_owner_switches_it(cast: Cast, settings: LazySettings) -> None:
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.worker, cast.eve):
        with pytest.raises(NotAllowed):
            switch_unattended(actor, cast.practice, by=keyfile.KEYRING, is_on=True)
    with pytest.raises(BadInput):
        switch_unattended(cast.maya, cast.practice, by="a stranger", is_on=True)
    assert not opens_by_itself(settings)


def test_where_the_system_has_no_keyring_it_stays_off_and_is_said(cast: Cast, settings: LazySettings) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # it ships no types
    with pytest.raises(KeeperUnavailable, match="no keyring"):
        switch_unattended(cast.maya, cast.practice, by=keyfile.KEYRING, is_on=True)
    assert keyfile.KEYRING not in keyfile.opens_it(settings.CONFIG.home)


def test_a_rotation_gives_the_keyring_and_the_service_new_secrets(
    cast: Cast, settings: LazySettings, kept: MemoryKeyring
) -> None:
    for by in keyfile.HELD:
        switch_unattended(cast.maya, cast.practice, by=by, is_on=True)
    before = dict(kept.kept)
    rotating.begin(cast.maya, cast.practice, passphrase=PASSPHRASE)
    rotating.carry_out()
    assert opens_by_itself(settings)
    assert len(kept.kept) == 1
    assert kept.kept.keys().isdisjoint(before)
    switch_unattended(cast.maya, cast.practice, by=keyfile.KEYRING, is_on=False)
    assert opens_by_itself(settings)  # by the key service
    token = keyfile.token_of(settings.CONFIG.home, keyfile.KMS)
    assert token is not None
    assert len(unattended.keeper_of(keyfile.KMS).turn(UNWRAP, token)) == 32
