"""Coming in, being locked out of sight and coming back, in a real browser with a virtual authenticator."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from holdspace.chart.actions import begin_review, save_draft, sign_note
from holdspace.chart.models import NoteQuestion, PsychotherapyNote
from holdspace.people import actions
from holdspace.people.models import SignIn
from holdspace.people.opening import actor_of
from holdspace.room.models import Session
from tests.apps import code_of, with_app
from tests.browser.conftest import sign_in
from tests.browser.looking import faults
from tests.cast import PASSWORD, Cast, heard, held, small_draft

pytestmark = pytest.mark.browser
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.cookie"


def with_passkeys(page: Page) -> None:
    """Give the browser an authenticator that has a finger, as a laptop has (CDP, WebAuthn domain)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def type_password(page: Page, username: str = "maya") -> None:
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def press_escape_twice(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()


def test_a_passkey_is_set_up_once_and_then_is_a_second_factor_or_all_of_a_sign_in(page: Page) -> None:
    with_passkeys(page)
    type_password(page)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("What you call it").fill("Maya’s laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert len(page.locator(".recovery-codes li").all()) == 10
    assert faults(page) == []
    page.get_by_role("link", name="I have them on paper").click()
    page.get_by_role("link", name="Maya Torres").click()
    expect(page.get_by_text("Maya’s laptop", exact=True)).to_be_visible()
    expect(page.get_by_text("10 left")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Clients").wait_for()
    page.get_by_role("button", name="Sign out").click()
    type_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("link", name="Clients").wait_for()
    page.goto("/members/")
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    SignIn.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    page.goto("/members/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    press_escape_twice(page)
    page.get_by_role("button", name="Come back with a passkey").click()
    expect(page.get_by_role("heading", name="Members")).to_be_visible()


def test_a_passkey_of_somebody_else_does_not_come_in_after_her_password(page: Page, cast: Cast) -> None:
    with_passkeys(page)
    type_password(page, "tom")
    page.get_by_role("link", name="A passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have them on paper").click()
    page.get_by_role("button", name="Sign out").click()
    with_app(cast.maya)
    type_password(page, "maya")
    expect(page.get_by_label("Code")).to_be_visible()
    assert page.get_by_role("button", name="Use a passkey").count() == 0
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This code does not open it.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Code").fill(code_of(cast.maya))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Clients").wait_for()


def test_the_lock_hides_the_page_at_once_and_gives_it_back_as_she_left_it(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.goto("/clients/")
    page.get_by_text("Add a client").click()
    page.get_by_label("Who comes along").fill("partner: Noor Marsh")
    page.get_by_label("Name", exact=True).fill("Lena Marsh, referred by Zinnia")
    page.get_by_label("Name", exact=True).evaluate("field => field.setSelectionRange(4, 10)")
    press_escape_twice(page)
    shown = page.content()
    assert "Zinnia" not in shown
    assert "Ruth" not in shown
    assert "Ruth" not in page.title()
    assert "Zinnia" not in page.evaluate(STORED)
    assert faults(page) == []
    page.keyboard.press("Tab")
    page.get_by_label("Password").fill("wrong words")
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_text("This does not open it.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lena Marsh, referred by Zinnia")
    expect(page.get_by_label("Who comes along")).to_have_value("partner: Noor Marsh")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    where = page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]")
    assert where == [4, 10]
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Lena Marsh, referred by Zinnia")).to_be_visible()
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "Lena" not in page.content()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_role("heading", name="Lena Marsh, referred by Zinnia")).to_be_visible()
    assert cast.ruth.pk


def test_the_last_words_are_saved_as_it_locks_and_every_window_locks_and_opens_together(page: Page) -> None:
    sign_in(page)
    page.get_by_role("button", name="Start session").click()
    page.wait_for_load_state("networkidle")
    other = page.context.new_page()
    other.goto("/clients/")
    pad = page.get_by_role("textbox", name="Your jottings")
    pad.press_sequentially("brother called; pause before")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")  # sooner than the page saves by itself
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(other.get_by_role("heading", name="Locked")).to_be_visible()
    assert Session.objects.get().jottings == "brother called; pause before"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(pad).to_have_value("brother called; pause before")
    expect(other.get_by_role("searchbox")).to_be_visible()
    pad.press("End")
    pad.press_sequentially(" answering")
    expect(page.locator("#jottings-state")).to_contain_text("Saved")
    page.reload()
    expect(pad).to_have_value("brother called; pause before answering")


def test_time_warns_then_locks_and_somebody_there_keeps_it_open(page: Page) -> None:
    page.clock.install()
    sign_in(page)
    page.goto("/clients/")
    page.get_by_text("Add a client").click()
    page.get_by_label("Name", exact=True).fill("Lena Marsh")

    def let_pass(**by: float) -> None:
        SignIn.objects.update(seen_at=timezone.now() - timedelta(**by))
        page.clock.fast_forward(int(timedelta(minutes=14, seconds=30).total_seconds() * 1000))

    let_pass(minutes=14, seconds=30)
    expect(page.locator("#lock-soon")).to_be_visible()
    assert faults(page) == []
    page.mouse.move(200, 200)
    page.keyboard.press("Shift")
    expect(page.locator("#lock-soon")).to_be_hidden()
    page.wait_for_timeout(300)
    assert SignIn.objects.filter(locked_at=None).count() == 1
    let_pass(minutes=15)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "Lena" not in page.content()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lena Marsh")


def test_signed_out_from_elsewhere_the_page_keeps_what_was_typed_until_she_is_back(
    page: Page, complaints: list[str]
) -> None:
    sign_in(page)
    page.goto("/clients/")
    page.get_by_text("Add a client").click()
    page.get_by_label("Name", exact=True).fill("Lena Marsh")
    row = SignIn.objects.get(ended_at=None)
    actions.end_sign_in(actor_of(row.user_id), row)
    page.get_by_role("searchbox").fill("ru")  # the page asks, and hears that it is over
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert "Lena" not in page.content()
    assert faults(page) == []
    with_app(actor_of(row.user_id))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    again = opened.value
    type_password(again)
    again.get_by_label("Code").fill(code_of(actor_of(row.user_id)))
    again.get_by_role("button", name="Go on").click()
    again.get_by_role("link", name="Clients").wait_for()
    page.get_by_role("button", name="I am signed in again").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lena Marsh")
    page.get_by_role("button", name="Add", exact=True).click()  # its form is good for the new sign-in
    expect(page.get_by_role("heading", name="Lena Marsh")).to_be_visible()
    assert all("423" in complaint for complaint in complaints)  # Chromium notes each refusal
    complaints.clear()


def test_a_record_opened_in_an_emergency_says_so_on_every_page_and_on_the_owners_today(
    page: Page, cast: Cast, chromium: Browser, site: str
) -> None:
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))
    NoteQuestion.objects.filter(note=note).delete()
    sign_note(cast.maya, note, credential="LCSW")
    sign_in(page, "tom")
    page.get_by_role("link", name="Clients").click()
    assert page.get_by_text("Ruth Abel").count() == 0
    page.get_by_role("link", name="A client who is not yours").click()
    assert faults(page) == []
    page.get_by_label("The client’s whole name").fill("Ruth Abel")
    page.get_by_label("Why it cannot wait").fill("Ruth called the line in crisis; Maya is on a plane.")
    page.get_by_role("button", name="Open it for an hour").click()
    expect(page.get_by_role("heading", name="Ruth Abel")).to_be_visible()
    expect(page.get_by_role("region", name="Emergency")).to_contain_text("Every page you read is in the log")
    assert faults(page) == []
    page.get_by_role("link", name="Progress note").click()
    expect(page.get_by_text("Client slept about 5 hours")).to_be_visible()
    assert page.get_by_text("Add an addendum").count() == 0
    context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    maya = context.new_page()
    sign_in(maya)
    expect(maya.get_by_text("Tom Bright opened Ruth Abel’s record in an emergency")).to_be_visible()
    assert faults(maya) == []
    maya.get_by_role("link", name="What was read").click()
    expect(maya.get_by_text("Emergency", exact=True).first).to_be_visible()
    maya.goto("/")
    maya.get_by_role("button", name="I have seen it").click()
    expect(maya.get_by_role("button", name="I have seen it")).to_have_count(0)
    context.close()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("The record is closed to you again.")).to_be_visible()
    assert page.get_by_role("region", name="Emergency").count() == 0


