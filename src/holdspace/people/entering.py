"""Coming in: from a right password to a sign-in, the locked screen and back, and proving again who one is.

    password ──▶ waits for the second factor ──▶ signed in ◀──▶ locked
    passkey  ──────────────────────────────────▶    │
                                                    ▼ 12 h: everything is proved again · 24 h: over

Between a right password and the second factor nobody is signed in: what is kept is only whose password it was. A
sign-in is a row (`SignIn`), so that it can be seen, locked and ended from elsewhere; the cookie names it.
"""

from datetime import datetime

from django.contrib.auth import login, logout
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from holdspace.people.ending import end
from holdspace.people.models import SignIn, User
from holdspace.people.noticing import TRIES, owners, tell
from holdspace.people.opening import noted
from holdspace.people.rules import (
    COMING_IN,
    TRIES_BEFORE_PAUSE,
    browser_words,
    is_forgotten,
    is_fresh,
    is_idle,
    needs_all,
    needs_second_factor,
)
from holdspace.people.tries import doors_of, passed

Person = User
"""A user, for those who handle one and touch no models."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING, ROW = "waiting", "sign_in"
KNOWN, KNOWN_S, MOST_KNOWN = "known", 400 * 24 * 3600, 8
NOTICED_EVERY_S = 20


def known_here(request: HttpRequest) -> list[int]:
    """Who has signed in at this browser before, by a cookie that only this practice can write."""
    try:
        found = signing.loads(request.COOKIES.get(KNOWN, ""), salt=KNOWN, max_age=KNOWN_S)
    except signing.BadSignature:
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


def remember_here(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember that she signed in at this browser: strangers' failed tries do not count here."""
    people = [user.pk, *(pk for pk in known_here(request) if pk != user.pk)][:MOST_KNOWN]
    response.set_cookie(
        KNOWN,
        signing.dumps(people, salt=KNOWN),
        max_age=KNOWN_S,
        httponly=True,
        secure=request.is_secure(),
        samesite="Strict",
    )


def needs_one(user: User) -> bool:
    """Whether she comes in only with a second factor."""
    people = User.objects.filter(practice_id=user.practice_id, is_active=True).count()
    return needs_second_factor(people=people, all_need_it=user.practice.all_need_a_second_factor)


def may_reset(user: User) -> bool:
    """Whether the practice's key may take her second factors away: there is no other owner who could help."""
    return [owner.pk for owner in owners(user.practice_id)] == [user.pk]


def wait(request: HttpRequest, user: User, goal: str) -> None:
    """Her password was right; she is let in when the second factor is. Whoever was in at this browser is out."""
    if request.user.is_authenticated:
        leave(request)
    request.session.cycle_key()
    request.session[WAITING] = {"user": user.pk, "since": timezone.now().timestamp(), "goal": goal}


def waiting(request: HttpRequest) -> User | None:
    """Whose password was right a moment ago at this browser, and who is not in yet."""
    kept = request.session.get(WAITING)
    if not kept or timezone.now().timestamp() - kept["since"] > COMING_IN.total_seconds():
        return None
    return User.objects.select_related("practice").filter(pk=kept["user"], is_active=True).first()


def goal_of(request: HttpRequest) -> str:
    """Where she was going."""
    return str((request.session.get(WAITING) or {}).get("goal", ""))


def begin(request: HttpRequest, user: User) -> None:
    """She is in: a new cookie, a new row. Where many tries with her name had failed, she is told."""
    request.session.pop(WAITING, None)
    end(SignIn.objects.filter(pk=request.session.pop(ROW, 0)))
    login(request, user, backend=BACKEND)
    _add_row(request, user)
    noted("user.sign_in", user)
    if passed(*doors_of(user)) >= TRIES_BEFORE_PAUSE:
        tell([user], TRIES)


