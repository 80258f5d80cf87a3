"""The whole path in a browser: a session given, drafted, reviewed beside its evidence, signed, locked."""

import re
from importlib.resources import files

import pytest
from playwright.sync_api import FilePayload, Page, expect

from holdspace.weights.store import Store, default_root
from tests.browser.conftest import sign_in
from tests.browser.looking import faults

pytestmark = [pytest.mark.browser, pytest.mark.weights]

SAMPLES = files("holdspace.demo_data")
HEARING_MS = 400_000
DRAFTING_MS = 120_000


@pytest.fixture(autouse=True)
def _weights_are_here() -> None:
    missing = [
        name
        for name in ("whisper-base", "wespeaker-voxceleb", "spacy-en-core-web-sm")
        if not Store(default_root()).present(name)
    ]
    if missing:
        pytest.skip(f"weights are not here: {', '.join(missing)} (holdspace models pull)")


def give(page: Page, name: str) -> None:
    """Start the booked session and give one of the samples."""
    page.get_by_role("button", name="Start session").click()
    page.wait_for_url("**/sessions/*/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("textbox", name="Your jottings").fill("Steadier than last week.")
    expect(page.locator("#jottings-state")).to_contain_text("Saved")
    sample: FilePayload = {
        "name": name,
        "mimeType": "application/octet-stream",
        "buffer": SAMPLES.joinpath(name).read_bytes(),
    }
    page.get_by_label("Choose a recording").set_input_files(sample)
    page.get_by_role("button", name="Use this").click()
    page.get_by_text("turns. The transcript is kept").wait_for(timeout=HEARING_MS)


def draft(page: Page, note_format: str = "DAP") -> None:
    """Draft, and open the review."""
    page.get_by_label("Format").select_option(note_format)
    page.get_by_role("button", name="Draft the note").click()
    page.get_by_role("link", name="Review the draft").click(timeout=DRAFTING_MS)
    page.get_by_role("heading", name="Progress note").wait_for()
    page.wait_for_load_state("networkidle")


def test_from_a_recording_to_a_signed_note_that_cannot_be_changed(page: Page) -> None:
    sign_in(page)
    give(page, "session.ogg")
    draft(page)
    lines = page.locator(".sentence[data-line]")
    spoken = page.locator(".sentence[data-line]:not(.is-hers)")

    spoken.first.locator("a").first.click()
    expect(page.locator("#evidence mark").first).to_be_visible()
    expect(page.locator("#evidence .speaker").first).to_be_visible()
    assert faults(page) == []

    spoken.first.get_by_role("link", name="Edit").click()
    page.get_by_label("Sentence", exact=True).fill("Client came on time.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".sentence.is-edited")).to_contain_text("Client came on time.")

    spoken.nth(1).locator("a").first.click()
    spoken.nth(1).get_by_role("button", name="Strike").click()
    expect(page.locator(".sentence.is-struck")).to_have_count(1)

    settle_questions(page)
    count = lines.count()
    still_open = page.context.new_page()
    still_open.goto(page.url)
    page.get_by_role("button", name="Sign the note").click()
    expect(page.locator(".signature")).to_contain_text("Maya Torres, LCSW")
    expect(page.locator("main")).to_contain_text("Steadier than last week.")
    assert count > 2
    assert faults(page) == []

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download PDF").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")

    # The review was left open in another window; a change from there is refused, and the note stays as it was.
    page.reload()  # the word about the signing is said once
    before = page.locator("main").inner_text()
    still_open.locator(".sentence[data-line]:not(.is-struck) a").first.click()
    still_open.locator(".sentence.is-chosen").get_by_role("button", name="Strike").click()
    expect(still_open.locator("#notices")).to_contain_text("signed")
    page.reload()
    assert page.locator("main").inner_text() == before


def settle_questions(page: Page) -> None:
    """Answer the first question there is, set the others aside."""
    answers = page.get_by_role("button", name="Answer", exact=True)
    open_questions = answers.count()
    for turn in range(open_questions):
        question = page.locator(".question[data-open]").first
        if turn == 0:
            question.get_by_label("Your answer").fill("Asked, and denied.")
            question.get_by_role("button", name="Answer", exact=True).click()
        else:
            question.get_by_role("button", name="Set aside").click()
        expect(page.locator(".question[data-open]")).to_have_count(open_questions - turn - 1)
    expect(page.get_by_role("button", name="Sign the note")).to_be_visible()


def test_the_review_is_done_with_the_keyboard_alone(page: Page) -> None:
    sign_in(page)
    give(page, "script.txt")
    draft(page)
    keys = page.keyboard

    keys.press("j")
    expect(page.locator(".sentence.is-chosen")).to_have_count(1)
    first = page.locator(".sentence.is-chosen").get_attribute("id")
    keys.press("k")
    expect(page.locator(f"#{first}")).to_have_class(re.compile("is-kept"))
    expect(page.locator(".sentence.is-chosen")).not_to_have_id(first or "")

    keys.press("s")
    expect(page.locator(".sentence.is-struck")).to_have_count(1)
    keys.press("ArrowUp")
    keys.press("k")  # the same key puts it back
    expect(page.locator(".sentence.is-struck")).to_have_count(0)

    keys.press("ArrowUp")
    keys.press("e")
    expect(page.get_by_label("Sentence", exact=True)).to_be_focused()
    keys.press("Control+a")
    keys.type("Client came on time.")
    keys.press("Control+Enter")
    expect(page.locator(".sentence.is-edited")).to_contain_text("Client came on time.")
    expect(page.locator(".sentence.is-edited a").first).to_be_focused()

    keys.press("e")
    expect(page.get_by_label("Sentence", exact=True)).to_be_focused()
    keys.press("Escape")
    expect(page.locator(".sentence-edit textarea:visible")).to_have_count(0)
    expect(page.locator(".sentence.is-chosen a").first).to_be_focused()

    keys.press("Enter")
    expect(page.locator("#evidence")).to_be_focused()
    keys.press("Escape")
    expect(page.locator(".sentence.is-chosen a").first).to_be_focused()
