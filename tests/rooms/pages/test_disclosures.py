"""The page of disclosures, and the one field beside every button that takes a copy out."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.utils import timezone

from holdspace.chart.actions import begin_review, save_draft
from holdspace.chart.models import ProgressNote
from holdspace.consent.actions import authorize_disclosure, set_part2
from holdspace.consent.disclosed import authorizations_of, disclosures_of
from holdspace.consent.models import Consent, Disclosure
from holdspace.consent.queries import is_part2
from holdspace.consent.rules import ASSENT, PART2, TELEHEALTH
from holdspace.schedule.models import Appointment
from tests.cast import Cast, agree, heard, held, sign, small_draft
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(cast: Cast) -> ProgressNote:
    """A signed note of Ruth's."""
    begun = begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))
    return sign(cast, begun)


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def shown(browser: Browser, cast: Cast) -> str:
    return plain(browser.get(f"/clients/{cast.ruth.pk}/disclosures/").content.decode())


def test_a_copy_is_taken_with_one_field_that_may_stay_empty(
    cast: Cast, note: ProgressNote, as_: SignIn
) -> None:
    maya = as_("maya")
    page = maya.get(f"/notes/{note.pk}/").content.decode()
    assert page.count('name="to"') == 2  # the note, and what the program did
    for given, to in (({}, ""), ({"to": "  The   client "}, "The client")):
        answer = maya.post(f"/notes/{note.pk}/pdf/", given)
        assert answer["Content-Type"] == "application/pdf"
        assert "Ruth" not in answer["Content-Disposition"]
        assert disclosures_of(cast.maya, cast.ruth)[0].to == to
    assert (
        maya.get(f"/notes/{note.pk}/pdf/")["Content-Type"] == "application/pdf"
    )  # an old link is an export too
    assert Disclosure.objects.count() == 3
    assert "3 on record" in plain(maya.get(f"/clients/{cast.ruth.pk}/").content.decode())
    assert "2 copies taken out, nobody named." in plain(
        maya.get(f"/clients/{cast.ruth.pk}/").content.decode()
    )


def test_a_signed_consent_is_exported_from_her_screen_and_from_their_own_phone(
    cast: Cast, as_: SignIn
) -> None:
    session = heard(cast, held(cast))
    consent = Consent.objects.filter(client=cast.ruth).latest("given_at")
    as_("maya").post(f"/consents/{consent.pk}/pdf/", {"to": "Blue Shield"})
    code = re.search(
        r'class="code">([^<]+)<',
        as_("maya").post(f"/sessions/{session.pk}/code/", follow=True).content.decode(),
    )
    assert code is not None
    answer = Browser().get(f"/room/{code[1].replace(' ', '')}/signed/{consent.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert [(line.to, line.basis.code) for line in disclosures_of(cast.maya, cast.ruth)] == [
        ("the client", "client"),
        ("Blue Shield", "unsaid"),
    ]


def test_what_was_faxed_or_told_is_entered_under_an_authorization(cast: Cast, as_: SignIn) -> None:
    maya, today = as_("maya"), timezone.localdate(timezone=ZoneInfo(cast.practice.zone))
    place = f"/clients/{cast.ruth.pk}/disclosures/"
    wrong = maya.post(place + "authorize/", {"recipient": "Dr. Ortiz"})
    assert wrong.status_code == 200
    assert 'class="wrong"' in wrong.content.decode()
    maya.post(
        place + "authorize/",
        {
            "recipient": "Dr. Ortiz",
            "kinds": ["note", "plan"],
            "purpose": "medication review",
            "signed_by": "Ruth Abel",
            "signed_on": today.isoformat(),
            "expires_on": (today + timedelta(days=30)).isoformat(),
        },
    )
    (one,) = authorizations_of(cast.maya, cast.ruth)
    entered = {
        "to": "Dr. Ortiz",
        "kind": "plan",
        "how": "fax",
        "on": today.isoformat(),
        "basis": "authorization",
        "authorization": one.id,
    }
    assert maya.post(place + "record/", {**entered, "authorization": ""}).status_code == 422
    assert maya.post(place + "record/", {**entered, "kind": "nonsense"}).status_code == 200
    assert not Disclosure.objects.exists()
    assert maya.post(place + "record/", entered)["Location"] == place
    page = shown(maya, cast)
    assert "Treatment plan, by fax" in page
    assert "Dr. Ortiz may have: progress note, treatment plan" in page
    maya.post(f"/authorizations/{one.id}/revoke/")
    assert "Taken back" in shown(maya, cast)
    assert maya.post(place + "record/", entered).status_code == 422


