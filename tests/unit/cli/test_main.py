"""`holdspace` itself: its list is quick, and an error becomes words and an exit code."""

import subprocess
import sys

COMMAND = [sys.executable, "-X", "importtime", "-c", "from holdspace.cli.main import main; main()"]


def test_the_list_of_commands_loads_no_engine_and_no_django() -> None:
    listed = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    for name in ("demo", "serve", "worker", "transcribe", "draft", "eval", "models", "doctor"):
        assert name in listed.stdout
    loaded = {line.rpartition("|")[2].strip() for line in listed.stderr.splitlines()}
    assert not loaded & {"django", "spacy", "faster_whisper", "numpy", "holdspace.cli.draft"}


def test_an_unknown_command_is_an_error() -> None:
    assert subprocess.run([*COMMAND, "dictate"], capture_output=True, check=False).returncode == 2
