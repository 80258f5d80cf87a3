"""Every answer carries what keeps a browser strict: pages, fragments, errors, redirects, JSON, paper, static files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.urls import path, reverse

from holdspace.chart.models import ProgressNote
from holdspace.web import urls
from holdspace.web.headers import HEARING, permissions
from holdspace.web.limits import counter
from tests.cast import sign
from tests.everything import RUTHS, Everything, browser, make_everything
from tests.walls.test_addresses import ALL
from tests.walls.test_matrix import methods_of, path_to

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
NEVER = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")


def faults(answer: Any) -> list[str]:
    """What an answer lacks, or says too much of."""
    headers = answer.headers
    found = [f"{name}: {headers.get(name)}" for name, value in STRICT.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    found += [f"no {rule}" for rule in POLICY if rule not in policy]
    found += [f"unsafe: {word}" for word in ("unsafe-", "*", "http:", "data:") if word in policy]
    found += [f"{name} is said" for name in NEVER if name in headers]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if (
        answer.status_code != 204
        and "charset" not in headers.get("Content-Type", "charset")
        and _is_text(headers)
    ):
        found.append(f"no charset: {headers['Content-Type']}")
    return found


def _is_text(headers: Any) -> bool:
    return str(headers["Content-Type"]).startswith("text/html")


@pytest.fixture
def house(db: None) -> Everything:  # noqa: ARG001  # the database must be there first
    """One of everything, Ruth's note signed."""
    made = make_everything()
    note = ProgressNote.objects.get(pk=made.records[RUTHS].ids["note_id"])
    sign(made.cast, note)
    return made


def test_every_page_carries_them_and_is_not_kept_by_the_browser(house: Everything) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for address in ALL:
        if "GET" in methods_of(address):
            for headers in ({}, {"HX-Request": "true"}):
                counter.forget()
                answer = maya.get(path_to(address, record.ids, record.code), headers=headers)
                assert faults(answer) == [], address.name
                assert "no-store" in answer.headers["Cache-Control"], address.name


def test_paper_goes_to_a_folder_and_not_into_the_browser(house: Everything) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for name in ("chart:pdf", "chart:ledger_pdf", "consent:pdf", "safekeeping:certificate_pdf"):
        (address,) = [one for one in ALL if one.name == name]
        answer = maya.get(path_to(address, record.ids, record.code))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


def test_microphone_and_screen_are_for_the_pages_that_hear(house: Everything) -> None:
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for address in ALL:
        if "GET" in methods_of(address):
            counter.forget()
            said = maya.get(path_to(address, record.ids, record.code)).headers["Permissions-Policy"]
            hears = address.name in HEARING
            assert ("microphone=(self)" in said, "display-capture=(self)" in said) == (hears, hears), (
                address.name
            )
    assert "microphone=()" in permissions("chart:today")


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view
    """A view with a fault of ours."""
    raise LookupError("Ruth slept badly")


urlpatterns = [*urls.urlpatterns, path("broken/", broken, name="broken")]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500


def test_errors_carry_them_too_and_tell_nothing_of_what_broke(
    house: Everything, settings: LazySettings
) -> None:
    settings.ROOT_URLCONF = __name__
    maya = browser(house.cast.maya, raise_request_exception=False)
    careful = browser(house.cast.maya, enforce_csrf_checks=True)
    answers = {
        301: maya.get("/clients"),
        302: Browser().get("/"),
        400: maya.get("/", headers={"Host": "evil.example"}),
        403: careful.post(reverse("people:add_client"), {"name": "x"}),
        404: maya.get("/no-such-page/"),
        405: maya.delete(reverse("people:clients")),
        422: maya.post(reverse("chart:sign", args=[house.records[RUTHS].ids["note_id"]])),
        500: maya.get("/broken/"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, faults(answer)) == (status, [])
        assert not any(word in answer.content for word in (b"Ruth", b"Traceback", b"Lookup", b"evil.example"))
    for _ in range(200):
        answer = maya.get(reverse("people:clients"))
    assert (answer.status_code, faults(answer)) == (429, [])
    assert int(answer.headers["Retry-After"]) > 0


def test_static_files_carry_them_and_list_nothing(client: Browser) -> None:
    answer = client.get("/static/ui/page.js")
    assert (answer.status_code, faults(answer)) == (200, [])
    for probe in (
        "/static/",
        "/static/ui/",
        "/.git/config",
        "/static/../settings.py",
        "/static/%2e%2e/web/settings.py",
    ):
        assert client.get(probe).status_code in (302, 404), probe


WITH_HTTPS = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from django.contrib.messages import get_messages
from holdspace.web.headers import Messages
plain, proxied = Client(), Client(headers={"X-Forwarded-Proto": "https"})
page, answers = proxied.get("/set-up/"), {}
answers["hsts"] = page.headers.get("Strict-Transport-Security", "")
answers["cookies"] = [morsel.OutputString() for morsel in page.cookies.values()]
answers["names"] = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, Messages(None).cookie_name]
answers["session"] = [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                      settings.SESSION_COOKIE_SAMESITE,
                      settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN]
look = plain.get("/set-up/?a=1")
answers["look"] = [look.status_code, look.headers.get("Location", "")]
fragment = plain.get("/set-up/", headers={"HX-Request": "true"})
answers["sent"] = [plain.post("/set-up/").status_code, fragment.status_code]
print(json.dumps(answers))
"""


def test_with_https_in_front_nothing_goes_in_clear_and_no_other_host_sets_a_cookie(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITH_HTTPS],
        env={
            **os.environ,
            "HOLDSPACE_HTTPS": "1",
            "HOLDSPACE_HOME": str(tmp_path),
            "HOLDSPACE_ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "holdspace.web.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(said.stdout)
    assert told["hsts"] == f"max-age={2 * 365 * 24 * 3600}; includeSubDomains"
    assert all(name.startswith("__Host-") for name in told["names"])
    assert told["cookies"]
    for cookie in told["cookies"]:
        assert cookie.startswith("__Host-")
        assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite", "Path=/"))
        assert "Domain" not in cookie
    assert told["session"] == [True, True, "Lax", "/", None]
    assert told["look"] == [302, "https://testserver/set-up/?a=1"]
    assert told["sent"] == [403, 403]


def test_a_fresh_process_is_not_in_debug_mode(tmp_path: Path) -> None:
    """Asked of a process of its own, because a test runner switches debug off by itself."""
    said = subprocess.run(
        [sys.executable, "-c", "from holdspace.web import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS)"],
        env={**os.environ, "HOLDSPACE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False ['localhost', '127.0.0.1', '[::1]']"


def test_the_wall_sees_what_is_missing() -> None:
    class Bare:
        """An answer as Django makes it by itself."""

        status_code = 200
        headers = {"Content-Type": "text/html", "Server": "x"}

    assert len(faults(Bare())) > 10
