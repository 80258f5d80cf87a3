"""Authenticator apps of the cast: the same secret for everyone, codes computed as an app would."""

import base64
import hmac
import struct
import time

from allauth.mfa.models import Authenticator

from holdspace.access.actor import Actor
from holdspace.people import factors
from holdspace.people.models import User

SECRET = base64.b32encode(b"twenty bytes of test").decode()
STEP_S = 30


def code_at(step: int) -> str:
    """The six digits of a step of thirty seconds (RFC 6238, written here anew, so that it checks ours)."""
    digest = hmac.new(base64.b32decode(SECRET), struct.pack(">Q", step), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def this_step() -> int:
    """The step of now."""
    return int(time.time()) // STEP_S


def user_of(actor: Actor) -> User:
    """What this person signs in with."""
    assert actor.user_id is not None
    return User.objects.select_related("practice").get(pk=actor.user_id)


def with_app(actor: Actor) -> User:
    """This person, with an app set up a step ago."""
    user = user_of(actor)
    factors.add_app(user, SECRET, code_at(this_step() - 1))
    return user


def code_of(actor: Actor) -> str:
    """The code this person's app shows, the next one where this one was used."""
    row = Authenticator.objects.get(user_id=actor.user_id, type=factors.APP)
    return code_at(max(this_step(), row.data["counter"] + 1))
