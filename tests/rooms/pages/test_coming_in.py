"""From a name and a password to being in: second factors, recovery codes, what rests, and what a cookie is worth."""

import re
import time
from datetime import timedelta
from statistics import mean

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session as Cookie
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access.throttle import Throttle
from holdspace.audit.models import Entry
from holdspace.errors import Refused
from holdspace.people import actions, factors, opening
from holdspace.people.models import Notice, Practice, SignIn, Tries, User
from holdspace.people.opening import signed_in
from holdspace.people.tries import Resting, check, code_door, failed
from holdspace.vault import keyfile
from tests.apps import SECRET, code_at, code_of, this_step, user_of, with_app
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
WORDS = "harbor lamp mosaic"


def password_given(username: str, browser: Browser | None = None) -> Browser:
    """A browser in which the right password was typed."""
    made = browser or Browser()
    made.post("/sign-in/", {"username": username, "password": PASSWORD})
    return made


def is_in(browser: Browser) -> bool:
    return browser.get("/clients/").status_code == 200


def alone(cast: Cast) -> User:
    """Maya, as the only person of her practice."""
    User.objects.exclude(pk=user_of(cast.maya).pk).update(is_active=False)
    return user_of(cast.maya)


def test_who_works_alone_may_come_in_with_a_password_unless_she_wants_more(cast: Cast) -> None:
    maya = alone(cast)
    assert is_in(password_given("maya"))
    actions.set_doors(cast.maya, maya.practice, idle_minutes=15, all_need_a_second_factor=True)
    again = password_given("maya")
    assert not is_in(again)
    assert "Set up a second factor" in again.get("/sign-in/second/").content.decode()


def test_a_sign_in_by_a_password_alone_ends_where_that_is_not_enough_any_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "new_secret", lambda: SECRET)
    for place, words in (
        ("/members/", {"name": "Lena Marsh", "username": "lena", "role": "biller", "credential": ""}),
        ("/members/doors/", {"idle_minutes": 15, "all_need_a_second_factor": "on"}),
        (f"/members/{cast.tom.user_id}/reopen/", {}),
    ):
        factors.remove_all(alone(cast))
        Practice.objects.update(all_need_a_second_factor=False)
        here, elsewhere = password_given("maya"), password_given("maya")
        assert is_in(here), place
        assert is_in(elsewhere), place
        done = here.post(place, words)
        assert done.status_code == (200 if place == "/members/" else 302), place
        assert ("recovery-key" in done.content.decode()) == (place == "/members/")  # her colleague's code
        assert elsewhere.get("/clients/")["Location"].startswith("/sign-in/?"), place
        assert here.get("/clients/")["Location"] == "/sign-in/second/", place
        here.get("/second-factor/app/")
        here.post("/second-factor/app/", {"code": code_at(this_step())})
        assert is_in(here), place


def test_who_has_a_second_factor_stays_in_when_one_is_needed(cast: Cast) -> None:
    alone(cast)
    with_app(cast.maya)
    maya = password_given("maya")
    maya.post("/sign-in/second/", {"code": code_of(cast.maya)})
    assert (
        maya.post("/members/doors/", {"idle_minutes": 15, "all_need_a_second_factor": "on"}).status_code
        == 302
    )
    assert is_in(maya)


@pytest.mark.usefixtures("cast")
def test_with_two_people_a_password_alone_opens_nothing_but_setting_up_a_second_factor() -> None:
    browser = password_given("tom")
    assert not is_in(browser)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', browser.get("/second-factor/app/").content.decode())
    assert secret
    wrong = browser.post("/second-factor/app/", {"code": "000000"}).content.decode()
    assert "not the app" in wrong
    assert SignIn.objects.count() == 0
    picture = browser.get("/second-factor/app/picture/")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<path" in picture.content


