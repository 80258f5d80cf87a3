"""Whether what was typed or shown is hers: each door counts its failures and rests, none keeps her out for good."""

from collections.abc import Mapping
from typing import Any

from holdspace.access.actor import Actor
from holdspace.errors import WrongPassphrase
from holdspace.people import factors, opening
from holdspace.people.actions import reset_factors
from holdspace.people.factors import APP, NotAPasskey
from holdspace.people.models import User
from holdspace.people.noticing import CODE_USED, tell
from holdspace.people.opening import noted
from holdspace.people.tries import check, code_door, failed, name_door, recovery_door
from holdspace.vault.keyfile import MistypedKey

DIGITS_OF_AN_APP = 6


def password_fits(user: User, password: str) -> bool:
    """Whether it is her password, typed where she is signed in. Raises Resting."""
    door = name_door(user.username, is_known=True)
    check(door)
    return _tried(door, user, "user.prove", is_hers=user.check_password(password))


def code_fits(user: User, typed: str) -> bool:
    """Whether it is a code of her app, or one of her recovery codes. Raises Resting: one rests without the other."""
    digits = "".join(filter(str.isdecimal, typed))
    if len(digits) <= DIGITS_OF_AN_APP:
        return app_fits(user, digits)
    door = recovery_door(user)
    check(door)
    is_hers = _tried(door, user, "user.second", is_hers=factors.code_fits(user, digits))
    if is_hers:
        noted("user.use_code", user)
        tell([user], CODE_USED)
    return is_hers


def app_fits(user: User, typed: str) -> bool:
    """Whether it is a code of her app. Raises Resting."""
    door = code_door(user)
    check(door)
    digits = "".join(filter(str.isdecimal, typed))
    return _tried(door, user, "user.second", is_hers=factors.app_fits(user, digits))


def all_fits(user: User, password: str, code: str) -> bool:
    """Whether both are hers: the password and, where she has a second factor, the app's code. Raises Resting.

    Who has passkeys alone shows one of them instead.
    """
    if not password_fits(user, password):
        return False
    return app_fits(user, code) if factors.has_factor(user, APP) else not factors.has_factor(user)


def passkey_fits(user: User | None, credential: Mapping[str, Any]) -> User:
    """Whose passkey was shown. Nothing to guess, so nothing rests; what failed is in the log. Raises NotAPasskey."""
    try:
        return factors.passkey_fits(user, credential)
    except NotAPasskey:
        noted("user.second", user, "refused")
        raise


def take_factors_away(actor: Actor, user: User, words: str) -> None:
    """The practice's passphrase or its recovery key takes her second factors away. Raises as `reset_factors`."""
    opening.WRONG.check()
    try:
        reset_factors(actor, user, words=words)
    except (WrongPassphrase, MistypedKey):
        opening.WRONG.count()
        noted("factor.reset", user, "refused")
        raise


def _tried(door: str, user: User, verb: str, *, is_hers: bool) -> bool:
    if not is_hers:
        failed(door)
        noted(verb, user, "refused")
    return is_hers
