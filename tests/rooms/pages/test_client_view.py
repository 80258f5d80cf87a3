"""What a client may see while a session is heard: that it is, and nothing else; and a way to stop it."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access.spoken_code import CODE_LENGTH, plain_code
from holdspace.access.throttle import MOST_KNOWN, LetIn, Throttle, TooMany
from holdspace.consent.actions import invite
from holdspace.consent.models import Invitation
from holdspace.consent.queries import who_is_missing
from holdspace.consent.rules import INVITED_FOR
from holdspace.room import live_audio
from holdspace.room.actions import captures
from holdspace.room.models import Capture
from holdspace.room.views import client_view
from tests.cast import CLINICAL_WORDS, Cast, agree, held
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def capture(cast: Cast) -> Capture:
    """Ruth's session, being heard."""
    agree(cast.maya, cast.ruth)
    return captures.begin_capture(cast.maya, held(cast), mode="room", note_format="DAP", token="hers")


@pytest.fixture(autouse=True)
def _unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_view, "GUESSES", Throttle(most=5, every_s=60.0))


def test_with_the_code_a_client_sees_that_it_is_heard_and_no_name(capture: Capture) -> None:
    phone = Browser()
    for typed in (
        capture.code,
        str(capture.code).lower(),
        f"{capture.code}"[:4] + " " + f"{capture.code}"[4:],
    ):
        page = phone.get("/room/", {"code": str(typed)}, follow=True).content.decode()
        assert "You are being listened to." in page
        assert not any(word in page for word in (*CLINICAL_WORDS, "Maya", "Harbor"))


def test_where_sound_goes_to_another_server_client_and_therapist_are_told(
    cast: Cast, capture: Capture, as_: SignIn, settings: LazySettings
) -> None:
    pages = f"/room/{capture.code}/", f"/sessions/{capture.session.pk}/capture/"
    assert not any("speech.example.org" in as_("maya").get(page).content.decode() for page in pages)
    settings.CONFIG = replace(settings.CONFIG, speech_url="https://speech.example.org/v1")
    pages_of_hers = as_("maya").get(pages[1]).content.decode()
    assert "Not everybody has agreed to be heard." in pages_of_hers  # the yes was to another text
    agree(cast.maya, cast.ruth)
    assert all("speech.example.org" in as_("maya").get(page).content.decode() for page in pages)
    live_audio.close_line(capture.pk)


def test_a_client_who_asks_for_a_pause_gets_it_at_once(capture: Capture) -> None:
    phone = Browser()
    assert "Paused. Nothing is heard." in phone.post(f"/room/{capture.code}/pause/").content.decode()
    capture.refresh_from_db()
    assert (capture.state, capture.is_pause_asked) == ("paused", True)
    live_audio.close_line(capture.pk)


def test_a_client_can_do_nothing_but_pause(cast: Cast, capture: Capture) -> None:
    captures.set_capture(cast.maya, capture, state="off")
    Browser().post(f"/room/{capture.code}/pause/")
    capture.refresh_from_db()
    assert (capture.state, capture.is_pause_asked) == ("off", False)


def test_a_code_that_is_over_and_one_that_never_was_show_the_same(cast: Cast, capture: Capture) -> None:
    code, phone = capture.code, Browser()
    captures.finish_capture(cast.worker, capture, language="en")
    Invitation.objects.update(made_at=timezone.now() - INVITED_FOR)
    shown = [
        phone.get(f"/room/{tried}/").content.decode().replace(tried, "") for tried in (str(code), "22222222")
    ]
    tokens = [page[: page.find("csrf")] for page in shown]
    assert tokens[0] == tokens[1]
    assert "Nothing is being heard." in shown[0]


def test_guessing_codes_is_slowed_down(capture: Capture) -> None:
    phone = Browser()
    for guess in range(5):
        phone.get(f"/room/2222222{guess}/")
    assert phone.get(f"/room/{capture.code}/").status_code == 429
    live_audio.close_line(capture.pk)


def test_guesses_from_the_same_address_keep_no_phone_that_is_in_from_stopping(capture: Capture) -> None:
    phone, guesser = Browser(), Browser()
    for _ in range(2):  # the page, and the first time it asks what is happening now
        phone.get(f"/room/{capture.code}/")
    for guess in range(5):
        guesser.get(f"/room/2222222{guess}/")
    assert guesser.get(f"/room/{capture.code}/").status_code == 429
    assert phone.get("/room/22222229/").status_code == 429
    assert "Paused. Nothing is heard." in phone.post(f"/room/{capture.code}/pause/").content.decode()
    live_audio.close_line(capture.pk)


def test_past_the_count_a_right_code_still_stops_and_is_answered_as_a_wrong_one(
    cast: Cast, capture: Capture
) -> None:
    code = invite(cast.maya, cast.ruth, session_id=capture.session_id).code
    for guess in range(5):
        Browser().get(f"/room/2222222{guess}/")
    fresh = Browser()  # never came in, so nothing is known of it
    wrong, right = (fresh.post(f"/room/{tried}/pause/") for tried in ("22222229", capture.code))
    assert (right.status_code, right.content, right.headers) == (429, wrong.content, wrong.headers)
    assert "If the code was right, what you asked for is done all the same" in right.content.decode()
    capture.refresh_from_db()
    assert (capture.state, capture.is_pause_asked) == ("paused", True)
    back = f"/room/{code}/consent/transcription/take-back/"
    for who in ("", "7"):  # what is wrong with the form tells nothing of the code either
        assert fresh.post(back, {"who": who}).content == wrong.content
    assert who_is_missing(cast.maya, cast.ruth) == ()
    assert fresh.post(back, {"who": "0"}).content == wrong.content
    assert who_is_missing(cast.maya, cast.ruth) == ("client",)
    assert fresh.get(f"/room/{code}/").status_code == 429  # nor does the page open to who stopped it
    live_audio.close_line(capture.pk)


def test_a_code_that_is_over_lets_nobody_past_the_limit(cast: Cast, capture: Capture) -> None:
    phone, code = Browser(), capture.code
    for _ in range(2):
        phone.get(f"/room/{code}/")
    captures.finish_capture(cast.worker, capture, language="en")
    Invitation.objects.update(made_at=timezone.now() - INVITED_FOR)
    assert [phone.get(f"/room/{code}/").status_code for _ in range(6)] == [200] * 5 + [429]


def test_of_those_let_in_so_many_are_remembered() -> None:
    let_in = LetIn()
    for number in range(MOST_KNOWN + 1):
        let_in.remember(f"phone {number}", "code")
    assert [let_in.knows(f"phone {number}", "code") for number in (0, 1, MOST_KNOWN)] == [False, True, True]


def test_a_code_is_long_and_has_no_letters_that_look_alike(capture: Capture) -> None:
    assert len(str(capture.code)) == CODE_LENGTH
    assert plain_code(f" {capture.code} -o0iIl1") == capture.code
    live_audio.close_line(capture.pk)


def test_a_throttle_lets_go_after_its_time() -> None:
    now = [0.0]
    throttle = Throttle(most=2, every_s=60.0, now=lambda: now[0])
    throttle.check()
    throttle.count()
    throttle.count()
    with pytest.raises(TooMany):
        throttle.check()
    now[0] = 61.0
    throttle.check()
