"""What of a client's record went out: entered by itself, entered by hand, under what, and accounted for on paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import get_args

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from holdspace.access.actor import Actor, Role
from holdspace.access.policy import POLICY
from holdspace.audit.models import Entry
from holdspace.chart.actions import begin_review, export_note, save_draft
from holdspace.chart.models import ProgressNote
from holdspace.chart.pdf.render import render_note_pdf
from holdspace.consent.actions import (
    authorize_disclosure,
    complete_disclosure,
    export_accounting,
    export_consent,
    record_disclosure,
    revoke_authorization,
    set_part2,
)
from holdspace.consent.disclosed import (
    accounting_of,
    authorizations_of,
    disclosure,
    disclosures_of,
    how_many,
    notice_for,
    recipients,
)
from holdspace.consent.disclosure import (
    AUTHORIZED,
    HOLDER,
    PSYCHOTHERAPY,
    TO_CLIENT,
    UNSAID,
    bases,
    earlier,
    kinds,
    window,
)
from holdspace.consent.models import Consent, Disclosure, DisclosureAuthorization
from holdspace.consent.paper import render_accounting_pdf, render_consent_pdf
from holdspace.consent.rules import PART2
from holdspace.errors import BadInput, NotAllowed, Refused
from tests.cast import Cast, agree, heard, held, sign, small_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(cast: Cast) -> ProgressNote:
    """A signed note of Ruth's."""
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, held(cast)), draft=small_draft()))
    return sign(cast, note)


def today() -> date:
    return timezone.localdate()


def authorized(cast: Cast, **more: object) -> DisclosureAuthorization:
    """An authorization of Ruth's for her notes."""
    given: dict[str, object] = {
        "recipient": "Dr. Lena Ortiz",
        "kinds": ["note", "summary"],
        "purpose": "medication review",
        "signed_by": "Ruth Abel",
        "signed_on": today() - timedelta(days=10),
        "expires_on": today() + timedelta(days=90),
    }
    return authorize_disclosure(cast.maya, cast.ruth, **{**given, **more})  # type: ignore[arg-type]  # as given


def told(cast: Cast, **more: object) -> Disclosure:
    """Something of Ruth's that was passed on by hand."""
    given: dict[str, object] = {
        "to": "County Child Services",
        "kind": "spoken",
        "basis": "required",
        "how": "told",
        "on": today(),
    }
    return record_disclosure(cast.maya, cast.ruth, **{**given, **more})  # type: ignore[arg-type]  # as given


