"""Every test's house: a folder of its own, an open practice key, and the database of this run.

Plain pytest uses SQLCipher, with a real encrypted file; DATABASE_URL makes it PostgreSQL.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import connection

from holdspace.people import codes, opening
from holdspace.room.views import client_view
from holdspace.vault import keyfile, record_keys, session_keys
from holdspace.vault.envelope import new_key
from holdspace.vault.home import prepare
from holdspace.vault.keys import ring
from holdspace.web.limits import counter
from tests.cast import PASSPHRASE, Cast, make_cast
from tests.no_network import no_network

__all__ = ["no_network"]  # every test is kept on this machine


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001  # pytest-django's own comes first
) -> None:
    """Open the practice, and put the test database into a real file: in memory SQLCipher does not encrypt."""
    ring.put(new_key())
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        described["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "practice.db")


@pytest.fixture(autouse=True)
def _own_home(settings: LazySettings, tmp_path: Path) -> None:
    """Keys outside the database go to a folder of the test's own."""
    # Passwords are hashed by the dozen here, and none is anyone's.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    counter.forget()  # a test comes often, and from one address
    for guesses in (client_view.GUESSES, client_view.ALL_GUESSES, codes.GUESSES, opening.WRONG):
        guesses.forget()
    settings.CONFIG = type(settings.CONFIG)(home=tmp_path / "home", weights=settings.CONFIG.weights)
    record_keys.opened.forget()  # of another test's practice
    session_keys.opened.forget()


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001  # the database must be there first
    """The practice, with everyone in it."""
    return make_cast()


@pytest.fixture
def key_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001  # before the key is named
    """The key file of the key this test database has."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    home = settings.CONFIG.home
    prepare(home)
    key = ring.practice_key()
    lock = keyfile.sealed(keyfile.PASSPHRASE, PASSPHRASE, key)
    (home / "keyfile.json").write_bytes(keyfile.written(key, {keyfile.PASSPHRASE: lock}))
    ring.put(key, keyfile=home / "keyfile.json")
    yield
    ring.put(ring.practice_key())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: the event loop that drives them stays in their process, and others want none there."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
