"""What somebody was sending when her screen was locked is kept, sealed, until she is back: nothing typed is lost.

Only forms: a file is too big, and is chosen again. It is sent by her own hand afterwards, never by itself.
"""

import json
from dataclasses import dataclass

from django.http import HttpRequest

from holdspace.people.models import Held, SignIn

LARGEST = 200_000
NEVER_KEPT = ("password", "passphrase", "code", "again", "old", "new", "words", "credential")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class HeldForm:
    """What she was sending: to which address, its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """The longest of what she typed, so that she knows it again."""
        return max((value for _, value in self.fields), key=len, default="")


def hold(request: HttpRequest, sign_in: SignIn) -> bool:
    """Keep what is being sent; a later one takes its place. Whether it was kept: a secret never is."""
    path = request.get_full_path()
    is_form = request.headers.get("Content-Type", "").startswith(FORM) and len(path) <= Held.LONGEST_PATH
    if not is_form or any(name in request.POST for name in NEVER_KEPT):
        return False
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    body = json.dumps([(name, value) for name in names for value in request.POST.getlist(name)])
    if len(body) > LARGEST:
        return False
    Held.objects.filter(sign_in=sign_in).delete()
    Held.objects.create(sign_in=sign_in, path=path, body=body)
    return True


def held(sign_in: SignIn) -> HeldForm | None:
    """What is kept for her."""
    kept = Held.objects.filter(sign_in=sign_in).order_by("-at").first()
    if kept is None:
        return None
    return HeldForm(kept.path, tuple((name, value) for name, value in json.loads(kept.body)))


def waits(sign_in: SignIn) -> bool:
    """Whether something is kept that she was not offered yet."""
    return Held.objects.filter(sign_in=sign_in, is_offered=False).exists()


def offered(sign_in: SignIn) -> None:
    """She sees it now. It stays until something else takes its place or the sign-in ends, so that she may reload."""
    Held.objects.filter(sign_in=sign_in).update(is_offered=True)


def let_go(sign_in: SignIn) -> None:
    """She does not want it any more."""
    Held.objects.filter(sign_in=sign_in).delete()
