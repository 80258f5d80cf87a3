"""`docs/reference/api.json`: the few answers in JSON, described (OpenAPI 3.1): the capture page's line, the lock, passkeys.

They are for our own pages. The paths come from the URL configuration; a view that answers in JSON and is not described here fails a wall.
"""

import json
from typing import Any

from django.urls import reverse

from holdspace.room.rules import CAPTURING, CHANNELS, ENDED, LONGEST_S, STRIKES
from holdspace.web.limits import BODIES

COUNT = {"type": "integer", "minimum": 0}
LINE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["state", "next", "heard", "behind", "lost", "missed", "asked", "code"],
    "properties": {
        "state": {"enum": [*CAPTURING, ENDED]},
        "next": {**COUNT, "description": "the second that is wanted next"},
        "heard": {**COUNT, "description": "up to which second everything is understood"},
        "behind": COUNT,
        "lost": {**COUNT, "description": "seconds that are nowhere any more"},
        "missed": {**COUNT, "description": "seconds of which nothing was heard before this page went on"},
        "asked": {"type": "boolean", "description": "whether the client asked for a pause"},
        "code": {"type": "string", "pattern": "^([2-9A-Z]{4} [2-9A-Z]{4})?$"},
    },
}
LEFT = {**COUNT, "description": "seconds until the screen locks itself"}
LOCK: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["left", "locked", "who", "token"],
    "properties": {
        "left": LEFT,
        "locked": {"type": "boolean"},
        "who": {"type": "string", "description": "whose screen it is, a number"},
        "token": {"type": "string", "description": "for the forms of the page that stays open"},
    },
}
HERE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["left"],
    "properties": {"left": LEFT},
}
ASKED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["publicKey"],
    "properties": {
        "publicKey": {
            "type": "object",
            "required": ["challenge"],
            "description": "what the browser hands to its passkeys (Web Authentication, 5.4 and 5.5)",
        }
    },
}
SCHEMAS = {"Line": LINE, "Lock": LOCK, "Here": HERE, "Asked": ASKED}
REFUSALS = {
    "403": "no token",
    "404": "no such session, or not hers",
    "409": "not now",
    "410": "over",
    "413": "too much",
    "422": "not like this",
    "503": "the machine cannot now",
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**32 - 1}
TOKEN = {
    "in": "header",
    "name": "X-Capture",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}


def form(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """A body as a form sends it."""
    schema = {"type": "object", "properties": properties, "required": required}
    return {"required": bool(required), "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


OPERATIONS: dict[str, dict[str, Any]] = {
    "people:lock_state": {"summary": "How long until the screen locks itself", "method": "get", "answer": "Lock"},
    "people:here": {"summary": "Somebody is there", "answer": "Here"},
    "people:show_passkey": {"summary": "What the browser is asked to show", "answer": "Asked"},
    "people:make_passkey": {"summary": "What the browser is asked to make", "answer": "Asked"},
    "room:begin": {
        "summary": "Begin to hear, or go on in this browser",
        "requestBody": form(
            {
                "mode": {"enum": list(CHANNELS)},
                "format": {"type": "string"},
                "token": TOKEN["schema"],
                "recorded": NUMBER,
                "ago": NUMBER,
            },
            ["mode", "token"],
        ),
    },
    "room:sound": {
        "summary": "Take a second of sound: 16-bit samples at 16 kHz, one or two channels",
        "parameters": [TOKEN, *({"in": "query", "name": name, "required": True, "schema": NUMBER} for name in ("number", "checksum"))],
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": BODIES["room:sound"]}}}},
    },
    "room:state": {
        "summary": "Pause, off the record, go on, end; or only ask how it stands",
        "parameters": [TOKEN],
        "requestBody": form(
            {
                "state": {"enum": ["live", "paused", "off", "ending"]},
                "total": {"type": "integer", "minimum": 0, "maximum": LONGEST_S + 60},
                "minutes": {"enum": list(STRIKES)},
                "lost": NUMBER,
                "gap": NUMBER,
            },
            [],
        ),
    },
}  # fmt: skip


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdspace, what its own pages ask in JSON",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            _path(name): {told.get("method", "post"): _operation(name, told)}
            for name, told in OPERATIONS.items()
        },
        "components": {"schemas": SCHEMAS},
    }


def described() -> str:
    """The description as the file has it."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _operation(name: str, told: dict[str, Any]) -> dict[str, Any]:
    session = {
        "in": "path",
        "name": "session_id",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
    kind = told.get("answer", "Line")
    answer = {
        "description": told["summary"],
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind}"}}},
    }
    page = {"text/html": {"schema": {"type": "string"}}}
    refusals = {status: {"description": why, "content": page} for status, why in REFUSALS.items()}
    parameters = [*([session] if kind == "Line" else ()), *told.get("parameters", ())]
    said = {key: value for key, value in told.items() if key not in ("method", "answer")}
    return {**said, "operationId": name, "parameters": parameters, "responses": {"200": answer, **refusals}}


def _path(name: str) -> str:
    if OPERATIONS[name].get("answer"):
        return reverse(name)
    return reverse(name, args=[7]).replace("/7/", "/{session_id}/")
