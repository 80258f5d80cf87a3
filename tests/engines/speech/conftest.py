"""The sample session, its script, and the engines Holdspace ships, loaded once."""

from pathlib import Path

import pytest

from holdspace.engines.speech.decode import Pcm, decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.hear import hear
from holdspace.engines.transcript import Transcript
from holdspace.weights.store import Store, default_root

SAMPLE = Path(__file__).parents[3] / "src" / "holdspace" / "demo_data"
VOCABULARY = ("Anders", "Osei", "trazodone", "PHQ-9", "dock")


@pytest.fixture(scope="session")
def store() -> Store:
    store = Store(default_root())
    for name in (RECOGNISER_WEIGHTS, VOICE_WEIGHTS):
        if not store.present(name):
            pytest.skip(f"{name} is not on this machine: holdspace models pull")
    return store


@pytest.fixture(scope="session")
def ear(store: Store) -> Ear:
    return Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))


@pytest.fixture(scope="session")
def sample() -> Pcm:
    return decode((SAMPLE / "session.ogg").read_bytes())


@pytest.fixture(scope="session")
def script() -> list[tuple[str, str]]:
    """Speaker and text of each turn as it was voiced."""
    lines = (SAMPLE / "script.txt").read_text(encoding="utf-8").splitlines()
    return [(speaker.lower(), text) for speaker, text in (line.split(": ", 1) for line in lines)]


@pytest.fixture(scope="session")
def heard(ear: Ear, sample: Pcm) -> Transcript:
    """The whole sample session, heard once for all tests that only look."""
    return hear(
        sample, recogniser=ear.recogniser, activity=ear.activity, voices=ear.voices, vocabulary=VOCABULARY
    )
