"""The process of the language model: it words a sentence when asked, and can reach nothing.

`assist/enclosed.py` begins it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from holdspace.assist.line import Begun
from holdspace.engines.language.builtin import cores, load_builtin
from holdspace.engines.language.port import LanguageModel
from holdspace.errors import HoldspaceError
from holdspace.outbound.standing import standing
from holdspace.vault.memory import guard_memory


def main(begun: Begun) -> None:
    """Serve on its line, with the weights given by file or folder.

    One core is left to the pages: llama.cpp's threads wait for each other by spinning, which on a machine that is busy
    with something else takes twenty times as long as a single one (measured on two cores).
    """
    guard_memory()
    (weights,) = map(Path, begun.arguments)
    gguf = next(weights.glob("*.gguf")) if weights.is_dir() else weights
    model = load_builtin(gguf, threads=max(1, cores() - 1), listens_nowhere=begun.has_filter)
    while True:
        asked = json.loads(begun.line.recv_bytes())
        begun.line.send_bytes(json.dumps({"id": asked["id"], **_told(model, asked)}).encode())


def _told(model: LanguageModel, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        if asked["what"] == "standing":
            return {"standing": [asdict(tried) for tried in standing()]}
        text = model.complete(asked["prompt"], schema=asked["schema"], max_tokens=asked["max_tokens"])
    except HoldspaceError as error:
        return {"error": [error.code, error.what, error.kept, error.then]}
    except Exception as error:  # noqa: BLE001  # outermost loop: a traceback could carry what was said
        return {"error": ["engine-failed", "The language model stopped.", "", type(error).__name__]}
    return {"text": text}
