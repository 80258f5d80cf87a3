"""A language model inside this process, through llama.cpp (`xllamacpp`).

The library's in-process server insists on opening an HTTP listener. We call it directly and never use that
listener. Where the system can, nothing is ever bound (enclosure/processes.py). Elsewhere it is made unreachable: a
Unix socket in a folder only this user can enter, unlinked as soon as the model has loaded, and behind a random key
nobody keeps. Its slots, properties and pages are off, and it
logs nothing, because a log of prompts would be a log of what a client said.
"""

import os
import secrets
import threading
from pathlib import Path

import xllamacpp

from holdspace.engines.language.answer import TRY_WITHOUT, answer, question
from holdspace.engines.language.port import LanguageModel, Schema
from holdspace.errors import EngineFailed

CONTEXT_TOKENS = 8192
"""About 6,000 words: a wording needs a few hundred, a whole session of 50 minutes fits with its example."""

SILENT = -1
NOWHERE = Path("/nowhere/closed.sock")
"""Named to the library and never made."""
RUNTIME_FOLDERS = ("XDG_RUNTIME_DIR", "TMPDIR")
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes on Linux, 103 on macOS


def load_builtin(
    gguf: Path,
    *,
    threads: int | None = None,
    context_tokens: int = CONTEXT_TOKENS,
    listens_nowhere: bool = False,
) -> LanguageModel:
    """A model from a GGUF file, read at the first question; `threads` is by default every core we may use.

    `listens_nowhere` where the operating system keeps this process from binding anything.
    """
    return BuiltinLanguageModel(
        gguf,
        threads=threads or cores(),
        context_tokens=context_tokens,
        listens_nowhere=listens_nowhere,
    )


class BuiltinLanguageModel:
    """Loads once, lazily; questions from several threads wait for each other."""

    def __init__(self, gguf: Path, *, threads: int, context_tokens: int, listens_nowhere: bool) -> None:
        self._gguf = gguf
        self._threads = threads
        self._context_tokens = context_tokens
        self._listens_nowhere = listens_nowhere
        self._lock = threading.Lock()
        self._server: xllamacpp.Server | None = None

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """See the port."""
        with self._lock:
            if self._server is None:
                self._server = self._load()
            try:
                reply = self._server.handle_chat_completions(question(prompt, schema, max_tokens))
            except RuntimeError as error:
                raise EngineFailed("The language model stopped.", then=TRY_WITHOUT) from error
        return answer(reply)

    def _load(self) -> xllamacpp.Server:
        return self._server_at(NOWHERE) if self._listens_nowhere else self._hidden()

    def _hidden(self) -> xllamacpp.Server:
        folder = _runtime_folder() / f"holdspace-{secrets.token_hex(6)}"
        folder.mkdir(mode=0o700)
        listener = folder / "closed.sock"
        try:
            return self._server_at(listener)
        finally:
            listener.unlink(missing_ok=True)
            folder.rmdir()

    def _server_at(self, listener: Path) -> xllamacpp.Server:
        try:
            return xllamacpp.Server(self._parameters(listener))
        except RuntimeError as error:
            raise EngineFailed(
                f"The language model in {self._gguf.name} could not be loaded.",
                then="Run `holdspace models verify`, or draft without a language model.",
            ) from error

    def _parameters(self, listener: Path) -> xllamacpp.CommonParams:
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._gguf)
        parameters.offline = True
        parameters.n_ctx = self._context_tokens
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = self._threads
        parameters.cpuparams_batch.n_threads = self._threads
        parameters.cache_ram_mib = 0  # the one slot remembers its last prompt; nothing beyond that is kept
        parameters.warmup = False
        parameters.verbosity = SILENT
        parameters.hostnames = [str(listener)]
        parameters.api_keys = [secrets.token_urlsafe(32)]
        parameters.cors_origins = ""
        parameters.endpoint_slots = False
        parameters.endpoint_props = False
        parameters.endpoint_metrics = False
        parameters.ui = False
        return parameters


def cores() -> int:
    """The cores this process may use."""
    # Affinity, not the machine's count: in a container the two differ, and too many threads are slow.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _runtime_folder() -> Path:
    """The user's own runtime folder where there is one, and a path short enough for a socket in any case."""
    for given in (os.environ.get(name) for name in RUNTIME_FOLDERS):
        if given and Path(given).is_dir() and len(given) < LONGEST_SOCKET_PATH - 40:
            return Path(given)
    return Path("/tmp")  # noqa: S108  the folder made in it is 0700 with a random name and lives for seconds  # nosec B108