def test_who_has_a_copy_is_said_on_a_page_of_its_own(cast: Cast, note: ProgressNote, as_: SignIn) -> None:
    maya = as_("maya")
    maya.post(f"/notes/{note.pk}/pdf/")
    row = Disclosure.objects.get()
    assert "Who has it?" in shown(maya, cast)
    assert maya.post(f"/disclosures/{row.pk}/", {"to": "", "basis": "payment"}).status_code == 422
    assert maya.post(f"/disclosures/{row.pk}/", {"to": "Blue Shield", "basis": "payment"}).status_code == 302
    assert "To Blue Shield. For payment" in shown(maya, cast)
    assert "It is said already" in plain(maya.get(f"/disclosures/{row.pk}/").content.decode())
    assert as_("tom").get(f"/disclosures/{row.pk}/").status_code == 404
    assert as_("sam").get(f"/disclosures/{row.pk}/").status_code == 404


def test_who_bills_reads_of_a_disclosure_that_is_not_for_payment_only_that_it_was(
    cast: Cast, note: ProgressNote, as_: SignIn
) -> None:
    maya, bo = as_("maya"), as_("bo")
    maya.post(f"/notes/{note.pk}/pdf/", {"to": "Lighthouse Rehab"})
    row = Disclosure.objects.get()
    page = shown(bo, cast)
    assert "Another disclosure" in page
    assert "Of anything else, only that it went out and when." in page
    for telling in ("Progress note of", "as a file Why", "Lighthouse", "Why was not said", "Say why"):
        assert telling not in page, telling
    assert "Lighthouse" in shown(maya, cast)
    assert bo.get(f"/disclosures/{row.pk}/").status_code == 404
    assert bo.post(f"/disclosures/{row.pk}/", {"to": "X", "basis": "payment"}).status_code == 404
    maya.post(f"/disclosures/{row.pk}/", {"to": "", "basis": "payment"})
    assert "Progress note of 10 November 2026, as a file To Lighthouse Rehab." in shown(bo, cast)


def test_the_page_says_who_signs_for_a_minor_and_for_whom_the_accounting_is(cast: Cast, as_: SignIn) -> None:
    maya, place = as_("maya"), f"/clients/{cast.ruth.pk}/"
    cast.ruth.birth_date = (timezone.localdate() - timedelta(days=15 * 366)).isoformat()
    cast.ruth.save(update_fields=["birth_date"])
    maya.post(f"{place}disclosures/guard/", {"is_guarded": "yes"})
    both = "They and a parent or guardian both sign; one alone is not enough."
    assert both in shown(maya, cast)
    assert both in plain(maya.get(place).content.decode())
    assert both not in shown(as_("bo"), cast)
    assert "For nobody else:" in shown(maya, cast)  # until Ruth has said yes
    asked = maya.get(f"{place}consent/part2/").content.decode()
    assert "You and your parent or guardian both have to say yes (42 CFR 2.14(b))." in asked
    assert "Guardian of client" not in asked
    assert maya.get(f"{place}consent/part2/?who=1").status_code == 404
    maya.post(f"{place}consent/where/", {"state": "IL"})
    assert "signs alone" in plain(maya.get(place).content.decode())
    assert "For nobody else: a parent or guardian may have it only by" in shown(maya, cast)
    asked = maya.get(f"{place}consent/part2/").content.decode()
    assert "So you alone say yes or no" in asked
    assert "uardian of client" not in asked
    assert maya.get(f"{place}consent/part2/?who=1").status_code == 404


def test_a_guardian_takes_their_own_yes_back_on_the_page_and_the_minors_stays(
    cast: Cast, as_: SignIn
) -> None:
    maya, place = as_("maya"), f"/clients/{cast.ruth.pk}/"
    cast.ruth.birth_date = (timezone.localdate() - timedelta(days=15 * 366)).isoformat()
    cast.ruth.save(update_fields=["birth_date"])
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    agree(cast.maya, cast.ruth, purpose=PART2)
    agree(cast.maya, cast.ruth, "guardian of client", purpose=PART2)
    assert "For nobody else:" not in shown(maya, cast)
    given = {"who": "1", "purpose": PART2, "then": "ask"}
    answer = maya.post(f"{place}consent/take-back/", given, follow=True)
    assert answer.status_code == 200
    assert "You took back your yes." in plain(answer.content.decode())
    rows = Consent.objects.filter(client=cast.ruth, purpose=PART2, revoked_at=None)
    assert [row.capacity for row in rows] == [ASSENT]