def test_a_private_note_is_saved_as_she_types(page: Page) -> None:
    sign_in(page)
    page.get_by_role("button", name="Start session").click()
    page.get_by_role("link", name="Private note").click()
    page.wait_for_load_state("networkidle")
    assert faults(page) == []
    pad = page.get_by_label("Psychotherapy note")
    pad.press_sequentially("What I felt")
    expect(page.locator("#private-state")).to_contain_text("Saved")
    pad.press_sequentially(" when she fell silent")
    press_escape_twice(page)
    assert PsychotherapyNote.objects.get().text == "What I felt when she fell silent"
    assert "fell silent" not in page.content()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    pad.press("End")
    pad.press_sequentially(".")
    expect(page.locator("#private-state")).to_have_text(re.compile("Saved"))
    page.reload()
    expect(pad).to_have_value("What I felt when she fell silent.")


def test_somebody_new_joins_from_the_owners_code_to_her_first_page(
    page: Page, chromium: Browser, site: str, cast: Cast
) -> None:
    with_app(cast.maya)
    sign_in(page)
    page.goto("/members/")
    page.get_by_text("Add somebody").click()
    page.get_by_label("Name", exact=True).fill("Lena Marsh")
    page.get_by_label("Sign-in name").fill("lena")
    page.get_by_label("Credential").fill("LMFT")
    assert faults(page) == []
    page.get_by_role("button", name="Add, and show their code").click()
    code = page.locator(".recovery-key").inner_text()
    assert faults(page) == []
    context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    lena = context.new_page()
    with_passkeys(lena)
    lena.goto("/")
    lena.get_by_role("link", name="I have a joining code").click()
    lena.get_by_label("Joining code").fill(code.lower())
    lena.get_by_role("button", name="Go on").click()
    lena.get_by_label("New password", exact=True).fill("nine quiet herons")
    lena.get_by_label("The new password once more").fill("nine quiet herons")
    assert faults(lena) == []
    lena.get_by_role("button", name="Go on").click()
    lena.get_by_role("link", name="A passkey").click()
    lena.get_by_role("button", name="Make a passkey").click()
    lena.get_by_role("link", name="I have them on paper").click()
    expect(lena.get_by_role("link", name="Lena Marsh")).to_be_visible()
    context.close()
    page.goto("/members/")
    expect(page.get_by_role("listitem").filter(has_text="Lena Marsh")).to_contain_text("Joined")
    page.get_by_role("link", name="Lena Marsh").click()
    assert faults(page) == []
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("comes in no more")).to_be_visible()
