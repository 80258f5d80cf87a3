"""The language model as the drafting uses it: in a process of its own, begun when first asked.

llama.cpp insists on a listener, so it lives where the system lets nothing listen (enclosure/processes.py). No engine is
imported here.
"""

from collections.abc import Mapping
from pathlib import Path

from holdspace.assist.line import ChildProcess
from holdspace.errors import EngineFailed


class LanguageProcess(ChildProcess):
    """One language model and its line. It keeps the port of `engines.language`."""

    def __init__(self, weights: Path) -> None:
        super().__init__(
            "language",
            (str(weights.resolve()),),
            stopped=lambda: EngineFailed("The language model stopped.", then="It is started anew."),
        )

    def complete(self, prompt: str, *, schema: Mapping[str, object] | None, max_tokens: int) -> str:
        """See the port."""
        told = self.ask(
            "complete", prompt=prompt, schema=dict(schema) if schema else None, max_tokens=max_tokens
        )
        return str(told["text"])
