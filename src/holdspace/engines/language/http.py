"""A language model behind an address: any OpenAI-compatible server (vLLM, llama.cpp's server, Ollama).

`send` comes from `outbound`, which knows the hosts a person allowed by name; nothing here opens a connection.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from holdspace.engines.language.answer import TRY_WITHOUT, answer, question
from holdspace.engines.language.port import Schema
from holdspace.errors import EngineFailed

Send = Callable[[str, bytes], bytes]
"""POST a JSON body to an address, return the reply's. Raises a HoldspaceError when it may not or cannot."""


@dataclass(frozen=True)
class HttpLanguageModel:
    """`url` is the server's root or its `/v1`; `model` is the name the server knows its weights by."""

    send: Send
    url: str
    model: str

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """See the port."""
        body = {"model": self.model, **question(prompt, schema, max_tokens)}
        reply = self.send(self._address(), json.dumps(body).encode())
        try:
            return answer(json.loads(reply))
        except ValueError as error:
            raise EngineFailed(
                "The language model's server did not answer in JSON.", then=TRY_WITHOUT
            ) from error

    def _address(self) -> str:
        root = self.url.rstrip("/")
        return f"{root}/chat/completions" if root.endswith("/v1") else f"{root}/v1/chat/completions"