def words(pdf: bytes) -> str:
    """What a PDF says, its spaces evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_copy_taken_out_is_entered_without_asking_anything(cast: Cast, signed: ProgressNote) -> None:
    export_note(cast.maya, signed)
    (line,) = disclosures_of(cast.maya, cast.ruth)
    assert (line.what, line.way, line.basis.code) == (
        "Progress note of 10 November 2026",
        "as a file",
        HOLDER,
    )
    assert (line.to, line.recorded_by, line.is_open) == ("", "Maya Torres", True)
    assert how_many(cast.maya, cast.ruth) == (1, 1)


@pytest.mark.parametrize(
    ("to", "basis"),
    [
        ("ruth  abel", TO_CLIENT),
        ("The client", TO_CLIENT),
        ("dr. lena ortiz", AUTHORIZED),
        ("Blue Shield", UNSAID),
    ],
)
def test_the_one_field_says_the_rest_where_it_can(
    cast: Cast, signed: ProgressNote, to: str, basis: str
) -> None:
    authorized(cast)
    export_note(cast.maya, signed, to=to)
    (line,) = disclosures_of(cast.maya, cast.ruth)
    assert line.basis.code == basis
    assert (line.authorization is not None) == (basis == AUTHORIZED)


def test_who_has_a_copy_is_said_later_once_and_stays(cast: Cast, signed: ProgressNote) -> None:
    export_note(cast.maya, signed)
    row = Disclosure.objects.get()
    with pytest.raises(BadInput, match="to somebody"):
        complete_disclosure(cast.maya, row, to=" ", basis="payment")
    for nothing in (HOLDER, UNSAID, "because"):
        with pytest.raises(BadInput):
            complete_disclosure(cast.maya, row, to="Blue Shield", basis=nothing)
    complete_disclosure(cast.maya, row, to="Blue Shield", basis="payment", purpose="review of a claim")
    (line,) = disclosures_of(cast.maya, cast.ruth)
    assert (line.to, line.basis.code, line.purpose, line.is_open) == (
        "Blue Shield",
        "payment",
        "review of a claim",
        False,
    )
    with pytest.raises(BadInput, match="stays"):
        complete_disclosure(cast.maya, row, to="Somebody else", basis="payment")
    with pytest.raises(Refused, match="stays on record"):
        row.delete()


def test_an_authorization_has_all_its_elements_or_is_refused(cast: Cast) -> None:
    wrongs: list[dict[str, object]] = [
        {"recipient": " "},
        {"purpose": ""},
        {"signed_by": ""},
        {"kinds": []},
        {"kinds": ["everything"]},
        {"expires_on": None},
        {"signed_on": today() + timedelta(days=1)},
        {"expires_on": today() - timedelta(days=11)},
        {"kinds": ["note", PSYCHOTHERAPY]},
    ]
    for wrong in wrongs:
        with pytest.raises(BadInput):
            authorized(cast, **wrong)
    authorized(cast, expires_on=None, expires_when="the court case is over")
    (one,) = authorizations_of(cast.maya, cast.ruth)
    assert (one.what, one.expires_when) == ("progress note, letter or summary", "the court case is over")


def test_an_authorization_carries_its_kinds_in_its_days_until_it_is_taken_back(cast: Cast) -> None:
    one = authorized(cast)
    given = {"to": "Dr. Lena Ortiz", "how": "fax", "basis": AUTHORIZED, "authorization": one}
    told(cast, kind="note", **given)
    for wrong in (
        {"kind": "plan"},
        {"kind": "note", "on": today() - timedelta(days=11)},
        {"kind": "note", "authorization": None},
    ):
        with pytest.raises(BadInput, match="No authorization"):
            told(cast, **{**given, **wrong})
    assert recipients(cast.maya, cast.ruth) == ["Dr. Lena Ortiz"]
    revoke_authorization(cast.maya, one)
    with pytest.raises(BadInput, match="No authorization"):
        told(cast, kind="note", **given)
    assert recipients(cast.maya, cast.ruth) == []
    assert len(disclosures_of(cast.maya, cast.ruth)) == 1  # what went out before stays


def test_an_authorization_carries_nothing_to_whom_it_does_not_name(cast: Cast, signed: ProgressNote) -> None:
    one = authorized(cast)
    with pytest.raises(BadInput, match="names somebody else"):
        told(cast, to="Father", kind="note", basis=AUTHORIZED, authorization=one)
    export_note(cast.maya, signed, to="Father")
    with pytest.raises(BadInput, match="names somebody else"):  # who has it was said, whatever is written now
        complete_disclosure(
            cast.maya, Disclosure.objects.get(), to="Dr. Lena Ortiz", basis=AUTHORIZED, authorization=one
        )
    export_note(cast.maya, signed)
    held_copy = Disclosure.objects.get(basis=HOLDER)
    with pytest.raises(BadInput, match="names somebody else"):
        complete_disclosure(cast.maya, held_copy, to="Father", basis=AUTHORIZED, authorization=one)
    complete_disclosure(cast.maya, held_copy, to="dr.  lena ortiz", basis=AUTHORIZED, authorization=one)
    told(cast, to="DR. LENA  ORTIZ", kind="note", basis=AUTHORIZED, authorization=one)


def test_another_clients_authorization_is_no_authorization(cast: Cast) -> None:
    other = authorize_disclosure(
        cast.tom,
        cast.okafors,
        recipient="Dr. Lena Ortiz",
        kinds=["note"],
        purpose="care",
        signed_by="Ike Okafor",
        signed_on=today(),
        expires_on=today(),
    )
    with pytest.raises(NotAllowed):
        told(cast, kind="note", basis=AUTHORIZED, authorization=other)


def test_psychotherapy_notes_go_out_only_as_authorized_for_them_alone_or_as_the_law_demands(
    cast: Cast,
) -> None:
    general, own = authorized(cast, kinds=["record"]), authorized(cast, kinds=[PSYCHOTHERAPY])
    with pytest.raises(BadInput, match="for them alone"):
        told(cast, kind=PSYCHOTHERAPY, basis="payment")
    with pytest.raises(BadInput, match="No authorization"):
        told(cast, kind=PSYCHOTHERAPY, basis=AUTHORIZED, authorization=general)
    told(cast, to="Dr. Lena Ortiz", kind=PSYCHOTHERAPY, basis=AUTHORIZED, authorization=own)
    told(cast, kind=PSYCHOTHERAPY, basis="danger")
    told(cast, to="Dr. Lena Ortiz", kind="note", basis=AUTHORIZED, authorization=general)


def test_who_may_read_record_authorize_and_print(cast: Cast, signed: ProgressNote) -> None:
    told(cast)
    assert len(disclosures_of(cast.bo, cast.ruth)) == 1  # who bills discloses for payment
    for stranger in (cast.tom, cast.ada, cast.sam, cast.eve, Actor.in_the_room(cast.practice.pk)):
        with pytest.raises(NotAllowed):
            disclosures_of(stranger, cast.ruth)
        with pytest.raises(NotAllowed):
            record_disclosure(
                stranger, cast.ruth, to="X", kind="note", basis="payment", how="fax", on=today()
            )
        with pytest.raises(NotAllowed):
            export_accounting(stranger, cast.ruth, first=None, last=None)
        with pytest.raises(NotAllowed):
            export_note(stranger, signed)
    for stranger in (cast.bo, cast.tom, cast.sam):
        with pytest.raises(NotAllowed):
            set_part2(stranger, cast.ruth, is_guarded=True)
    with pytest.raises(NotAllowed):
        export_note(cast.bo, signed)


def test_who_bills_reads_what_went_out_for_payment_and_under_which_law_and_not_what_for(cast: Cast) -> None:
    own = authorized(cast, kinds=["billing"], expires_on=None, expires_when="the trial is over")
    told(cast, to="Blue Shield", kind="note", basis="payment", details="a page", purpose="a trial")
    told(cast, to="Dr. Lena Ortiz", kind="billing", basis=AUTHORIZED, authorization=own, purpose="a trial")
    bills, note = disclosures_of(cast.bo, cast.ruth)
    assert (note.to, note.what, note.on, note.basis.code) == (
        "Blue Shield",
        "Progress note",
        today(),
        "payment",
    )
    assert (bills.to, bills.basis.code) == ("Dr. Lena Ortiz", AUTHORIZED)
    assert [(line.details, line.purpose) for line in (bills, note)] == [("", "")] * 2
    (one,) = authorizations_of(cast.bo, cast.ruth)
    assert bills.authorization == one
    assert (one.recipient, one.signed_on) == ("Dr. Lena Ortiz", today() - timedelta(days=10))
    assert (one.kinds, one.what, one.purpose, one.expires_when) == ((), "", "", "")
    whole = disclosures_of(cast.maya, cast.ruth)
    assert [(line.details, line.purpose) for line in whole] == [("", "a trial"), ("a page", "a trial")]
    assert whole[0].authorization == authorizations_of(cast.maya, cast.ruth)[0]


def test_of_all_else_who_bills_learns_that_it_went_out_and_when(cast: Cast, signed: ProgressNote) -> None:
    own = authorized(cast, recipient="Lighthouse Rehab", kinds=[PSYCHOTHERAPY])
    told(
        cast, to="Lighthouse Rehab", kind=PSYCHOTHERAPY, basis=AUTHORIZED, authorization=own, address="Pier 1"
    )
    told(cast, kind="note", basis="court", details="a page", about_day=today())
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    agree(cast.maya, cast.ruth, purpose=PART2)
    export_consent(cast.maya, Consent.objects.get(purpose=PART2))
    export_note(cast.maya, signed)
    lines = disclosures_of(cast.bo, cast.ruth)
    assert {line.what for line in lines} == {"Another disclosure"}
    assert {line.on for line in lines} == {today()}
    for line in lines:
        assert not line.is_open
        assert not line.is_part2
        telling = {line.to, line.address, line.kind, line.way, line.basis.words, line.recorded_by}
        assert telling == {""}
        assert line.about_day is None
        assert line.authorization is None
        with pytest.raises(NotAllowed):
            disclosure(cast.bo, line.id)
    assert authorizations_of(cast.bo, cast.ruth) == []
    assert how_many(cast.maya, cast.ruth) == (4, 2)
    assert how_many(cast.bo, cast.ruth) == (4, 0)
    assert {line.what for line in disclosures_of(cast.maya, cast.ruth)} > {"Psychotherapy notes"}


def test_what_who_bills_entered_they_still_read(cast: Cast) -> None:
    record_disclosure(
        cast.bo, cast.ruth, to="State auditor", kind="attendance", basis="oversight", how="mail", on=today()
    )
    told(cast, to="State auditor", kind="attendance", basis="oversight")
    theirs = [line.to for line in disclosures_of(cast.bo, cast.ruth)]
    assert theirs == ["", "State auditor"]


def test_who_bills_still_enters_what_went_out_under_an_authorization(cast: Cast) -> None:
    one = authorized(cast, kinds=["billing"])
    row = record_disclosure(
        cast.bo,
        cast.ruth,
        to="Dr. Lena Ortiz",
        kind="billing",
        basis=AUTHORIZED,
        how="fax",
        on=today(),
        authorization=one,
    )
    assert row.authorization == one


def test_whoever_prints_an_accounting_reads_all_that_it_has_to_say() -> None:
    reach = {scope: number for number, scope in enumerate(("-", "self", "own", "team", "all"))}
    for role in get_args(Role):
        assert reach[POLICY["disclosure.print", role]] <= reach[POLICY["note.read", role]], role


def test_the_accounting_has_what_the_law_lists_for_any_six_years(cast: Cast, signed: ProgressNote) -> None:
    told(cast, address="1 Main Street", details="suspected neglect of her niece", purpose="report of neglect")
    export_note(cast.maya, signed, to="Ruth Abel")
    told(cast, to="Blue Shield", kind="note", basis="payment", how="electronic", on=earlier(today(), 3))
    made = export_accounting(cast.maya, cast.ruth, first=earlier(today(), 6), last=today())
    text = words(render_accounting_pdf(made))
    for wanted in (
        "Accounting of disclosures",
        "Ruth Abel",
        "County Child Services",
        "1 Main Street",
        "suspected neglect of her niece",
        "report of neglect",
        "45 CFR 164.512(a)",
        "Progress note of 10 November 2026",
        "To the client, or who may act for them",
        "Blue Shield",
        "asked for by law",
    ):
        assert wanted in text, wanted
    assert [line.to for line in made.lines] == ["Blue Shield", "County Child Services", "Ruth Abel"]
    recent = accounting_of(cast.maya, cast.ruth, first=earlier(today(), 1), last=None)
    assert "Blue Shield" not in [line.to for line in recent.lines]
    assert [line.what for line in recent.lines][-1] == "Accounting of disclosures"  # it too is on record
    assert "Nothing was disclosed" in words(
        render_accounting_pdf(
            accounting_of(cast.maya, cast.ruth, first=date(2020, 1, 1), last=date(2021, 1, 1))
        )
    )


def test_a_window_is_six_years_at_most_and_ends_after_it_begins() -> None:
    day = date(2028, 2, 29)
    assert window(None, None, day) == (date(2022, 2, 28), day)
    assert window(date(2023, 1, 1), date(2025, 1, 1), day) == (date(2023, 1, 1), date(2025, 1, 1))
    for first, last in ((date(2022, 2, 27), None), (date(2025, 1, 2), date(2025, 1, 1))):
        with pytest.raises(BadInput):
            window(first, last, day)


def test_every_copy_of_a_guarded_record_carries_the_notice_of_part_2(
    cast: Cast, signed: ProgressNote
) -> None:
    agree(cast.maya, cast.ruth)
    consent = Consent.objects.filter(client=cast.ruth).latest("given_at")

    def papers() -> list[str]:
        notice = notice_for(cast.maya, cast.ruth)
        return [
            words(render_note_pdf(export_note(cast.maya, signed))),
            words(render_consent_pdf(export_consent(cast.maya, consent), zone="UTC", notice=notice)),
            words(render_accounting_pdf(export_accounting(cast.maya, cast.ruth, first=None, last=None))),
        ]

    notice = "42 CFR part 2). These rules prohibit you from using or disclosing this record"
    assert [notice in paper for paper in papers()] == [False] * 3
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    assert [notice in paper for paper in papers()] == [True] * 3
    assert "No general consent of the client is on record" in papers()[0]
    agree(cast.maya, cast.ruth, purpose=PART2)
    assert "Scope of the consent: given in writing on" in papers()[0]
    assert {line.is_part2 for line in disclosures_of(cast.maya, cast.ruth)} == {True, False}
    assert notice_for(cast.eve, cast.ruth) == ()
    set_part2(cast.maya, cast.ruth, is_guarded=False)
    assert notice not in papers()[0]


def test_every_step_is_in_the_log_and_none_says_to_whom_or_what(cast: Cast, signed: ProgressNote) -> None:
    export_note(cast.maya, signed, to="Lighthouse Clinic")
    complete_disclosure(cast.maya, Disclosure.objects.get(), to="", basis="treatment", purpose="lighthouse")
    one = authorized(cast, recipient="Lighthouse Clinic")
    told(cast, to="Lighthouse Clinic")
    revoke_authorization(cast.maya, one)
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    export_accounting(cast.maya, cast.ruth, first=None, last=None)
    disclosures_of(cast.maya, cast.ruth)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {
        "note.export",
        "disclosure.record",
        "disclosure.authorize",
        "disclosure.revoke",
        "disclosure.guard",
        "disclosure.print",
        "disclosure.read",
    } <= verbs
    assert "ighthouse" not in str(list(Entry.objects.values()))


def test_what_names_somebody_is_kept_encrypted(cast: Cast) -> None:
    authorized(cast, recipient="Lighthouse Clinic", purpose="lighthouse")
    told(cast, to="Lighthouse Clinic", details="lighthouse", purpose="lighthouse", address="Lighthouse Road")
    for model in ("Disclosure", "DisclosureAuthorization"):
        table = apps.get_model("consent", model)._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # our own table
            kept = [bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()]
        assert "ighthouse" not in str(kept)


def test_every_reason_says_its_law_and_what_part_2_asks_for() -> None:
    for basis in bases().values():
        if basis.code in (HOLDER, UNSAID):
            continue
        assert basis.law.startswith("45 CFR 164.")
        assert basis.part2 or basis.code == TO_CLIENT
    assert {code for code, basis in bases().items() if not basis.is_accounted} == {
        HOLDER,
        TO_CLIENT,
        AUTHORIZED,
        "treatment",
        "payment",
        "operations",
        "involved",
    }  # 45 CFR 164.528(a)(1)(i) to (v)
    assert len(kinds()) >= 10
