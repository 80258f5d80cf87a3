"""One trial for a whole file of tests: a practice at work, and beside it the trial's, drafted and committed."""

import os
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.conf import settings as configured
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from holdspace.assist import doorway
from holdspace.assist.rules import PARSER
from holdspace.proof.clearing import clear, left_behind
from holdspace.proof.company import gather
from holdspace.proof.trial import Trial
from holdspace.vault import home, keyfile, record_keys, session_keys
from holdspace.web.limits import counter
from holdspace.weights.store import Store
from tests.cast import make_cast
from tests.faults.conftest import environment
from tests.proof.scripted import Kept, ScriptedEars

__all__ = ["environment"]  # a practice's folder for processes of their own

PASSPHRASE = "harbor lamp mosaic"
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: object) -> None:
    """A test with the shared trial is in the trial's house; every other has a folder of its own."""
    settings.PASSWORD_HASHERS = QUICK
    counter.forget()
    if "trial" not in request.fixturenames:
        settings.CONFIG = type(settings.CONFIG)(home=tmp_path / "home", weights=settings.CONFIG.weights)  # type: ignore[operator]  # a path
        record_keys.opened.forget()
        session_keys.opened.forget()


@pytest.fixture(autouse=True)
def _django_db_marker(request: pytest.FixtureRequest) -> None:
    """The plugin's own, but a test with the shared trial neither undoes nor empties anything."""
    if request.node.get_closest_marker("django_db") and "trial" not in request.fixturenames:
        request.getfixturevalue("_django_db_helper")


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,  # noqa: ARG001  # the database must be there first
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Trial]:
    """The trial. What it left when a file of tests is over is looked for once more."""
    if not Store(configured.CONFIG.weights).present(PARSER):
        pytest.skip(f"{PARSER} is not on this machine")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        folder = tmp_path_factory.mktemp("house") / "home"
        patch.setattr(
            configured, "CONFIG", type(configured.CONFIG)(home=folder, weights=configured.CONFIG.weights)
        )
        patch.setattr(configured, "PASSWORD_HASHERS", QUICK)
        ears = ScriptedEars(os.getpid())
        patch.setattr(doorway, "_speech_here", lambda: ears)
        patch.setattr(doorway, "_speech", Kept(ears))
        home.prepare(folder)
        keyfile.make(folder, PASSPHRASE)
        record_keys.opened.forget()
        session_keys.opened.forget()
        real = make_cast().practice
        trial = Trial(real, gather(real))
        trial.drafted()
        yield trial
        clear()
        assert left_behind() == []
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def trial(shared: Trial) -> Trial:
    """The trial, with what was drafted in it."""
    return again(shared)


def again(trial: Trial, *but: str) -> Trial:
    """The same trial, which has to do these things anew."""
    kept = {name: done for name, done in trial._done.items() if name not in but}
    return Trial(trial.real, trial.company, trial.began, kept)
