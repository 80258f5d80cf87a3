"""The language model in this process, with real (small) weights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdspace.engines.language.builtin import load_builtin
from holdspace.engines.language.port import LanguageModel
from holdspace.errors import EngineFailed, WeightsMissing
from holdspace.weights.store import Store, default_root
from tests.unit.language.port_contract import PROMPT, YES_OR_NO, PortContract

pytestmark = pytest.mark.weights
SMALL = "smollm2-135m-instruct-q4"


@pytest.fixture(scope="module")
def gguf() -> Path:
    try:
        return Store(default_root()).path(SMALL)
    except WeightsMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def loaded(gguf: Path) -> LanguageModel:
    return load_builtin(gguf, context_tokens=2048)


class TestTheModelInThisProcess(PortContract):
    @pytest.fixture
    def model(self, loaded: LanguageModel) -> LanguageModel:
        return loaded


def test_a_loaded_model_leaves_no_port_no_socket_file_and_no_word_of_the_prompt(
    gguf: Path, tmp_path: Path
) -> None:
    # In a process of its own, whose open sockets, streams and runtime folder can be read whole.
    program = f"""
from pathlib import Path
from holdspace.engines.language.builtin import load_builtin
load_builtin(Path({str(gguf)!r}), context_tokens=1024).complete(
    "lighthouse {PROMPT}", schema={YES_OR_NO!r}, max_tokens=30)
mine = {{link.readlink().name.removeprefix("socket:[").rstrip("]")
        for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}}
rows = [line.split() for table in ("tcp", "tcp6")
        for line in Path("/proc/self/net", table).read_text().splitlines()]
print("listening", [row[1] for row in rows if row[3] == "0A" and row[9] in mine])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "listening []\n"
    assert "lighthouse" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and then nothing of use")
    with pytest.raises(EngineFailed, match="could not be loaded") as failed:
        load_builtin(broken).complete(PROMPT, schema=None, max_tokens=5)
    assert "models verify" in failed.value.then
