"""The locked screen: what it answers, what goes on behind it, how one comes back, and that nothing typed is lost."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.utils import timezone

from holdspace.audit.models import Entry
from holdspace.errors import NotAllowed
from holdspace.people import actions
from holdspace.people.models import Held, SignIn
from holdspace.people.opening import actor_of
from holdspace.people.rules import browser_words
from holdspace.room.actions.captures import begin_capture
from holdspace.room.models import Capture, Session
from tests.apps import code_of, user_of, with_app
from tests.cast import CLINICAL_WORDS, PASSWORD, Cast, agree, heard, held
from tests.rooms.pages.conftest import SignIn as As

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def maya(cast: Cast, as_: As) -> Browser:
    """Maya's browser, signed in, with an app."""
    with_app(cast.maya)
    browser = as_("maya")
    assert browser.get("/clients/").status_code == 200
    return browser


def locked(browser: Browser) -> Browser:
    browser.post("/lock/now/", headers=HTMX)
    return browser


def aged(**by: float) -> None:
    """As if so much time had passed."""
    past = timezone.now() - timedelta(**by)
    SignIn.objects.update(seen_at=past, proven_at=past)


def test_one_press_locks_and_every_page_answers_with_the_lock_alone(cast: Cast, maya: Browser) -> None:
    locked(maya)
    assert maya.get("/clients/")["Location"] == "/lock/?next=%2Fclients%2F"
    assert maya.get("/clients/", headers=HTMX).status_code == 423
    assert maya.post("/clients/add/", {"name": "X"}, headers=HTMX).status_code == 423
    page = maya.get("/lock/?next=/clients/").content.decode()
    assert "Locked" in page
    assert not [word for word in CLINICAL_WORDS if word in page]
    assert Entry.objects.filter(verb="sign_in.lock").count() == 1
    assert not SignIn.objects.filter(locked_at=None).exists()
    assert cast.ruth.name not in page


def test_a_password_or_a_code_of_the_app_opens_it_and_nothing_else(cast: Cast, maya: Browser) -> None:
    locked(maya)
    for words in ({"password": "wrong"}, {"code": "000000"}, {"password": "", "code": ""}, {}):
        assert maya.post("/lock/back/", words).status_code == 200
        assert maya.get("/clients/").status_code == 302
    before = maya.cookies["sessionid"].value
    assert maya.post("/lock/back/", {"password": PASSWORD, "next": "/clients/"})["Location"] == "/clients/"
    assert maya.get("/clients/").status_code == 200
    assert maya.cookies["sessionid"].value != before
    locked(maya)
    answer = maya.post("/lock/back/", {"code": code_of(cast.maya)}, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "came-back")
    assert maya.get("/clients/").status_code == 200


def test_it_never_leads_away_from_here(maya: Browser) -> None:
    locked(maya)
    words = {"password": PASSWORD, "next": "https://elsewhere.example/x"}
    assert maya.post("/lock/back/", words)["Location"] == "/"


def test_wrong_tries_at_the_lock_rest_and_never_for_good(maya: Browser) -> None:
    locked(maya)
    answers = [maya.post("/lock/back/", {"password": "wrong"}).content.decode() for _ in range(6)]
    assert "Too many tries" in answers[5]
    assert "Too many tries" in maya.post("/lock/back/", {"password": PASSWORD}).content.decode()


def test_time_locks_it_and_what_pages_ask_by_themselves_keeps_no_screen_open(
    cast: Cast, maya: Browser
) -> None:
    session = heard(cast, held(cast))
    aged(minutes=12)
    assert maya.get("/lock/state/", headers=HTMX).json()["left"] <= 180
    assert maya.get(f"/sessions/{session.pk}/progress/", headers=HTMX).status_code == 200
    assert maya.get("/lock/state/", headers=HTMX).json()["left"] <= 180
    assert maya.post("/lock/here/", headers=HTMX).json()["left"] > 180
    aged(minutes=15)
    assert maya.get("/lock/state/", headers=HTMX).json()["locked"]
    assert maya.post("/lock/here/", headers=HTMX).status_code == 423
    assert maya.get("/clients/").status_code == 302


def test_the_practice_says_how_long(cast: Cast, maya: Browser) -> None:
    actions.set_doors(cast.maya, cast.practice, idle_minutes=30, all_need_a_second_factor=False)
    aged(minutes=25)
    assert maya.get("/clients/").status_code == 200
    aged(minutes=30)
    assert maya.get("/clients/").status_code == 302


