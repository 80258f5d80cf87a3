"""The consent documents by a session's code: everybody in the session has it, so it opens what all may know of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from holdspace.consent import views
from holdspace.consent.actions import export_consent, invite, set_part2
from holdspace.consent.disclosed import accounting_of, disclosures_of, notice_for
from holdspace.consent.models import Consent, Invitation
from holdspace.consent.queries import SignedConsent, text_for
from holdspace.consent.rules import CLIENT, NO, PART2, TRANSCRIPTION, YES
from holdspace.people.models import Client
from holdspace.room.views import client_consent
from tests.cast import Cast, agree, held
from tests.rooms.pages.conftest import SignIn

pytestmark = pytest.mark.django_db
TITLE = "Sharing records of substance use care"


def code_of(cast: Cast, client: Client) -> str:
    """The code of a session of a client whose record Part 2 guards and who has agreed to everything."""
    hers = cast.maya if client == cast.ruth else cast.tom
    set_part2(cast.maya, client, is_guarded=True)
    for purpose in (TRANSCRIPTION, PART2):
        agree(hers, client, purpose=purpose)
    return invite(hers, client, session_id=held(cast, client).pk).code


def the(client: Client, purpose: str) -> Consent:
    """The client's own answer."""
    rows = Consent.objects.filter(client=client, purpose=purpose).order_by("pk")
    return next(row for row in rows if row.participant == CLIENT)


def test_who_shares_the_code_with_a_client_learns_nothing_of_part_2(cast: Cast) -> None:
    phone, code = Browser(), code_of(cast, cast.okafors)
    for path in (f"/room/{code}/", f"/room/{code}/consent/{TRANSCRIPTION}/"):
        shown = phone.get(path).content.decode()
        assert "Said yes" in shown or "You said yes" in shown
        assert TITLE not in shown
        assert PART2 not in shown
    before = list(Consent.objects.values_list("pk", "answer", "revoked_at"))
    asks, copy = f"/room/{code}/consent/{PART2}/", f"/room/{code}/signed/{the(cast.okafors, PART2).pk}/"
    assert [phone.get(path).status_code for path in (asks, copy)] == [404, 404]
    assert phone.post(asks, {"who": "0", "answer": NO}).status_code == 404
    assert phone.post(f"{asks}take-back/", {"who": "0"}).status_code == 404
    assert list(Consent.objects.values_list("pk", "answer", "revoked_at")) == before


def test_a_copy_by_the_code_says_nothing_of_part_2_to_who_shares_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = []

    def paper(signed: SignedConsent, zone: str, notice: tuple[str, ...]) -> HttpResponse:
        notices.append(notice)
        return views.paper(signed, zone, notice)

    monkeypatch.setattr(client_consent, "paper", paper)
    for client in (cast.okafors, cast.ruth):
        code = code_of(cast, client)
        copy = Browser().get(f"/room/{code}/signed/{the(client, TRANSCRIPTION).pk}/")
        assert copy["Content-Type"] == "application/pdf"
    assert notices == [(), notice_for(cast.maya, cast.ruth)]


def test_a_guardian_beside_a_young_client_shares_the_code_too(cast: Cast) -> None:
    cast.ruth.birth_date = "2014-05-01"
    cast.ruth.save(update_fields=["birth_date"])
    code = code_of(cast, cast.ruth)
    assert TITLE not in Browser().get(f"/room/{code}/").content.decode()
    assert Browser().get(f"/room/{code}/consent/{PART2}/").status_code == 404


def test_a_client_alone_signs_it_by_the_code_and_asks_for_the_copy(cast: Cast) -> None:
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    phone, code = Browser(), invite(cast.maya, cast.ruth, session_id=held(cast).pk).code
    assert TITLE in phone.get(f"/room/{code}/").content.decode()
    shown = text_for(cast.maya, cast.ruth, PART2).sha256
    given = {"who": "0", "answer": YES, "signed": "Ruth Abel", "shown": shown}
    page = phone.post(f"/room/{code}/consent/{PART2}/", given, follow=True).content.decode()
    assert "You said yes." in page
    assert "Your therapist gives you a copy." in page
    assert f"/room/{code}/signed/" not in page
    assert phone.get(f"/room/{code}/signed/{the(cast.ruth, PART2).pk}/").status_code == 404


