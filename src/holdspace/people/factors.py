"""What somebody proves who she is with: a password, an app's codes, passkeys, recovery codes on paper.

The ceremonies are allauth's (`allauth.mfa`); its pages and its sign-in are not used. Ours is what it leaves open:
secrets are sealed under the practice's key for their person, a code of the app counts once whichever process saw it,
and who may do what when is decided in `entering` and by the gate.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from holdspace.errors import BadInput
from holdspace.people.mfa import sealed_for, sealed_text, unsealed_text
from holdspace.people.models import User
from holdspace.people.rules import leans_on

APP, PASSKEY, CODES = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
LONGEST_KEY_NAME = 60
UNREADABLE = (
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    struct.error,
)
"""What allauth and fido2 raise on bytes that are no passkey (tests/rooms/test_passkey_bytes.py)."""


class NotAPasskey(BadInput):
    """What the browser sent is no passkey of this person, or not for what was asked."""

    code = "not-a-passkey"


@dataclass(frozen=True, slots=True)
class Factor:
    """A passkey or an app, as its owner knows it."""

    id: int
    kind: str
    name: str
    made_at: datetime
    used_at: datetime | None


def check_password(password: str, *known: str) -> None:
    """Raise BadInput for a password that is too short, among the common ones, or made of these names."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages)) from None
    if leans_on(password, known):
        raise BadInput(
            "Names alone make no password.", then="Put words into it that have nothing to do with you."
        )


def factors_of(user: User) -> list[Factor]:
    """Her passkeys and her app, the oldest first."""
    rows = _of(user).exclude(type=CODES).order_by("created_at", "pk")
    return [Factor(row.pk, row.type, _name(row), row.created_at, row.last_used_at) for row in rows]


def has_factor(user: User, *kinds: str) -> bool:
    """Whether she has a second factor, or one of these kinds."""
    return bool(_of(user).filter(type__in=kinds or (APP, PASSKEY)).exists())


def who_have_one(users: list[User]) -> set[int]:
    """Those of the users who have a second factor."""
    rows = Authenticator.objects.filter(user__in=users, type__in=(APP, PASSKEY))
    return set(rows.values_list("user_id", flat=True))


def new_secret() -> str:
    """A secret for an app, not hers yet."""
    return str(generate_totp_secret())


def picture(user: User, secret: str) -> str:
    """The square an app reads the secret from, as SVG."""
    adapter = get_adapter()
    return str(adapter.build_totp_svg(adapter.build_totp_url(user, secret)))


def add_app(user: User, secret: str, code: str) -> None:
    """Make the app hers; the code shows that it has the secret. Raises BadInput."""
    counter = _counter(secret, code, after=0)
    if counter is None:
        raise BadInput("This code is not the app’s.", then="Type the six digits it shows now.")
    if has_factor(user, APP):
        raise BadInput("There is an app already.", then="Remove it first.")
    with sealed_for(user.pk):
        made = TOTP.activate(user, secret).instance
    made.data["counter"] = counter
    made.save(update_fields=["data"])


def app_fits(user: User, code: str) -> bool:
    """Whether the code is her app's. Each counts once, and none older than one that was used (RFC 6238, 5.2)."""
    with transaction.atomic():
        row = _of(user).select_for_update().filter(type=APP).first()
        if row is None:
            return False
        secret = unsealed_text(user.pk, row.data["secret"])
        last = _last(row.data.get("counter", 0))
        counter = _counter(secret, code, after=last)
        row.data["counter"] = last if counter is None else counter
        row.save(update_fields=["data"])
        if counter is None:
            return False
        row.record_usage()
        return True


def new_codes(user: User) -> list[str]:
    """New recovery codes; older ones open nothing from then on."""
    with transaction.atomic(), sealed_for(user.pk):
        _of(user).filter(type=CODES).delete()
        return list(RecoveryCodes.activate(user).generate_codes())


