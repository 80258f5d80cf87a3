"""The port: one method. An answer is a proposal; the check decides (engines/drafting/verify)."""

from collections.abc import Mapping
from typing import Protocol

Schema = Mapping[str, object]
"""A JSON schema. The answer is then one JSON value that fits it."""


class LanguageModel(Protocol):
    """Any language model, in this process or behind an address."""

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """Return the model's whole answer to `prompt`, deterministic where the engine allows.

        With a schema the answer is JSON that fits it. An answer that would need more than `max_tokens` raises
        EngineFailed: a wording cut off in the middle is no wording.
        """
        ...
