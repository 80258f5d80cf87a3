"""Forged requests: without the token of a page of ours nothing is done, from wherever it is sent."""

import re

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from holdspace.assist.rules import BESIDE
from holdspace.audit.models import Entry
from holdspace.consent.models import Disclosure
from holdspace.web.limits import counter
from holdspace.web.middleware import WRITES_WHEN_OPENED
from tests.cast import PASSWORD
from tests.everything import RUTHS, Everything, browser
from tests.security.walking import reading, sending
from tests.walls.test_addresses import WITH_A_CODE
from tests.walls.test_matrix import SENT, path_to

COPIES = {"note.export", "ledger.export", "consent.export"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_is_done_without_the_token(house: Everything, method: str) -> None:
    maya, record = browser(house.cast.maya, enforce_csrf_checks=True), house.records[RUTHS]
    newest = Entry.objects.latest("number").number
    for address in sending():
        counter.forget()
        path = path_to(address, record.ids, record.code)
        answer = maya.generic(method, path, "a=b", content_type="application/x-www-form-urlencoded")
        assert answer.status_code in ({403} if method == "POST" else {403, 405}), address.name
    assert list(Entry.objects.filter(number__gt=newest)) == []


@pytest.mark.parametrize("token", ["", "a" * 32, "a" * 64, "\x00" * 64])
def test_a_token_that_is_made_up_is_none(house: Everything, token: str) -> None:
    maya, ids = browser(house.cast.maya, enforce_csrf_checks=True), house.records[RUTHS].ids
    for address in sending():
        if address.name in SENT:
            counter.forget()
            form = {
                **{k: v for k, v in SENT[address.name].items() if isinstance(v, str)},
                "csrfmiddlewaretoken": token,
            }
            answer = maya.post(
                path_to(address, ids, house.records[RUTHS].code), form, headers={"X-CSRFToken": token}
            )
            assert answer.status_code == 403, address.name


def test_another_sites_page_is_refused_even_with_a_token(house: Everything) -> None:
    maya = browser(house.cast.maya, enforce_csrf_checks=True)
    token = _token(maya)
    for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"):
        form = {"name": "Nobody", "csrfmiddlewaretoken": token}
        assert maya.post(reverse("people:add_client"), form, headers={"Origin": origin}).status_code == 403, (
            origin
        )
    assert (
        maya.post(reverse("people:add_client"), {"name": "Nobody", "csrfmiddlewaretoken": token}).status_code
        == 302
    )


def test_the_door_and_the_clients_pages_need_the_token_as_well(house: Everything) -> None:
    stranger = Browser(enforce_csrf_checks=True)
    assert (
        stranger.post(reverse("people:sign_in"), {"username": "maya", "password": PASSWORD}).status_code
        == 403
    )
    for name in WITH_A_CODE - {"room:client_door", "room:with_client", "room:client_pdf"}:
        (address,) = [one for one in sending() if one.name == name]
        assert stranger.post(path_to(address, {}, house.records[RUTHS].code)).status_code == 403, name


def test_no_cookie_goes_along_when_another_site_sends_a_form() -> None:
    assert settings.SESSION_COOKIE_SAMESITE in ("Lax", "Strict")
    assert settings.CSRF_COOKIE_SAMESITE == "Strict"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY


def test_looking_changes_nothing_but_that_it_was_looked_at(house: Everything) -> None:
    """Safe methods are safe: the log gains readings, a begun review, copies taken out and the rules that stood beside
    what was shown, and nothing else.

    A copy is looking with a file at the end of it, and is entered for the client's accounting (45 CFR 164.528).
    """
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    newest = Entry.objects.latest("number").number
    for address in reading():
        counter.forget()
        maya.get(path_to(address, record.ids, record.code))
    entries = Entry.objects.filter(number__gt=newest)
    done = set(entries.values_list("verb", flat=True))
    assert {verb for verb in done if not verb.endswith(".read")} <= COPIES | {"note.review", "ai.use"}
    used = {kind.partition("/")[2] for kind in entries.filter(verb="ai.use").values_list("kind", flat=True)}
    assert used <= BESIDE | {"way of writing"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_on_another_site_opens_no_page_that_leaves_something(house: Everything, site: str) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    newest, entered = Entry.objects.latest("number").number, Disclosure.objects.count()
    refused = set()
    for address in reading():
        counter.forget()
        answer = maya.get(path_to(address, record.ids, record.code), headers={"Sec-Fetch-Site": site})
        if answer.status_code == 403:
            assert "Open it from Holdspace itself." in answer.content.decode(), address.name
            refused.add(address.name)
    assert refused == WRITES_WHEN_OPENED
    done = set(Entry.objects.filter(number__gt=newest).values_list("verb", flat=True))
    assert {verb for verb in done if not verb.endswith(".read")} <= {"ai.use"}
    assert Disclosure.objects.count() == entered


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}])
def test_opened_from_here_from_a_bookmark_or_by_an_old_browser_it_opens(
    house: Everything, headers: dict[str, str]
) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for address in reading():
        if address.name in WRITES_WHEN_OPENED:
            counter.forget()
            answer = maya.get(path_to(address, record.ids, record.code), headers=headers)
            assert answer.status_code != 403, address.name


def _token(one: Browser) -> str:
    page = one.get(reverse("people:clients")).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found[1]
