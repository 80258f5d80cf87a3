"""What a browser sends as a passkey is read by two libraries; whatever it is, it opens nothing and breaks nothing.

TEST_CASES=100000 makes it a long run; every case follows from its number.
"""

import base64
import json
import os
import random
import struct
from typing import Any

import pytest
from allauth.core import context
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from fido2 import cbor

from holdspace.people import factors
from holdspace.people.factors import NotAPasskey
from tests.apps import user_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("TEST_CASES", "300"))


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def client_data(chance: random.Random) -> str:
    kind = chance.choice(["webauthn.get", "webauthn.create"])
    words = {"type": kind, "challenge": text(chance.randbytes(32)), "origin": "http://localhost"}
    return text(json.dumps(words).encode())


def device_data(chance: random.Random) -> bytes:
    return chance.randbytes(32) + bytes([chance.randrange(256)]) + struct.pack(">I", 1) + chance.randbytes(90)


def part(chance: random.Random) -> Any:
    """A part that may be right, cut short, of the wrong kind, or nonsense."""
    whole = device_data(chance)
    statement: dict[str, Any] = {"fmt": "none", "authData": whole, "attStmt": {}}
    odd: Any = chance.choice([1, [], {}, {"fmt": "packed"}])
    return chance.choice(
        [
            text(chance.randbytes(chance.randrange(60))),
            text(whole[: chance.randrange(len(whole))]),
            text(cbor.encode(statement)[: chance.randrange(1, 160)]),
            text(cbor.encode(odd)),
            "é€é",
            None,
            {},
            7,
        ]
    )


def credential(chance: random.Random) -> dict[str, Any]:
    """Something like what a browser sends."""
    names = ("attestationObject", "authenticatorData", "signature", "userHandle")
    response = {name: part(chance) for name in names if chance.random() < 0.9}
    response["clientDataJSON"] = client_data(chance) if chance.random() < 0.8 else part(chance)
    if chance.random() < 0.5:
        response["userHandle"] = text(chance.choice([b"1", b"zz", b"\xff", b"z" * 21]))
    key = text(chance.randbytes(16)) if chance.random() < 0.8 else part(chance)
    return {
        "id": key,
        "rawId": key,
        "type": chance.choice(["public-key", "x", None]),
        "response": response,
        "clientExtensionResults": chance.choice([{}, None, {"credProps": {"rk": True}}]),
    }


def test_bytes_that_are_no_passkey_are_said_to_be_none_whatever_they_are(cast: Cast) -> None:
    asked, maya = RequestFactory().post("/"), user_of(cast.maya)
    asked.session = SessionStore()
    with context.request_context(asked):
        for number in range(CASES):
            chance = random.Random(number)  # noqa: S311  # a case, not a secret
            given = credential(chance)
            factors.passkey_to_show(None)
            with pytest.raises(NotAPasskey):
                factors.passkey_fits(chance.choice([None, maya]), given)
            factors.passkey_to_make(maya)
            with pytest.raises(NotAPasskey):
                factors.add_passkey(maya, "x", given)
    assert not factors.has_factor(maya)