def codes_left(user: User) -> int:
    """How many of her recovery codes were not used yet."""
    row = _of(user).filter(type=CODES).first()
    if row is None:
        return 0
    with sealed_for(user.pk):
        return len(RecoveryCodes(row).get_unused_codes())


def code_fits(user: User, code: str) -> bool:
    """Whether it is one of her recovery codes. Each opens once."""
    row = _of(user).filter(type=CODES).first()
    if row is None:
        return False
    with sealed_for(user.pk):
        is_hers = RecoveryCodes(row).validate_code(code)
    if is_hers:
        row.refresh_from_db()
        row.record_usage()
    return bool(is_hers)


def can_be_passkeys_here() -> bool:
    """Whether the address in the browser can have passkeys: a name, over HTTPS or on this machine itself."""
    host = context.request.get_host().partition(":")[0]
    return bool(context.request.is_secure() or host == "localhost" or host.endswith(".localhost"))


def passkey_to_make(user: User) -> dict[str, Any]:
    """What the browser is asked to make: a passkey that knows its person and asks for a finger, a face or a PIN."""
    return dict(webauthn.begin_registration(user, passwordless=True))


def add_passkey(user: User, name: str, credential: Mapping[str, Any]) -> None:
    """Keep the passkey the browser made. Raises NotAPasskey."""
    try:
        webauthn.parse_registration_response(credential)
        bound = webauthn.complete_registration(dict(credential))
    except UNREADABLE:
        raise _not_a_passkey() from None
    if not bound.is_user_verified():
        raise _not_a_passkey()
    webauthn.WebAuthn.add(user, name.strip()[:LONGEST_KEY_NAME] or "Passkey", dict(credential))


def passkey_to_show(user: User | None) -> dict[str, Any]:
    """What the browser is asked to show: a passkey of this person, or of anybody's it has for this address."""
    return dict(webauthn.begin_authentication(user))


def passkey_fits(user: User | None, credential: Mapping[str, Any]) -> User:
    """Whose passkey it is. Raises NotAPasskey, whatever is wrong with it."""
    try:
        shown = webauthn.parse_authentication_response(credential)
        whose = user or webauthn.extract_user_from_response(dict(credential))
        row = webauthn.complete_authentication(whose, dict(credential))
        is_verified = shown.response.authenticator_data.is_user_verified()
    except UNREADABLE:
        raise _not_a_passkey() from None
    if not is_verified or not whose.is_active:
        raise _not_a_passkey()
    row.record_usage()
    return User.objects.get(pk=row.user_id)


def remove(user: User, factor_id: int) -> None:
    """Take one away; with the last one go the recovery codes. Raises BadInput where there is none."""
    if not _of(user).filter(pk=factor_id).exclude(type=CODES).delete()[0]:
        raise BadInput("There is no such second factor.")
    if not has_factor(user):
        _of(user).delete()


def remove_all(user: User) -> None:
    """Take every second factor away, the recovery codes too."""
    _of(user).delete()


def kept_aside(user: User, secret: str) -> str:
    """A secret that waits for its first code, sealed for its person."""
    return sealed_text(user.pk, secret)


def from_aside(user: User, kept: str) -> str:
    """The secret that was kept aside."""
    return unsealed_text(user.pk, kept)


def _of(user: User) -> Any:
    return Authenticator.objects.filter(user_id=user.pk)


def _name(row: Authenticator) -> str:
    return str(row.data["name"]) if row.type == PASSKEY else "App with codes"


def _counter(secret: str, code: str, *, after: int) -> int | None:
    """The moment the code belongs to, among those that count now and came after the last one used."""
    for counter in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected) and counter > after:
            return int(counter)
    return None


def _last(counter: int) -> int:
    """The moment of the last code used; the present one where it was counted under a clock that was ahead.

    That is kept, or every present code would be refused anew: the next one opens.
    """
    *_, present, newest = yield_hotp_counters_from_time()
    return int(counter if counter <= newest else present)


def _not_a_passkey() -> NotAPasskey:
    return NotAPasskey("This passkey did not open it.", then="Try again, or use another way to sign in.")