def current(request: HttpRequest) -> SignIn | None:
    """The sign-in of this browser; None once it is over. A cookie from before there were rows gets one."""
    pk = request.session.get(ROW)
    if pk is None and isinstance(request.user, User):
        return _add_row(request, request.user)
    return SignIn.objects.select_related("user__practice").filter(pk=pk or 0, ended_at=None).first()


def keep_time(sign_in: SignIn, *, is_somebody_there: bool) -> None:
    """Lock it when nobody was there for long, or its twelve hours are over; end it when nobody came back."""
    now = timezone.now()
    if is_forgotten(sign_in.proven_at, now):
        end(SignIn.objects.filter(pk=sign_in.pk))
        sign_in.ended_at = now
        return
    is_over = is_idle(sign_in.seen_at, sign_in.user.practice.idle_minutes, now) or needs_all(
        sign_in.proven_at, now
    )
    if sign_in.locked_at is None and is_over:
        SignIn.objects.filter(pk=sign_in.pk).update(locked_at=now)
        sign_in.locked_at = now
    if sign_in.locked_at is None and is_somebody_there:
        _see(sign_in, now)


def seconds_left(sign_in: SignIn) -> int:
    """Until it locks itself, as far as is known now; 0 when it is locked."""
    if sign_in.locked_at is not None:
        return 0
    idle_s = sign_in.user.practice.idle_minutes * 60
    return max(0, round(idle_s - (timezone.now() - sign_in.seen_at).total_seconds()))


def proves_all(sign_in: SignIn) -> bool:
    """Whether coming back takes all she proved at the sign-in."""
    return needs_all(sign_in.proven_at, timezone.now())


def is_proven(sign_in: SignIn) -> bool:
    """Whether she proved who she is a moment ago, all of it."""
    return is_fresh(sign_in.proven_at, timezone.now())


def come_back(request: HttpRequest, sign_in: SignIn, *, has_proved_all: bool) -> None:
    """The screen is hers again, with a new cookie; what is on the page stays good."""
    now = timezone.now()
    request.session.cycle_key()
    sign_in.locked_at, sign_in.seen_at, sign_in.session_key = None, now, request.session.session_key or ""
    if has_proved_all:
        sign_in.proven_at = now
    sign_in.save(update_fields=["locked_at", "seen_at", "session_key", "proven_at"])
    noted("user.come_back", sign_in.user)
    passed(*doors_of(sign_in.user)[1:])


def prove(request: HttpRequest, sign_in: SignIn) -> None:
    """She proved again all of who she is: what is sensitive is open to her for some minutes."""
    request.session.cycle_key()
    sign_in.proven_at = sign_in.seen_at = timezone.now()
    sign_in.session_key = request.session.session_key or ""
    sign_in.save(update_fields=["proven_at", "seen_at", "session_key"])
    noted("user.prove", sign_in.user)


def rotate(request: HttpRequest, sign_in: SignIn) -> None:
    """Give the browser a new cookie, once, because what its person may do was changed."""
    if SignIn.objects.filter(pk=sign_in.pk, rotates=True).update(rotates=False):
        request.session.cycle_key()
        SignIn.objects.filter(pk=sign_in.pk).update(session_key=request.session.session_key or "")


def leave(request: HttpRequest) -> None:
    """Sign out here."""
    if pk := request.session.get(ROW):
        end(SignIn.objects.filter(pk=pk))
    logout(request)


def _see(sign_in: SignIn, now: datetime) -> None:
    if (now - sign_in.seen_at).total_seconds() >= NOTICED_EVERY_S:
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=now)
    sign_in.seen_at = now


def _add_row(request: HttpRequest, user: User) -> SignIn:
    now = timezone.now()
    if request.session.session_key is None:
        request.session.save()
    row = SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        began_at=now,
        seen_at=now,
        proven_at=now,
        address=request.META.get("REMOTE_ADDR", "")[:45],
        browser=browser_words(request.headers.get("User-Agent", "")),
    )
    request.session[ROW] = row.pk
    return row