def test_the_first_second_factor_lets_her_in_and_shows_recovery_codes_this_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "new_secret", lambda: SECRET)
    browser = password_given("tom")
    browser.get("/second-factor/app/")
    shown = browser.post("/second-factor/app/", {"code": code_at(this_step())}).content.decode()
    codes = re.findall(r"<code>((?:\d{4} ){4}\d{4})</code>", shown)
    assert len(set(codes)) == 10
    assert is_in(browser)
    assert not re.search(r"(?:\d{4} ){4}", browser.get("/you/").content.decode())
    stored = repr(list(Authenticator.objects.values()))
    assert SECRET not in stored
    assert not [code for code in codes if code.replace(" ", "") in stored]
    again = password_given("tom")
    assert again.post("/sign-in/second/", {"code": codes[3]}).status_code == 302
    assert is_in(again)
    assert "9 left" in again.get("/you/").content.decode()
    assert (
        "does not open it"
        in password_given("tom").post("/sign-in/second/", {"code": codes[3]}).content.decode()
    )
    assert Notice.objects.filter(user=cast.tom.user_id, kind="code used").count() == 1


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(cast: Cast) -> None:
    with_app(cast.maya)
    browser = password_given("maya")
    for path in ("app/", "app/picture/", "passkey/"):
        assert browser.get(f"/second-factor/{path}")["Location"] == "/sign-in/"
    assert browser.post("/second-factor/passkey/make/")["Location"] == "/sign-in/"
    assert browser.post("/second-factor/app/", {"code": code_at(this_step())})["Location"] == "/sign-in/"


def test_a_code_counts_once_and_no_older_one_after_it(cast: Cast) -> None:
    user = with_app(cast.maya)
    now = this_step()
    assert factors.app_fits(user, code_at(now))
    assert not factors.app_fits(user, code_at(now))
    assert not factors.app_fits(user, code_at(now - 1))
    assert factors.app_fits(user, code_at(now + 1))
    assert not factors.app_fits(user, code_at(now + 5))


