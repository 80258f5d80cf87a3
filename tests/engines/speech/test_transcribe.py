"""`holdspace transcribe` with the real engines: what it prints and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.port import Span
from holdspace.weights.store import Store
from tests.unit.speech.sounds import silence, wav_of

pytestmark = [pytest.mark.weights, pytest.mark.usefixtures("store")]

COMMAND = [sys.executable, "-c", "from holdspace.cli.main import main; main()", "transcribe"]


def transcribe(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, check=False, text=True)


@pytest.fixture
def half_minute(sample: Pcm, tmp_path: Path) -> Path:
    """The first half minute of the sample session, as a WAV file."""
    path = tmp_path / "session.wav"
    path.write_bytes(wav_of(sample.part(Span(0.0, 28.0))))
    return path


def test_json_is_all_that_stdout_holds(half_minute: Path, tmp_path: Path) -> None:
    vocabulary = tmp_path / "names.txt"
    vocabulary.write_text("# names\nAnders\n")
    done = transcribe(half_minute, "--json", "--vocabulary", vocabulary)
    transcript = json.loads(done.stdout)

    assert done.returncode == 0
    assert "Anders" in transcript["turns"][0]["text"]
    assert {turn["speaker"] for turn in transcript["turns"]} == {"therapist", "client"}
    assert transcript["cut_off"] is False
    assert "hearing what was said" in done.stderr


def test_a_cut_off_recording_is_heard_and_ends_with_an_error(half_minute: Path) -> None:
    whole = half_minute.read_bytes()
    half_minute.write_bytes(whole[: len(whole) * 6 // 10])
    done = transcribe(half_minute)

    assert "How has the week been?" in done.stdout
    assert "cut off" in done.stderr
    assert done.returncode == 3


def test_silence_prints_no_session(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    path.write_bytes(wav_of(silence(5.0), silence(5.0)))
    done = transcribe(path)

    assert (done.stdout, done.returncode) == ("", 3)
    assert "Nobody speaks" in done.stderr


def test_nothing_is_left_on_the_disk(half_minute: Path, store: Store) -> None:
    before = {path for folder in (half_minute.parent, store.root) for path in folder.rglob("*")}
    transcribe(half_minute)

    assert {path for folder in (half_minute.parent, store.root) for path in folder.rglob("*")} == before
