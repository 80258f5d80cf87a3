"""Who works here: added by the owner, joined by a code, changed and closed; and never without an owner."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from holdspace.access.throttle import Throttle
from holdspace.audit.models import Entry
from holdspace.errors import BadInput, NotAllowed, Refused
from holdspace.people import actions, codes, factors, queries
from holdspace.people.models import Clinician, JoiningCode, Notice, SignIn, User
from holdspace.people.opening import actor_of, signed_in
from tests.apps import SECRET, code_at, code_of, this_step, user_of, with_app
from tests.cast import PASSWORD, Cast
from tests.rooms.pages.conftest import SignIn as As

pytestmark = pytest.mark.django_db
LENA = {"name": "Lena Marsh", "username": "lena", "role": "clinician", "credential": "LMFT"}
NEW = "nine quiet herons"


def code_on(page: str) -> str:
    found = re.search(r'class="recovery-key">((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})<', page)
    return found[1] if found else ""


def last(verb: str) -> str:
    return Entry.objects.filter(verb=verb).latest("number").outcome


def test_somebody_new_joins_by_a_code_with_a_password_and_second_factor_of_her_own(
    cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "new_secret", lambda: SECRET)
    ada = Clinician.objects.get(user=cast.ada.user_id)
    code = code_on(as_("maya").post("/members/", {**LENA, "supervisor": str(ada.pk)}).content.decode())
    assert code
    assert signed_in("lena", "") is None  # there is no default password
    lena = User.objects.get(username="lena")
    assert not lena.has_usable_password()
    assert code.replace("-", "") not in repr(list(JoiningCode.objects.values()))
    browser = Browser()
    place = browser.post("/join/", {"code": code.lower().replace("-", " ")})["Location"]
    assert "Welcome, Lena Marsh" in browser.get(place).content.decode()
    for words in ({"new": NEW, "again": "other words here"}, {"new": "short", "again": "short"}):
        assert browser.post(place, words).status_code == 200
        assert signed_in("lena", words["new"]) is None
    assert browser.post(place, {"new": NEW, "again": NEW})["Location"] == "/sign-in/second/"
    assert browser.get("/clients/")["Location"] == "/sign-in/second/"
    browser.get("/second-factor/app/")
    browser.post("/second-factor/app/", {"code": code_at(this_step())})
    assert browser.get("/clients/").status_code == 200
    joined = actor_of(lena.pk)
    assert joined.role == "clinician"
    assert joined.clinician_id in actor_of(cast.ada.user_id or 0).supervisee_ids
    assert Browser().get(place)["Location"] == "/join/"  # the code is used
    assert [last(verb) for verb in ("user.add", "user.invite", "user.join", "factor.add")] == ["done"] * 4


def test_a_code_ends_after_three_days_and_a_newer_one_ends_an_older_one(cast: Cast) -> None:
    bo = user_of(cast.bo)
    first = actions.invite_user(cast.maya, bo)
    second = actions.invite_user(cast.maya, bo)
    assert codes.behind(first) is None
    assert codes.behind(second) is not None
    JoiningCode.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert codes.behind(second) is None
    assert Notice.objects.filter(user=bo, kind="new code").count() == 2


def test_whoever_lost_the_second_factor_starts_anew_with_a_code(cast: Cast) -> None:
    with_app(cast.bo)
    bo = user_of(cast.bo)
    elsewhere = Browser()
    elsewhere.force_login(bo)
    assert elsewhere.get("/clients/").status_code == 200
    code = actions.invite_user(cast.maya, bo)
    assert signed_in("bo", PASSWORD) == bo  # until it is used the old password goes on
    found = codes.behind(code)
    assert found is not None
    actions.join(cast.bo, bo, code=found, password=NEW)
    assert signed_in("bo", PASSWORD) is None
    assert signed_in("bo", NEW) == bo
    assert not factors.has_factor(bo)
    assert elsewhere.get("/clients/").status_code == 302
    with pytest.raises(BadInput, match="was used"):
        actions.join(cast.bo, bo, code=found, password=NEW)


def test_guessing_codes_is_slowed_down(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:  # noqa: ARG001
    monkeypatch.setattr(codes, "GUESSES", Throttle(most=2, every_s=60.0))
    answers = [Browser().post("/join/", {"code": "AAAA-BBBB-CCCC-DDDD"}).content.decode() for _ in range(3)]
    assert ["opens nothing" in answer for answer in answers] == [True, True, False]
    assert "Too many tries" in answers[2]


def test_another_role_counts_at_once_and_changes_the_cookie_of_an_open_screen(cast: Cast, as_: As) -> None:
    ada, maya = as_("ada"), as_("maya")
    assert ada.get("/voice/").status_code == 200
    before = ada.cookies["sessionid"].value
    done = maya.post(f"/members/{cast.ada.user_id}/", {"role": "biller", "credential": "", "supervisor": ""})
    assert done.status_code == 302
    assert ada.get(f"/clients/{cast.okafors.pk}/log/").status_code == 404
    assert ada.cookies["sessionid"].value != before
    assert actor_of(cast.ada.user_id or 0).role == "biller"


def test_a_supervisor_is_somebody_else_who_supervises(cast: Cast) -> None:
    tom, ada = user_of(cast.tom), Clinician.objects.get(user=cast.ada.user_id)
    actions.change_role(cast.maya, tom, role="clinician")
    assert actor_of(cast.ada.user_id or 0).supervisee_ids == frozenset()
    actions.change_role(cast.maya, tom, role="clinician", supervisor=ada)
    assert actor_of(cast.ada.user_id or 0).supervisee_ids == {cast.tom_clinician.pk}
    with pytest.raises(BadInput):
        actions.change_role(cast.maya, user_of(cast.ada), role="supervisor", supervisor=ada)
    with pytest.raises(BadInput):
        actions.change_role(cast.maya, user_of(cast.ada), role="supervisor", supervisor=cast.tom_clinician)
    with pytest.raises(BadInput, match="credential"):
        actions.change_role(cast.maya, user_of(cast.bo), role="clinician")


def test_closing_somebodys_access_ends_their_sign_ins_at_once(cast: Cast, as_: As) -> None:
    tom, maya = as_("tom"), as_("maya")
    assert tom.get("/clients/").status_code == 200
    code = actions.invite_user(cast.maya, user_of(cast.tom))
    answer = maya.post(f"/members/{cast.tom.user_id}/close/", follow=True).content.decode()
    assert "Sign-ins ended: 1" in answer
    assert tom.get("/clients/")["Location"].startswith("/sign-in/")
    assert codes.behind(code) is None
    assert signed_in("tom", PASSWORD) is None
    maya.post(f"/members/{cast.tom.user_id}/reopen/")
    assert signed_in("tom", PASSWORD) == user_of(cast.tom)
    assert tom.get("/clients/").status_code == 302  # what was ended stays ended


def test_there_is_always_an_owner(cast: Cast) -> None:
    maya, ada = user_of(cast.maya), user_of(cast.ada)
    for undo in (
        lambda: actions.close_access(cast.maya, maya),
        lambda: actions.change_role(cast.maya, maya, role="clinician"),
    ):
        with pytest.raises(Refused, match="only owner"):
            undo()
    actions.change_role(cast.maya, ada, role="owner")
    actions.change_role(cast.maya, maya, role="clinician")
    second = actor_of(cast.ada.user_id or 0)
    with pytest.raises(Refused, match="only owner"):
        actions.close_access(second, user_of(cast.ada))


def test_nobody_but_the_owner_changes_who_works_here(cast: Cast) -> None:
    bo = user_of(cast.bo)
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.worker):
        with pytest.raises(NotAllowed):
            actions.invite_user(actor, bo)
        with pytest.raises(NotAllowed):
            actions.change_role(actor, bo, role="owner")
        with pytest.raises(NotAllowed):
            actions.close_access(actor, bo)
        with pytest.raises(NotAllowed):
            actions.add_member(actor, cast.practice, name="X", username="x", role="owner")
        with pytest.raises(NotAllowed):
            queries.members(actor)
        with pytest.raises(NotAllowed):
            actions.set_doors(actor, cast.practice, idle_minutes=60, all_need_a_second_factor=False)


def test_a_password_an_app_and_recovery_codes_are_her_own_to_change(cast: Cast) -> None:
    bo = user_of(cast.bo)
    for actor in (cast.maya, cast.tom, cast.eve):
        for verb in (
            lambda actor: actions.change_password(actor, bo, new=NEW, here=0),
            lambda actor: actions.add_app(actor, bo, secret=SECRET, code=code_at(this_step())),
            lambda actor: actions.make_recovery_codes(actor, bo),
            lambda actor: actions.remove_factor(actor, bo, factor_id=1, is_needed=False),
        ):
            with pytest.raises(NotAllowed):
                verb(actor)
    assert signed_in("bo", PASSWORD) == bo
    assert not factors.has_factor(bo)


def test_a_name_that_is_taken_adds_nobody(cast: Cast, as_: As) -> None:
    before = User.objects.count()
    said = as_("maya").post("/members/", {**LENA, "username": "TOM"}).content.decode()
    assert "is taken" in said
    unfit = as_("maya").post("/members/", {**LENA, "credential": ""}).content.decode()
    assert "needs a credential" in unfit
    assert User.objects.count() == before
    assert not JoiningCode.objects.filter(user__practice=cast.practice).exists()


def test_the_last_second_factor_stays_where_one_is_needed(cast: Cast, as_: As) -> None:
    with_app(cast.maya)
    factor = factors.factors_of(user_of(cast.maya))[0]
    maya = as_("maya")
    assert "your last second factor" in maya.post(f"/you/factors/{factor.id}/remove/").content.decode()
    assert factors.has_factor(user_of(cast.maya))
    User.objects.exclude(pk=user_of(cast.maya).pk).update(is_active=False)
    assert maya.post(f"/you/factors/{factor.id}/remove/").status_code == 302
    assert not factors.has_factor(user_of(cast.maya))
    assert factors.codes_left(user_of(cast.maya)) == 0


@pytest.mark.parametrize(("minutes", "is_kept"), [("4", False), ("5", True), ("60", True), ("61", False)])
def test_when_screens_lock_is_set_within_bounds(cast: Cast, as_: As, minutes: str, *, is_kept: bool) -> None:
    as_("maya").post("/members/doors/", {"idle_minutes": minutes})
    cast.practice.refresh_from_db()
    assert cast.practice.idle_minutes == (int(minutes) if is_kept else 15)


def test_what_is_sensitive_asks_again_who_is_there_and_goes_on_where_she_was(cast: Cast, as_: As) -> None:
    with_app(cast.maya)
    maya = as_("maya")
    assert maya.get("/members/").status_code == 200
    SignIn.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    place = maya.get("/members/")["Location"]
    assert place == "/again/?next=%2Fmembers%2F"
    assert maya.get("/clients/").status_code == 200  # the rest is open to her as before
    half = maya.post("/again/", {"password": PASSWORD, "code": "000000", "next": "/members/"})
    assert "does not open it" in half.content.decode()
    assert maya.get("/members/").status_code == 302
    words = {"password": PASSWORD, "code": code_of(cast.maya), "next": "/members/"}
    assert maya.post("/again/", words)["Location"] == "/members/"
    assert maya.get("/members/").status_code == 200


def test_minutes_out_of_bounds_change_nothing_and_are_not_repeated_in_the_notice(cast: Cast, as_: As) -> None:
    before = cast.practice.idle_minutes
    answer = as_("maya").post("/members/doors/", {"idle_minutes": "4711 with Ruth"}, follow=True)
    assert "Between 5 and 60 minutes." in answer.content.decode()
    assert "4711" not in answer.content.decode()
    cast.practice.refresh_from_db()
    assert cast.practice.idle_minutes == before
