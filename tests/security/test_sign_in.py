"""The door: a new sign-in has a new cookie, names cannot be told apart, and it leads nowhere but inside."""

import time
from statistics import median
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session as Kept
from django.test import Client as Browser
from django.urls import reverse

from holdspace.people.models import Tries, User
from holdspace.web.limits import counter
from tests.apps import code_of, with_app
from tests.cast import PASSWORD, Cast
from tests.everything import RUTHS, Everything, browser
from tests.security.walking import pages

SIGN_IN = {"username": "bo", "password": PASSWORD}


def cookie(one: Browser) -> str:
    """The value that says who somebody is."""
    return one.cookies["sessionid"].value if "sessionid" in one.cookies else ""


def test_a_cookie_given_before_the_sign_in_is_worth_nothing_after_it(cast: Cast) -> None:
    with_app(cast.bo)
    fixed = Browser()
    fixed.cookies["sessionid"] = "a" * 32
    assert fixed.post(reverse("people:sign_in"), SIGN_IN).status_code == 302
    waiting = cookie(fixed)
    assert waiting not in ("", "a" * 32)
    assert fixed.post(reverse("people:second"), {"code": code_of(cast.bo)}).status_code == 302
    first = cookie(fixed)
    assert first not in ("", waiting)
    assert not Kept.objects.filter(session_key__in=["a" * 32, waiting]).exists()
    assert fixed.get(reverse("people:clients")).status_code == 200
    counter.forget()
    fixed.post(reverse("people:sign_in"), {**SIGN_IN, "username": "sam"})
    assert cookie(fixed) != first
    for old in (waiting, first):
        stolen = Browser()
        stolen.cookies["sessionid"] = old
        assert stolen.get(reverse("people:clients")).status_code == 302


def test_after_signing_out_the_cookie_opens_nothing_and_the_browser_is_told_to_forget(cast: Cast) -> None:
    one = browser(cast.maya)
    kept = cookie(one)
    answer = one.post(reverse("people:sign_out"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    again = Browser()
    again.cookies["sessionid"] = kept
    assert again.get(reverse("people:clients")).status_code == 302
    assert not Kept.objects.filter(session_key=kept).exists()


def test_no_page_with_a_name_on_it_may_be_kept_by_the_browser_or_a_proxy(house: Everything) -> None:
    for name, answer in pages(browser(house.cast.maya), house.records[RUTHS]):
        assert "no-store" in answer.headers["Cache-Control"], name
        assert "public" not in answer.headers["Cache-Control"], name


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:///evil.example",
        "http://testserver@evil.example/",
        "//evil.example\\@testserver",
        "\thttps://evil.example",
        "/\t/evil.example",
        "http://testserver.evil.example/",
        "%2f%2fevil.example",
        "http://testserver//evil.example/",
        "http://testserver///evil.example/",
        "http://testserver/\\evil.example",
        "http://testserver/\t/evil.example",
        "http://testserver\\\\evil.example/",
        "http:\\\\testserver\\/evil.example/",
    ],
)
def test_the_door_leads_nowhere_but_inside(cast: Cast, goal: str) -> None:
    with_app(cast.bo)
    page = Browser().get(reverse("people:sign_in"), {"next": goal})
    assert b"evil.example" not in page.content.replace(b"%2F%2Fevil.example", b"") or goal.startswith("%2f")
    place = led_to(cast, goal)
    assert place == "/" or goal == "%2f%2fevil.example"


def led_to(cast: Cast, goal: str) -> str:
    """Where the door leads after the password and the second factor."""
    one = Browser()
    password = one.post(reverse("people:sign_in"), {**SIGN_IN, "next": goal})
    assert (password.status_code, password.headers["Location"]) == (302, reverse("people:second"))
    answer = one.post(reverse("people:second"), {"code": code_of(cast.bo)})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_door_leads_back_to_where_she_was_going(cast: Cast) -> None:
    with_app(cast.bo)
    assert led_to(cast, "/clients/") == "/clients/"


@pytest.mark.parametrize(
    "referer",
    [
        "http://testserver//evil.example/",
        "http://testserver/\\evil.example",
        "https://evil.example/",
        "javascript:x",
    ],
)
def test_a_refused_form_leads_back_to_a_page_of_ours(house: Everything, referer: str) -> None:
    path = reverse("chart:sign", args=[house.records[RUTHS].ids["note_id"]])
    page = browser(house.cast.maya).post(path, headers={"Referer": referer})
    assert page.status_code == 422
    assert b"evil.example" not in page.content
    assert b"javascript:x" not in page.content


def seconds(username: str) -> float:
    """How long a wrong password takes."""
    counter.forget()
    Tries.objects.all().delete()
    one, began = Browser(), time.perf_counter()
    one.post(reverse("people:sign_in"), {"username": username, "password": "wrong horse battery"})
    return time.perf_counter() - began


def test_a_name_that_is_known_and_one_that_is_not_take_the_same_time(
    cast: Cast, settings: LazySettings
) -> None:
    """By turns, so that whatever else the machine does slows both; the real hash, and the faster half of each."""
    assert cast.bo.user_id
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = User.objects.get(username="bo")
    user.set_password(PASSWORD)
    user.save()
    seconds("bo")
    known, unknown = zip(*((seconds("bo"), seconds("nobody")) for _ in range(9)), strict=True)
    ratio = median(sorted(known)[:5]) / median(sorted(unknown)[:5])
    assert 0.6 < ratio < 1.7, (known, unknown)


def test_what_is_said_of_a_wrong_name_and_of_a_wrong_password_is_the_same(cast: Cast) -> None:
    assert cast.bo.user_id
    answers: list[Any] = [
        Browser().post(reverse("people:sign_in"), {"username": name, "password": "wrong horse battery"})
        for name in ("bo", "nobody")
    ]
    texts = [
        b"".join(
            line for line in answer.content.splitlines() if b"csrf" not in line and b"username" not in line
        )
        for answer in answers
    ]
    assert texts[0] == texts[1]
    assert answers[0].status_code == answers[1].status_code


def test_many_tries_from_one_address_wait_whatever_the_name(cast: Cast) -> None:
    assert cast.bo.user_id
    statuses = [
        Browser().post(reverse("people:sign_in"), {"username": f"name{n}", "password": "x"}).status_code
        for n in range(31)
    ]
    assert statuses[-1] == 429
    assert set(statuses[:30]) == {200}
    elsewhere = Browser(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(reverse("people:sign_in"), SIGN_IN).status_code == 302
