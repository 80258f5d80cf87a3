"""The chat-completion shape both adapters speak: how a question is put, how its answer is read strictly."""

from collections.abc import Mapping

from holdspace.engines.language.port import Schema
from holdspace.errors import EngineFailed

KNOWN_KINDS = frozenset(
    {
        "authentication_error",
        "invalid_request_error",
        "not_found_error",
        "not_supported_error",
        "permission_error",
        "rate_limit_error",
        "server_error",
        "unavailable_error",
    }
)
TRY_WITHOUT = "Draft without a language model, or choose another one."


def question(prompt: str, schema: Schema | None, max_tokens: int) -> dict[str, object]:
    """The request body: one user message, no sampling, the schema as a grammar where there is one."""
    body: dict[str, object] = {
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": max_tokens,
        "temperature": 0,
        "seed": 7,
        "stream": False,
    }
    if schema is not None:
        json_schema = {"name": "answer", "strict": True, "schema": dict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": json_schema}
    return body


def answer(reply: object) -> str:
    """The text of a reply. Raises EngineFailed for an error, an odd shape, or an answer that was cut off."""
    if not isinstance(reply, Mapping):
        raise _odd()
    if "error" in reply:
        raise EngineFailed(_said(reply["error"]), then=TRY_WITHOUT)
    match reply:
        case {"choices": [{"finish_reason": "length"}, *_]}:
            raise EngineFailed("The language model ran past the length it was given.", then=TRY_WITHOUT)
        case {"choices": [{"message": {"content": str(text)}}, *_]}:
            return text
    raise _odd()


def _odd() -> EngineFailed:
    return EngineFailed("The language model answered in a form we do not know.", then=TRY_WITHOUT)


def _said(error: object) -> str:
    # Only an error type we know is repeated: anything else a server says may quote the prompt, which is clinical.
    match error:
        case {"type": "exceed_context_size_error"}:
            return "The text is longer than the language model can read at once."
        case {"type": str(kind)} if kind in KNOWN_KINDS:
            return f"The language model refused ({kind})."
    return "The language model refused."
