"""What allauth asks the house: how its secrets are sealed, and what it is called. It never sends a mail.

allauth seals a text without saying whose it is; `sealed_for` says it, so that a secret moved to another person's row
does not open there.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from holdspace.people.models import User
from holdspace.vault.sealing import sealed_for as sealed_for_owner
from holdspace.vault.sealing import unsealed_for as unsealed_for_owner
from holdspace.vault.whose import PRACTICE, Owner

NAME = "Holdspace"
PURPOSE = "factor"
_whose: ContextVar[int] = ContextVar("whose")


@contextmanager
def sealed_for(user_id: int) -> Iterator[None]:
    """While inside, what allauth seals and opens is this person's."""
    token = _whose.set(user_id)
    try:
        yield
    finally:
        _whose.reset(token)


def sealed_text(user_id: int, text: str) -> str:
    """A secret of this person, sealed under the practice's own key, which a rotation wraps anew."""
    sealed = sealed_for_owner(_practice_of(user_id), PURPOSE, text.encode(), identity=f"factor/{user_id}")
    return base64.b64encode(sealed).decode()


def unsealed_text(user_id: int, sealed: str) -> str:
    """A secret of this person. Raises Tampered where it is another's."""
    opened = unsealed_for_owner(
        _practice_of(user_id), PURPOSE, base64.b64decode(sealed), identity=f"factor/{user_id}"
    )
    return opened.decode()


def _practice_of(user_id: int) -> Owner:
    return Owner(PRACTICE, User.objects.values_list("practice_id", flat=True).get(pk=user_id))


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Second factors as allauth keeps them, sealed for their person."""

    def encrypt(self, text: str) -> str:
        """Seal a secret. Raises LookupError outside of `sealed_for`."""
        return sealed_text(_whose.get(), text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unsealed_text(_whose.get(), encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the app shows above its codes."""
        return NAME

    def _get_site_name(self) -> str:
        return NAME


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # likewise
    """No mail, and nobody signs up by themselves."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002  # allauth's signature
        """Never: an owner invites."""
        return False

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing leaves the house."""