def test_after_twelve_hours_everything_is_asked_again_whatever_she_did(cast: Cast, maya: Browser) -> None:
    SignIn.objects.update(proven_at=timezone.now() - timedelta(hours=12))
    assert maya.get("/clients/").status_code == 302
    assert "after twelve hours" in maya.get("/lock/").content.decode()
    assert maya.post("/lock/back/", {"password": PASSWORD}).status_code == 200
    assert maya.post("/lock/back/", {"code": code_of(cast.maya)}).status_code == 200
    assert maya.get("/clients/").status_code == 302
    assert maya.post("/lock/back/", {"password": PASSWORD, "code": code_of(cast.maya)}).status_code == 302
    assert maya.get("/clients/").status_code == 200
    assert timezone.now() - SignIn.objects.get().proven_at < timedelta(minutes=1)


def test_a_sign_in_nobody_came_back_to_for_a_day_is_over(maya: Browser) -> None:
    aged(hours=24)
    assert maya.get("/clients/")["Location"].startswith("/sign-in/")
    assert maya.post("/lock/back/", {"password": PASSWORD})["Location"] == "/sign-in/"
    assert SignIn.objects.exclude(ended_at=None).count() == 1


def test_what_she_was_sending_when_it_was_locked_is_kept_sealed_and_sent_by_her_own_hand(
    cast: Cast, maya: Browser
) -> None:
    words = {"name": "Lena Marsh", "pronouns": "she/her", "others": "partner: Noor <b>Marsh</b>"}
    aged(minutes=20)
    assert maya.post("/clients/add/", urlencode(words), content_type=FORM)["Location"] == "/lock/"
    assert "Lena" not in maya.get("/lock/").content.decode()
    with_sealed = repr(list(Held.objects.values()))
    assert "Lena" not in with_sealed
    assert maya.post("/lock/back/", {"password": PASSWORD})["Location"] == "/lock/kept/"
    page = maya.get("/lock/kept/").content.decode()
    assert 'action="/clients/add/"' in page
    assert "Noor &lt;b&gt;Marsh" in page
    assert "Lena Marsh" not in maya.get("/clients/").content.decode()  # not by itself
    assert maya.get("/lock/kept/").content.decode() == page or "Lena Marsh" in page  # a reload keeps it
    assert maya.post("/clients/add/", words).status_code == 302
    locked(maya)
    assert maya.post("/lock/back/", {"password": PASSWORD})["Location"] == "/"  # it is offered once
    maya.post("/sign-out/")
    assert Held.objects.count() == 0
    assert cast.ruth.pk


def test_no_secret_and_no_file_is_kept(maya: Browser) -> None:
    aged(minutes=20)
    for path, words in (
        ("/you/password/", {"new": "nine quiet herons", "again": "nine quiet herons"}),
        ("/practice/passphrase/", {"old": "harbor lamp mosaic", "new": "x", "again": "x"}),
    ):
        maya.post(path, urlencode(words), content_type=FORM)
    maya.post("/clients/add/", urlencode({"name": "x" * 300_000}), content_type=FORM)
    maya.post("/clients/add/", {"name": "x"})  # as a form with a file comes
    assert Held.objects.count() == 0


@pytest.fixture
def hearing(cast: Cast) -> Session:
    """Ruth's session, being heard."""
    session = held(cast)
    agree(cast.maya, cast.ruth)
    begin_capture(cast.maya, session, mode="room", note_format="SOAP", token="hers")
    return session


def test_a_session_being_heard_goes_on_behind_the_lock_which_says_so_and_no_more(
    cast: Cast, maya: Browser, hearing: Session
) -> None:
    locked(maya)
    shown = maya.get("/hearing/", headers=HTMX).content.decode()
    assert "a session is being heard" in shown
    assert not [word for word in CLINICAL_WORDS if word in shown]
    line = {"X-Capture": "hers", **HTMX}
    sound = f"/sessions/{hearing.pk}/capture/sound/?number=0&checksum=0"
    assert maya.post(sound, b"", content_type="application/octet-stream", headers=line).status_code == 422
    told = maya.post(f"/sessions/{hearing.pk}/capture/state/", headers=line).json()
    assert (told["state"], told["code"]) == ("live", "")
    assert maya.get(f"/sessions/{hearing.pk}/", headers=HTMX).status_code == 423
    assert maya.get(f"/sessions/{hearing.pk}/capture/", headers=HTMX).status_code == 423
    assert actor_of(cast.maya.user_id or 0).is_locked is False