def test_her_screen_says_where_it_is_signed_and_takes_it(cast: Cast, as_: SignIn) -> None:
    set_part2(cast.maya, cast.okafors, is_guarded=True)
    tom = as_("tom")
    said = "Asked and signed on this screen only"
    assert said in tom.get(f"/clients/{cast.okafors.pk}/").content.decode()
    assert tom.get(f"/clients/{cast.okafors.pk}/consent/{PART2}/").status_code == 200
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    assert said not in as_("maya").get(f"/clients/{cast.ruth.pk}/").content.decode()


def test_a_code_gives_copies_of_the_answers_that_stand_and_of_no_older_ones(cast: Cast) -> None:
    phone, code = Browser(), code_of(cast, cast.okafors)
    before = the(cast.okafors, TRANSCRIPTION)
    phone.post(f"/room/{code}/consent/{TRANSCRIPTION}/take-back/", {"who": "0"})
    agree(cast.tom, cast.okafors, "client")
    now = Consent.objects.filter(client=cast.okafors, purpose=TRANSCRIPTION).latest("given_at")
    assert phone.get(f"/room/{code}/signed/{now.pk}/").status_code == 200
    assert phone.get(f"/room/{code}/signed/{before.pk}/").status_code == 404


def test_by_the_code_and_in_the_list_an_evening_is_of_its_own_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 11, 29, 20, 30, tzinfo=ZoneInfo("America/Chicago"))  # the next day in London
    monkeypatch.setattr(timezone, "now", lambda: evening.astimezone(UTC))
    cast.practice.zone = "America/Chicago"
    cast.practice.save(update_fields=["zone"])
    ruth, phone = Client.objects.get(pk=cast.ruth.pk), Browser()
    code = code_of(cast, ruth)
    asks = f"/room/{code}/consent/{TRANSCRIPTION}/"
    assert "Signed 29 November 2026, 20:30" in phone.get(asks).content.decode()
    copy = phone.get(f"/room/{code}/signed/{the(ruth, TRANSCRIPTION).pk}/")
    assert "consent-2026-11-29-" in copy["Content-Disposition"]
    (line,) = disclosures_of(cast.maya, ruth)
    assert (line.on, line.about_day) == (evening.date(), evening.date())
    assert "given in writing on 2026-11-29" in notice_for(cast.maya, ruth)[-1]
    made = accounting_of(cast.maya, ruth, first=None, last=None)
    assert (made.last, made.made_on) == (evening.date(), evening.date())
    phone.post(f"{asks}take-back/", {"who": "0"})
    assert timezone.get_current_timezone_name() == "UTC"  # the next request begins without it


def test_a_copy_on_the_phone_is_entered_once_a_day_for_each_consent(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(cast, cast.okafors)
    copies = [f"/room/{code}/signed/{row.pk}/" for row in Consent.objects.filter(purpose=TRANSCRIPTION)]
    assert len(copies) == 2
    for copy in copies * 3:
        assert Browser().get(copy).status_code == 200
    told = [line.details for line in disclosures_of(cast.tom, cast.okafors)]
    assert sorted(line.partition(",")[0] for line in told) == [
        "signed by Amara Okafor",
        "signed by Ike Okafor",
    ]
    for _ in range(2):  # hers are entered each time: each may go to somebody else
        export_consent(cast.tom, the(cast.okafors, TRANSCRIPTION))
    assert len(disclosures_of(cast.tom, cast.okafors)) == 4
    tomorrow = timezone.now() + timedelta(days=1)
    Invitation.objects.update(made_at=tomorrow)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    Browser().get(copies[0])
    assert len(disclosures_of(cast.tom, cast.okafors)) == 5


def test_a_code_gives_no_copy_of_what_nobody_in_the_session_is_asked(cast: Cast) -> None:
    code = code_of(cast, cast.okafors)
    partners = [row for row in Consent.objects.all() if row.participant.startswith("partner")]
    cast.okafors.others = ""
    cast.okafors.save(update_fields=["others"])
    assert partners
    assert {Browser().get(f"/room/{code}/signed/{row.pk}/").status_code for row in partners} == {404}
