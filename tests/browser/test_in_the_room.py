"""A session held through the capture page: a fake microphone plays a voiced one, and the draft is there at the end."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from holdspace.room import live_audio
from holdspace.room.models import Capture, DraftRun, HeardPiece
from holdspace.room.queries import transcript
from holdspace.weights.store import Store, default_root
from holdspace.workflows.live_session import start_listener
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.looking import faults
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.weights]
SAMPLE = Path(__file__).parents[2] / "src" / "holdspace" / "demo_data" / "session.ogg"
SECONDS = 40


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the sample session, for a microphone that is not there."""
    played = tmp_path_factory.mktemp("microphone") / "played.wav"
    made = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-t",
            str(SECONDS),
            "-i",
            str(SAMPLE),
            "-ac",
            "1",
            "-ar",
            "48000",
            str(played),
        ],
        check=False,
    )
    if made.returncode:
        pytest.skip("FFmpeg is not installed")
    return played


@pytest.fixture
def listening(chromium: Browser, microphone: Path, site: str) -> Iterator[Page]:
    """A window of a browser with that microphone, signed in; a listener beside the server."""
    if not Store(default_root()).present("whisper-base"):
        pytest.skip("whisper-base is not on this machine")
    stop = Event()
    listener = start_listener(stop)
    heard = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
    ]
    browser = chromium.browser_type.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *heard])
    page = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    sign_in(page)
    yield page
    browser.close()
    stop.set()
    listener.join(timeout=30)


def test_a_lost_network_and_a_reloaded_page_lose_nothing_that_arrived(listening: Page) -> None:
    page = listening
    page.get_by_role("button", name="Start session").click()
    page.get_by_role("link", name="Hear the session now").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:05", timeout=30_000)
    page.context.set_offline(True)
    expect(page.locator("#line")).to_contain_text("The network is away")
    page.wait_for_timeout(8000)
    page.context.set_offline(False)
    expect(page.locator("#line")).not_to_contain_text("The network is away")
    page.wait_for_timeout(2500)
    capture = Capture.objects.get()
    assert live_audio.received(capture.pk) >= 13  # the seconds without a network came too
    received = live_audio.received(capture.pk)

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Go on hearing").click()  # at once: it is the same browser
    expect(page.locator("#listening")).to_have_text("Listening")
    page.wait_for_timeout(4000)
    capture.refresh_from_db()
    assert live_audio.received(capture.pk) >= received + 2
    assert capture.lost == 0
    expect(page.locator("#clock")).to_have_text("0:38", timeout=60_000)  # enough said for a note
    page.get_by_role("button", name="End").click()
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=90_000)


def test_a_session_in_the_room_becomes_a_draft_without_a_word_typed(listening: Page, cast: Cast) -> None:
    page = listening
    page.get_by_role("button", name="Start session").click()
    page.get_by_role("link", name="Hear the session now").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(page.locator("#clock")).to_have_text("0:20", timeout=60_000)
    assert HeardPiece.objects.exists()  # understood while it goes on

    page.keyboard.press("p")
    expect(page.locator("#listening")).to_contain_text("Paused")
    stood = page.locator("#clock").inner_text()
    page.wait_for_timeout(2500)
    assert page.locator("#clock").inner_text() == stood
    page.keyboard.press("p")
    expect(page.locator("#clock")).not_to_have_text(stood)

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting")
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("button", name="Swap these two")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
    capture = Capture.objects.get()
    assert capture.state == "ended"
    assert DraftRun.objects.get(kind="draft").state == "done"
    said = transcript(cast.maya, capture.session)
    assert said is not None
    assert {turn.speaker for turn in said.turns} == {"therapist", "client"}
    assert "diary" in " ".join(turn.text for turn in said.turns)
