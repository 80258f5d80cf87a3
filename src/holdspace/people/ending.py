"""Ends sign-ins wherever they are, at once: the cookie opens nothing any more, and what was held for it goes."""

from django.contrib.sessions.models import Session as Cookie
from django.db.models import QuerySet
from django.utils import timezone

from holdspace.people import factors
from holdspace.people.models import Held, Practice, SignIn, User
from holdspace.people.rules import needs_second_factor


def end(rows: QuerySet[SignIn]) -> int:
    """End these sign-ins. How many were open."""
    open_ones = list(rows.filter(ended_at=None))
    Cookie.objects.filter(session_key__in=[row.session_key for row in open_ones]).delete()
    Held.objects.filter(sign_in__in=open_ones).delete()
    ids = [row.pk for row in open_ones]
    return SignIn.objects.filter(pk__in=ids, ended_at=None).update(ended_at=timezone.now())


def end_sign_ins_of(user: User, *, but: int = 0, only: int = 0) -> int:
    """End a person's sign-ins: all, all but one, or one. How many were open."""
    rows = SignIn.objects.filter(user=user).exclude(pk=but)
    return end(rows.filter(pk=only) if only else rows)


def end_where_a_password_is_not_enough(practice: Practice) -> int:
    """End the sign-ins of who comes in with a second factor only from now on, and has none. How many were open.

    They were begun with a password alone, before there was a colleague, or before the owner asked for more.
    """
    people = list(User.objects.filter(practice=practice, is_active=True))
    if not needs_second_factor(people=len(people), all_need_it=practice.all_need_a_second_factor):
        return 0
    without = {user.pk for user in people} - factors.who_have_one(people)
    return end(SignIn.objects.filter(user__in=without))
