"""`holdspace models`, `doctor` and `transcribe` without any weights: what they say, and how they end."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from holdspace.cli import doctor, models, transcribe
from holdspace.cli.progress import shown_progress
from holdspace.cli.transcribe import read_vocabulary, transcript_json
from holdspace.engines.transcript import Transcript, Turn, Word
from holdspace.errors import HoldspaceError, NotAudio, NotReady, WeightsDamaged, WeightsMissing
from holdspace.weights.store import catalogue

NEEDED = ["whisper-base", "wespeaker-voxceleb", "spacy-en-core-web-sm"]


@pytest.fixture
def command_line() -> typer.Typer:
    app = typer.Typer()
    app.add_typer(models.app, name="models")
    app.command("doctor")(doctor.command)
    app.command("transcribe")(transcribe.command)
    return app


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOLDSPACE_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path / "weights"


def run(app: typer.Typer, *arguments: str | Path) -> tuple[str, HoldspaceError | None]:
    """What a command prints, and the error that would set its exit code."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    error = result.exception
    assert error is None or isinstance(error, HoldspaceError), result.output
    return result.stdout, error


def test_list_names_every_model_with_its_licence(command_line: typer.Typer) -> None:
    printed, error = run(command_line, "models", "list")

    assert error is None
    for entry in catalogue():
        assert entry.name in printed
        assert entry.licence in printed


def test_pull_of_an_unknown_model_fetches_nothing(command_line: typer.Typer, empty_store: Path) -> None:
    _, error = run(command_line, "models", "pull", "whisper-base", "gpt")

    assert isinstance(error, WeightsMissing)
    assert not empty_store.exists()


def test_pull_from_a_folder_without_the_files_says_so(command_line: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    _, error = run(command_line, "models", "pull", "smollm2-135m-instruct-q4", "--from", tmp_path / "stick")

    assert isinstance(error, WeightsMissing)


def test_verify_names_what_is_damaged_and_how_to_mend_it(
    command_line: typer.Typer, empty_store: Path
) -> None:
    entry = next(entry for entry in catalogue() if entry.name == "wespeaker-voxceleb")
    file = empty_store / "names" / entry.name / entry.files[0].path
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(entry.size))

    printed, error = run(command_line, "models", "verify")

    assert "damaged" in printed
    assert isinstance(error, WeightsDamaged)
    assert "holdspace models pull wespeaker-voxceleb" in str(error)


def test_verify_of_an_empty_store_finds_nothing_wrong(command_line: typer.Typer) -> None:
    assert run(command_line, "models", "verify") == ("", None)


def test_doctor_says_what_is_missing_and_what_to_do(command_line: typer.Typer) -> None:
    printed, error = run(command_line, "doctor")

    assert "Python" in printed
    for name in NEEDED:
        assert f"holdspace models pull {name}" in printed
    assert isinstance(error, NotReady)
    assert error.exit_code == 4


def test_doctor_counts_optional_models_as_no_fault(command_line: typer.Typer) -> None:
    _, error = run(command_line, "doctor")

    assert error is not None
    assert "qwen" not in str(error)


def test_transcribe_without_weights_says_which_and_how(command_line: typer.Typer, sample_file: Path) -> None:
    printed, error = run(command_line, "transcribe", sample_file)

    assert printed == ""
    assert isinstance(error, WeightsMissing)
    assert "holdspace models pull whisper-base" in str(error)


def test_transcribe_refuses_what_is_not_audio_before_anything_else(
    command_line: typer.Typer, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Maya,")
    printed, error = run(command_line, "transcribe", letter)

    assert printed == ""
    assert isinstance(error, NotAudio)


@pytest.fixture
def sample_file() -> Path:
    return Path(transcribe.__file__).parents[1] / "demo_data" / "session.ogg"


def test_vocabulary_is_one_word_a_line_with_remarks() -> None:
    assert read_vocabulary("# her medications\nsertraline\n\n  Dr. Osei \n") == ("sertraline", "Dr. Osei")


def test_json_keeps_every_word_with_its_probability() -> None:
    words = (Word("No,", 1.004, 1.2, 0.98765), Word("none.", 1.3, 1.7, 0.2))
    turn = Turn(0, "client", "No, none.", 1.004, 1.7, words)
    written = json.loads(json.dumps(transcript_json(Transcript((turn,), "en", 2.0), cut_off=False)))

    assert written["turns"][0] == {
        "i": 0,
        "speaker": "client",
        "t0": 1.0,
        "t1": 1.7,
        "text": "No, none.",
        "words": [
            {"text": "No,", "t0": 1.0, "t1": 1.2, "probability": 0.988},
            {"text": "none.", "t0": 1.3, "t1": 1.7, "probability": 0.2},
        ],
    }
    assert (written["language"], written["duration_s"], written["cut_off"]) == ("en", 2.0, False)


def test_progress_goes_to_stderr_a_line_a_step_when_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with shown_progress() as tell:
        tell("hearing", 0.0)
        tell("hearing", 0.5)
        tell("drafting", 1.0)

    assert capsys.readouterr() == ("", "hearing …\ndrafting …\n")