def test_a_code_used_under_a_clock_that_was_ahead_keeps_no_later_one_from_opening(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, now = with_app(cast.maya), this_step()
    year = 365 * 24 * 3600 // 30
    monkeypatch.setattr(time, "time", lambda: (now + year) * 30.0)
    assert factors.app_fits(user, code_at(now + year))
    monkeypatch.setattr(time, "time", lambda: now * 30.0)
    assert not factors.app_fits(user, code_at(now))  # whether it was used before is not known any more
    monkeypatch.setattr(time, "time", lambda: (now + 1) * 30.0)
    assert factors.app_fits(user, code_at(now + 1))
    assert not factors.app_fits(user, code_at(now + 1))


def test_a_secret_moved_to_another_person_opens_nothing_there(cast: Cast) -> None:
    maya, tom = with_app(cast.maya), user_of(cast.tom)
    hers = Authenticator.objects.get(user=maya)
    Authenticator.objects.create(user=tom, type=hers.type, data={"secret": hers.data["secret"]})
    with pytest.raises(Exception, match="does not open where it stands"):
        factors.app_fits(tom, code_at(this_step()))


def test_wrong_codes_rest_longer_and_longer_but_a_recovery_code_still_opens(cast: Cast) -> None:
    user = with_app(cast.maya)
    codes = factors.new_codes(user)
    browser = password_given("maya")
    for _ in range(5):
        assert "does not open it" in browser.post("/sign-in/second/", {"code": "000000"}).content.decode()
    right = code_of(cast.maya)
    assert "Too many tries" in browser.post("/sign-in/second/", {"code": right}).content.decode()
    assert browser.post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    assert is_in(browser)
    assert Tries.objects.count() == 0
    assert Notice.objects.filter(user=user, kind="tries").exists()


def test_a_hundred_wrong_codes_close_the_app_until_she_came_in_another_way(cast: Cast) -> None:
    user = with_app(cast.maya)
    Tries.objects.create(door=f"code/{user.pk}", count=100, at=timezone.now())
    said = password_given("maya").post("/sign-in/second/", {"code": code_of(cast.maya)}).content.decode()
    assert "Use a passkey or a recovery code" in said


def test_a_name_rests_after_five_wrong_passwords_and_a_name_nobody_has_rests_the_same(cast: Cast) -> None:
    for name in ("maya", "nobody at all"):
        for _ in range(5):
            assert signed_in(name, "wrong") is None
        with pytest.raises(Resting):
            signed_in(name.upper(), PASSWORD)
    assert signed_in("tom", PASSWORD) == user_of(cast.tom)
    refused = Entry.objects.filter(verb="user.sign_in", outcome="refused")
    assert refused.count() == 10
    assert refused.filter(user_id=None, subject_id=0).count() == 5


def test_doors_that_rest_under_a_clock_that_was_ahead_open_once_it_is_right(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, door = timezone.now, code_door(user_of(cast.maya))
    for ahead in (timedelta(days=365), timedelta(hours=1)):
        monkeypatch.setattr(timezone, "now", lambda ahead=ahead: real() + ahead)
        for _ in range(5):
            assert signed_in("maya", "wrong") is None
            failed(door)
        with pytest.raises(Resting):
            signed_in("maya", PASSWORD)
        monkeypatch.setattr(timezone, "now", real)
        check(door)
        assert signed_in("maya", PASSWORD) == user_of(cast.maya)
        failed(door)
        with pytest.raises(Resting):  # the next wrong one rests as ever
            check(door)
        Tries.objects.all().delete()


def test_strangers_who_fail_on_purpose_do_not_keep_her_out_of_her_own_browser(cast: Cast) -> None:
    with_app(cast.maya)
    hers = password_given("maya")
    hers.post("/sign-in/second/", {"code": code_of(cast.maya)})
    hers.post("/sign-out/")
    stranger = Browser()
    for _ in range(6):
        stranger.post("/sign-in/", {"username": "maya", "password": "wrong"})
    stopped = stranger.post("/sign-in/", {"username": "maya", "password": PASSWORD}).content.decode()
    assert "Too many tries" in stopped
    stranger.cookies["known"] = "maya"  # only the practice can write this cookie
    stopped = stranger.post("/sign-in/", {"username": "maya", "password": PASSWORD}).content.decode()
    assert "Too many tries" in stopped
    password_given("maya", hers)
    assert hers.post("/sign-in/second/", {"code": code_of(cast.maya)}).status_code == 302
    assert is_in(hers)


class Quick(PBKDF2PasswordHasher):
    """Slow enough to be seen, quick enough for a test."""

    algorithm = "quick"
    iterations = 6_000


def overlap(ones: list[float], others: list[float]) -> float:
    """How often one of the ones took longer than one of the others: a half when they cannot be told apart."""
    return mean(one > other for one in ones for other in others)


def times(*tries: str, count: int = 60) -> tuple[list[float], ...]:
    """How long each name takes to be refused, in turns, so that the machine's moods fall on all."""
    taken: tuple[list[float], ...] = tuple([] for _ in tries)
    for _ in range(count):
        for name, into in zip(tries, taken, strict=True):
            began = time.perf_counter()
            assert signed_in(name, "not the password") is None
            into.append(time.perf_counter() - began)
            Tries.objects.update(count=0, rests_until=None)
    return taken


@pytest.mark.usefixtures("cast")
def test_the_time_a_refusal_takes_does_not_tell_whether_the_name_exists(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Quick"]
    tom = User.objects.get(username="tom")
    tom.set_password(PASSWORD)
    tom.save()
    # Sixty tries each: by chance alone a rank as far from a half as this happens once in a hundred million runs.
    assert 0.2 < overlap(*times("tom", "nobody")) < 0.8
    began = []
    for _ in range(60):  # and the measure sees what a door would do that looks up the name first
        at = time.perf_counter()
        User.objects.filter(username__iexact="nobody").first()
        began.append(time.perf_counter() - at)
    assert overlap(times("tom", count=20)[0], began) > 0.8


def test_the_cookie_changes_with_each_step_and_an_earlier_one_is_worth_nothing(cast: Cast) -> None:
    with_app(cast.maya)
    browser = Browser()
    browser.get("/sign-in/")
    planted = "a" * 32
    browser.cookies["sessionid"] = planted
    keys = [planted]
    password_given("maya", browser)
    keys.append(browser.cookies["sessionid"].value)
    browser.post("/sign-in/second/", {"code": code_of(cast.maya)})
    keys.append(browser.cookies["sessionid"].value)
    SignIn.objects.update(proven_at=SignIn.objects.get().proven_at - timedelta(minutes=9))
    browser.post("/again/", {"password": PASSWORD, "code": code_of(cast.maya)})
    keys.append(browser.cookies["sessionid"].value)
    actions.change_role(cast.maya, user_of(cast.maya), role="owner")
    assert is_in(browser)
    keys.append(browser.cookies["sessionid"].value)
    assert len(set(keys)) == 5
    assert set(Cookie.objects.values_list("session_key", flat=True)) == {keys[-1]}
    for key in keys[:-1]:
        other = Browser()
        other.cookies["sessionid"] = key
        assert not is_in(other)


def test_a_right_password_waits_ten_minutes_for_the_second_factor(cast: Cast) -> None:
    with_app(cast.maya)
    browser = password_given("maya")
    session = browser.session
    session["waiting"] = {**session["waiting"], "since": session["waiting"]["since"] - 601}
    session.save()
    assert browser.post("/sign-in/second/", {"code": code_of(cast.maya)})["Location"] == "/sign-in/"
    assert not is_in(browser)


def test_somebody_whose_access_is_closed_meanwhile_does_not_come_in(cast: Cast) -> None:
    with_app(cast.tom)
    browser = password_given("tom")
    actions.close_access(cast.maya, user_of(cast.tom))
    assert browser.post("/sign-in/second/", {"code": code_of(cast.tom)})["Location"] == "/sign-in/"
    assert signed_in("tom", PASSWORD) is None


@pytest.fixture
def made(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The practice's key file with a recovery key, which is given."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    monkeypatch.setattr(opening, "WRONG", Throttle(most=3, every_s=60.0))
    keyfile.make(settings.CONFIG.home, WORDS)
    return keyfile.make_recovery_key(settings.CONFIG.home, passphrase=WORDS)


@pytest.mark.parametrize("is_recovery_key", [False, True])
def test_the_only_owner_who_lost_everything_comes_back_with_the_practices_key(
    cast: Cast, made: str, *, is_recovery_key: bool
) -> None:
    with_app(cast.maya)
    elsewhere = password_given("maya")
    elsewhere.post("/sign-in/second/", {"code": code_of(cast.maya)})
    browser = password_given("maya")
    assert "I have lost it" in browser.get("/sign-in/second/").content.decode()
    wrong = browser.post("/sign-in/lost/", {"words": "not the passphrase"}).content.decode()
    assert "does not open this practice" in wrong
    assert factors.has_factor(user_of(cast.maya))
    answer = browser.post("/sign-in/lost/", {"words": made if is_recovery_key else WORDS})
    assert answer["Location"] == "/sign-in/second/"
    assert "Set up a second factor" in browser.get("/sign-in/second/").content.decode()
    assert not is_in(browser)
    assert not is_in(elsewhere)
    assert Notice.objects.filter(user=cast.maya.user_id, kind="factors reset").exists()
    outcomes = list(Entry.objects.filter(verb="factor.reset").values_list("outcome", flat=True))
    assert sorted(outcomes) == ["done", "refused"]


@pytest.mark.usefixtures("made")
def test_where_another_owner_can_help_the_practices_key_resets_nothing(cast: Cast) -> None:
    actions.change_role(cast.maya, user_of(cast.ada), role="owner")
    with_app(cast.maya)
    browser = password_given("maya")
    assert browser.get("/sign-in/lost/")["Location"] == "/sign-in/"
    assert browser.post("/sign-in/lost/", {"words": WORDS})["Location"] == "/sign-in/"
    with pytest.raises(Refused):
        actions.reset_factors(cast.maya, user_of(cast.maya), words=WORDS)
    assert factors.has_factor(user_of(cast.maya))


@pytest.mark.usefixtures("made")
def test_guessing_the_passphrase_there_is_slowed_down_as_at_the_door(cast: Cast) -> None:
    with_app(cast.maya)
    browser = password_given("maya")
    answers = [browser.post("/sign-in/lost/", {"words": "not it at all"}).content.decode() for _ in range(4)]
    assert ["does not open" in answer for answer in answers] == [True, True, True, False]
    assert "Too many tries" in answers[3]


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "not json",
        "[]",
        "[" * 30_000,
        "[" * 15_000,
        '{"id": 1}',
        '{"id": "x", "response": {"userHandle": "////"}}',
    ],
)
def test_what_is_no_passkey_opens_nothing_and_is_said(cast: Cast, credential: str) -> None:
    browser = Browser()
    browser.post("/sign-in/passkey/show/")
    answer = browser.post("/sign-in/passkey/", {"credential": credential})
    assert answer.status_code == 200
    assert "passkey" in answer.content.decode()
    assert not is_in(browser)
    with_app(cast.maya)
    waiting = password_given("maya")
    assert waiting.post("/sign-in/passkey/", {"credential": credential}).status_code == 200
    assert not is_in(waiting)