def test_behind_the_lock_it_can_be_paused_and_ended_but_not_begun_again_or_struck(
    cast: Cast, maya: Browser, hearing: Session
) -> None:
    locked(maya)
    line = {"X-Capture": "hers", **HTMX}
    place = f"/sessions/{hearing.pk}/capture/state/"
    assert "is paused" in maya.post("/hearing/set/", {"state": "paused"}, headers=HTMX).content.decode()
    assert Capture.objects.get().state == "paused"
    for words in ({"state": "live"}, {"minutes": "5", "state": "off"}):
        assert maya.post(place, words, headers=line).status_code == 404
    maya.post("/hearing/set/", {"state": "live"}, headers=HTMX)
    assert Capture.objects.get().state == "paused"
    assert "is ending" in maya.post("/hearing/set/", {"state": "ending"}, headers=HTMX).content.decode()
    assert Capture.objects.get().state == "ending"
    assert Capture.objects.get().total is None  # the page that hears says how much there is
    maya.post(place, {"state": "ending", "total": "7"}, headers=line)
    assert Capture.objects.get().total == 7
    assert cast.maya.clinician_id


def test_the_gate_itself_refuses_what_a_locked_screen_may_not(cast: Cast, hearing: Session) -> None:
    assert cast.maya.user_id is not None
    behind = replace(cast.maya, is_locked=True)
    with pytest.raises(NotAllowed):
        actions.set_vocabulary(behind, cast.ruth, vocabulary="x")
    with pytest.raises(NotAllowed):
        actions.change_password(behind, user_of(cast.maya), new="nine quiet herons", here=0)
    assert hearing.pk


def test_where_she_is_signed_in_is_a_list_and_each_can_be_ended(cast: Cast, as_: As, maya: Browser) -> None:
    phone = as_("maya")
    phone.get("/clients/", headers={"User-Agent": "Mozilla/5.0 (iPhone) CriOS/120 Safari/604"})
    shown = maya.get("/you/").content.decode()
    assert "Chrome on an iPhone" in shown
    assert shown.count("This one") == 1
    other = SignIn.objects.get(browser="Chrome on an iPhone")
    assert maya.post(f"/sign-ins/{other.pk}/end/").status_code == 302
    assert phone.get("/clients/")["Location"].startswith("/sign-in/")
    assert phone.get("/clients/", headers=HTMX).status_code == 423  # its page keeps what was typed
    for _ in range(2):
        as_("maya").get("/clients/")
    assert "2 other sign-ins ended" in maya.post("/you/sign-ins/end/", follow=True).content.decode()
    assert SignIn.objects.filter(ended_at=None).count() == 1
    assert maya.get("/clients/").status_code == 200
    assert cast.maya.user_id


def test_the_owner_sees_and_ends_members_sign_ins_and_nobody_else_does(cast: Cast, as_: As) -> None:
    tom, sam, maya = as_("tom"), as_("sam"), as_("maya")
    tom.get("/clients/")
    his = SignIn.objects.get(user=cast.tom.user_id)
    assert sam.post(f"/sign-ins/{his.pk}/end/").status_code == 404
    assert tom.get("/clients/").status_code == 200
    assert f"/sign-ins/{his.pk}/end/" in maya.get(f"/members/{cast.tom.user_id}/").content.decode()
    assert maya.post(f"/sign-ins/{his.pk}/end/").status_code == 302
    assert tom.get("/clients/").status_code == 302


def test_another_password_ends_every_other_sign_in(cast: Cast, as_: As, maya: Browser) -> None:
    phone = as_("maya")
    phone.get("/clients/")
    words = {"new": "nine quiet herons", "again": "nine quiet herons"}
    assert maya.post("/you/password/", words).status_code == 302
    assert maya.get("/clients/").status_code == 200
    assert phone.get("/clients/").status_code == 302
    assert SignIn.objects.filter(user=cast.maya.user_id, ended_at=None).count() == 1


def test_signing_out_ends_it_and_the_cookie_is_worth_nothing(maya: Browser) -> None:
    key = maya.cookies["sessionid"].value
    maya.post("/sign-out/")
    other = Browser()
    other.cookies["sessionid"] = key
    assert other.get("/clients/").status_code == 302
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_a_cookie_nobody_knows_is_left_alone_because_another_answer_may_just_have_set_it(
    cast: Cast,  # noqa: ARG001  # there is a practice
) -> None:
    late = Browser()
    late.cookies["sessionid"] = "b" * 32
    assert "sessionid" not in late.get("/clients/").cookies


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120 Safari/537 Edg/120", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Version/17 Safari/605", "Safari on a Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "Firefox on Linux"),
        ("curl/8 <script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_plain_words_and_never_in_its_own(says: str, words: str) -> None:
    assert browser_words(says) == words