def test_the_page_says_which_authorization_carries_nothing(cast: Cast, as_: SignIn) -> None:
    today = timezone.localdate()
    given = {
        "recipient": "Nora Abel",
        "kinds": ["note"],
        "purpose": "to know",
        "signed_by": "Nora Abel, mother",
    }
    authorize_disclosure(cast.maya, cast.ruth, **given, signed_on=today, expires_on=today)  # type: ignore[arg-type]  # as given
    said = "Carries nothing: your client did not sign it (42 CFR 2.14)."
    assert said not in shown(as_("maya"), cast)
    cast.ruth.birth_date = (today - timedelta(days=15 * 366)).isoformat()
    cast.ruth.save(update_fields=["birth_date"])
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    assert said in shown(as_("maya"), cast)


def test_who_bills_sees_no_consent_on_a_clients_page_and_no_page_that_asks(cast: Cast, as_: SignIn) -> None:
    agree(cast.maya, cast.ruth)
    place = f"/clients/{cast.ruth.pk}/"
    for name, sees in (("maya", True), ("sam", True), ("bo", False)):
        answer = as_(name).get(place)
        assert answer.status_code == 200
        assert ('id="consent"' in answer.content.decode()) == sees, name
        assert "Not asked yet" not in answer.content.decode(), name
        ask = as_(name).get(f"{place}consent/transcription/").status_code
        assert ask == (200 if sees else 404), name


def test_the_accounting_prints_and_a_wrong_window_is_said(cast: Cast, as_: SignIn) -> None:
    place = f"/clients/{cast.ruth.pk}/disclosures/accounting/"
    answer = as_("maya").post(place, {"first": "", "last": ""})
    assert answer["Content-Type"] == "application/pdf"
    assert "Ruth" not in answer["Content-Disposition"]
    assert as_("maya").post(place, {"first": "2010-01-01", "last": "2020-01-01"}).status_code == 422
    assert as_("maya").post(place, {"first": "yesterday"}).status_code == 422
    assert as_("bo").post(place).status_code == 404


def test_marked_as_guarded_the_page_says_what_that_means_and_the_consent_is_asked(
    cast: Cast, as_: SignIn
) -> None:
    maya, session = as_("maya"), held(cast)
    of_session = f"/sessions/{session.pk}/"
    assert "Sharing records" not in maya.get(of_session).content.decode()
    maya.post(f"/clients/{cast.ruth.pk}/disclosures/guard/", {"is_guarded": "yes"})
    assert is_part2(cast.maya, cast.ruth)
    assert "Part 2 guards this record." in shown(maya, cast)
    page = plain(maya.get(of_session).content.decode())
    assert "Sharing records of substance use care Not asked yet: client Ask" in page
    maya.post(f"/clients/{cast.ruth.pk}/consent/part2/", {"who": "0", "answer": "no"})
    page = plain(maya.get(of_session).content.decode())
    assert "Sharing records of substance use care Said no" in page
    maya.post(f"/clients/{cast.ruth.pk}/disclosures/guard/", {"is_guarded": "no"})
    assert not is_part2(cast.maya, cast.ruth)


def test_consent_to_video_is_asked_where_they_meet_by_video_and_on_their_phone_too(
    cast: Cast, as_: SignIn
) -> None:
    maya, session = as_("maya"), held(cast)
    of_client = f"/clients/{cast.ruth.pk}/"
    assert "Video and phone sessions Not needed now." in plain(maya.get(of_client).content.decode())
    Appointment.objects.update(setting="telehealth")
    assert "Video and phone sessions Not asked yet: client Ask" in plain(
        maya.get(f"/sessions/{session.pk}/").content.decode()
    )
    assert "Not needed now." in plain(maya.get(of_client).content.decode())  # Part 2 still
    assert "Video and phone sessions Not needed now." not in plain(maya.get(of_client).content.decode())
    code = re.search(
        r'class="code">([^<]+)<',
        maya.post(f"/sessions/{session.pk}/code/", follow=True).content.decode(),
    )
    assert code is not None
    phone = plain(Browser().get(f"/room/{code[1].replace(' ', '')}/").content.decode())
    assert "Video and phone sessions Not answered Read and answer" in phone
    assert "substance" not in phone
    agree(cast.maya, cast.ruth, purpose=TELEHEALTH)
    assert "Video and phone sessions Given" in plain(maya.get(f"/sessions/{session.pk}/").content.decode())
