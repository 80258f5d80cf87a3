"""A real Chromium on a real server with its worker beside. Without Chromium these tests say so and skip."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import Client as DjangoBrowser
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from holdspace.people.models import User
from holdspace.schedule.rules import day_bounds
from holdspace.workflows.worker import start_thread
from tests.cast import Cast, agree, booked

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (/usr/bin/chromium)")
    with pytest.MonkeyPatch.context() as environment:
        # Playwright runs a loop of its own in this thread, which Django takes for an asynchronous view.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # From then on this thread's connections are others, and nobody would close those it has now.
        connections.close_all()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: console errors, blocked scripts, uncaught exceptions."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str], site: str) -> Iterator[Page]:
    """A fresh window at the site. The test fails when the browser complained of anything."""
    context = chromium.new_context(
        base_url=site,
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        reduced_motion="reduce",  # a colour half way is nobody's colour
    )
    window = context.new_page()
    window.set_default_timeout(15_000)
    window.on("console", lambda message: complaints.append(message.text) if _is_fault(message) else None)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    assert complaints == []


@pytest.fixture
def site(transactional_db: None, cast: Cast, live_server: LiveServer) -> Iterator[str]:  # noqa: ARG001
    """The server with its worker. Ruth agreed, and is booked with Maya now."""
    agree(cast.maya, cast.ruth)
    today = timezone.localdate(timezone=ZoneInfo(cast.practice.zone))
    midnight, _ = day_bounds(today, cast.practice.zone)  # ten minutes ago may have been yesterday
    booked(cast, cast.ruth, max(midnight, timezone.now() - timedelta(minutes=10)))
    stop = Event()
    thread = start_thread(stop)
    yield str(live_server.url)
    stop.set()
    thread.join(timeout=30)


def _is_fault(message: ConsoleMessage) -> bool:
    """Errors, except HTMX's note that going on quickly gave up the evidence of the line before."""
    return message.type == "error" and not message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))


def sign_in(page: Page, username: str = "maya") -> None:
    """Be signed in as one of the cast, at Today. How one signs in is tested in test_doors.py."""
    signed_in = DjangoBrowser()
    signed_in.force_login(User.objects.get(username=username))
    key = signed_in.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "domain": "localhost", "path": "/"}])
    page.goto("/")
    page.get_by_role("link", name="Clients").wait_for()
