"""Passwords: long ones of any letters, taken as they are typed, and none that many people have."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from holdspace.access.actor import Actor
from holdspace.errors import BadInput
from holdspace.people import actions, forms
from holdspace.people.actions import add_user
from holdspace.people.opening import set_up, signed_in
from tests.apps import user_of
from tests.cast import PASSWORD, Cast

ANY = (
    "correct horse battery",
    "a" * 64 + "Ω",
    "  blanks around it stay  ",
    "ünïcödé passwörter 密碼 🔑",
    "no capitals no digits",
    "'; DROP TABLE people_user; --",
)


@pytest.mark.parametrize("password", ANY)
def test_a_password_may_be_anything_long_and_is_taken_as_it_is(cast: Cast, password: str) -> None:
    add_user(
        Actor.command_line(cast.practice.pk),
        cast.practice,
        username="new",
        name="New",
        role="biller",
        password=password,
    )
    for wrong in (password[:-1], password.swapcase(), password.strip() + " ", password[:60]):
        if wrong != password:
            page = Browser().post(reverse("people:sign_in"), {"username": "new", "password": wrong})
            assert page.status_code == 200, wrong
    assert (
        Browser().post(reverse("people:sign_in"), {"username": "new", "password": password}).status_code
        == 302
    )


@pytest.mark.parametrize(
    "password", ["password1234", "1234567890", "short", "password12345", "qwerty123456", "qwertyuiop123"]
)
def test_a_password_many_people_have_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("BoLindh2026!!", False),
        ("harborcounseling", False),
        ("Harbor Counseling 1", False),
        ("holdspaceholdspace", False),
        ("lindh-lindh-lindh-1", False),
        ("bo likes nine herons", True),
        ("harbor lamp mosaic", True),
    ],
)
def test_a_password_made_of_names_is_refused(cast: Cast, password: str, *, is_taken: bool) -> None:
    """Hers, the practice's and the program's: what somebody near would try first."""
    bo = user_of(cast.bo)
    if is_taken:
        actions.change_password(cast.bo, bo, new=password, here=0)
        return
    with pytest.raises(BadInput, match="Names alone"):
        actions.change_password(cast.bo, bo, new=password, here=0)
    with pytest.raises(BadInput, match="Names alone"):
        set_up(
            practice="Harbor Counseling",
            zone="America/New_York",
            name="Bo Lindh",
            credential="LCSW",
            username="bo",
            password=password,
            passphrase="lamp mosaic river",
        )
    assert signed_in("bo", PASSWORD) == bo


def test_the_field_hides_the_password_and_lets_a_manager_fill_it() -> None:
    shown = str(forms.SignInForm()["password"])
    assert 'type="password"' in shown
    assert 'autocomplete="current-password"' in shown
    assert "onpaste" not in shown
    assert "maxlength" not in shown
    assert "question" not in str(forms.SetUpForm()).lower()
