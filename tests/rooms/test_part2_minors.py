"""Who signs a minor's consent to share records of care for substance use, and who never learns of it (42 CFR 2.14)."""

from datetime import date, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pypdf import PdfReader

from holdspace.consent.actions import (
    authorize_disclosure,
    export_accounting,
    export_consent,
    record_consent,
    record_disclosure,
    revoke_consent,
    set_part2,
    set_place,
)
from holdspace.consent.disclosed import (
    Accounting,
    accounting_of,
    authorizations_of,
    notice_for,
    notice_on,
    recipients,
)
from holdspace.consent.law import state_of, states
from holdspace.consent.models import Consent, DisclosureAuthorization
from holdspace.consent.paper import render_accounting_pdf
from holdspace.consent.queries import decides_alone, documents, shared_since, standings, text_for, who_shares
from holdspace.consent.rules import (
    ASSENT,
    CLIENT,
    GUARDIAN,
    NO,
    NOT_TODAY,
    PART2,
    SELF,
    TRANSCRIPTION,
    YES,
    capacities_part2,
)
from holdspace.errors import BadInput
from tests.cast import Cast, agree

TODAY = date(2026, 11, 29)


def aged(years: int, days: int = 0) -> date:
    """Born so that today is that birthday, or `days` after it."""
    return TODAY.replace(year=TODAY.year - years) - timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "born", "signs"),
    [
        ("IL", aged(12), (SELF,)),
        ("IL", aged(12, days=-1), (ASSENT, GUARDIAN)),
        ("CA", aged(15), (SELF,)),
        ("WA", aged(12), (ASSENT, GUARDIAN)),
        ("WA", aged(13), (SELF,)),
        ("OR", aged(13), (ASSENT, GUARDIAN)),
        ("OR", aged(14), (SELF,)),
        ("MD", aged(9), (SELF,)),  # any age
        ("NY", aged(17), (ASSENT, GUARDIAN)),
        ("NY", aged(18), (SELF,)),
        ("OH", aged(17), (ASSENT, GUARDIAN)),  # not known: both
        ("OH", aged(4), (ASSENT, GUARDIAN)),
        ("", aged(16), (ASSENT, GUARDIAN)),
        ("NY", None, (SELF,)),
    ],
)
def test_the_state_and_the_age_say_who_signs(state: str, born: date | None, signs: tuple[str, ...]) -> None:
    assert capacities_part2(born, state_of(state).alone_from, TODAY) == signs


def test_nowhere_and_at_no_age_does_a_guardian_sign_in_a_minors_place() -> None:
    for code in ("", *states()):
        for years in range(19):
            signs = capacities_part2(aged(years), state_of(code).alone_from, TODAY)
            assert signs in ((SELF,), (ASSENT, GUARDIAN)), (code, years)


def test_what_is_not_known_of_a_state_is_said_and_never_taken_for_a_right() -> None:
    for code, state in states().items():
        if not state.substance_law:
            assert state.alone_from == 18, code
            assert "We are not sure" in state.on_young_people
    assert "at any age (71 P.S. § 1690.112)" in state_of("PA").on_young_people
    assert "from the age of 12 (410 ILCS 210/4)" in state_of("IL").on_young_people
    assert "asks for a parent or guardian’s yes" in state_of("NY").on_young_people


@pytest.fixture
def young(cast: Cast) -> Cast:
    """Ruth is fifteen, and Part 2 guards her record."""
    born(cast, 15)
    set_part2(cast.maya, cast.ruth, is_guarded=True)
    return cast


def born(cast: Cast, years: int) -> None:
    """Ruth had that birthday in her zone today."""
    today = timezone.now().astimezone(ZoneInfo(cast.practice.zone)).date()
    day = today.replace(year=today.year - years, day=min(today.day, 28))
    cast.ruth.birth_date = day.isoformat()
    cast.ruth.save(update_fields=["birth_date"])


def answered(cast: Cast, capacity: str, answer: str = YES) -> Consent | None:
    """Somebody's answer, in that capacity."""
    shown = text_for(cast.maya, cast.ruth, PART2, capacity).sha256
    return record_consent(
        cast.maya,
        cast.ruth,
        answer=answer,
        capacity=capacity,
        purpose=PART2,
        signed="Somebody Abel",
        shown=shown,
    )


def stand(cast: Cast) -> list[tuple[str, bool]]:
    return [(found.capacity, found.is_given) for found in standings(cast.maya, cast.ruth, PART2)]


@pytest.mark.django_db
def test_a_minor_who_consents_alone_signs_alone_and_a_guardian_is_refused(young: Cast) -> None:
    set_place(young.maya, young.ruth, state="IL")
    assert stand(young) == [(SELF, False)]
    for capacity in (GUARDIAN, ASSENT):
        with pytest.raises(BadInput):
            answered(young, capacity)
    answered(young, SELF)
    assert stand(young) == [(SELF, True)]
    assert "Scope of the consent: given in writing" in notice_for(young.maya, young.ruth)[-1]
    text = text_for(young.maya, young.ruth, PART2).plain
    assert "So you alone say yes or no" in text
    assert "410 ILCS 210/4" in text


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["NY", "OH", ""])
def test_where_both_sign_a_guardians_yes_alone_counts_for_nothing_and_comes_second(
    young: Cast, state: str
) -> None:
    if state:
        set_place(young.maya, young.ruth, state=state)
    assert stand(young) == [(ASSENT, False)]
    with pytest.raises(BadInput):  # a guardian learns of it by the minor's yes
        answered(young, GUARDIAN)
    answered(young, ASSENT)
    assert stand(young) == [(ASSENT, True), (GUARDIAN, False)]
    assert shared_since(young.maya, young.ruth) is None
    assert "No general consent" in notice_for(young.maya, young.ruth)[-1]
    answered(young, GUARDIAN)
    assert shared_since(young.maya, young.ruth) is not None
    assert "Scope of the consent: given" in notice_for(young.maya, young.ruth)[-1]
    answered(young, ASSENT, NO)
    assert stand(young) == [(ASSENT, False)]
    assert "No general consent" in notice_for(young.maya, young.ruth)[-1]


def open_yeses(cast: Cast) -> set[str]:
    """Who has a yes that was not taken back, by capacity."""
    rows = Consent.objects.filter(client=cast.ruth, purpose=PART2, answer=YES, revoked_at=None)
    return set(rows.values_list("capacity", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["taken back", NO, NOT_TODAY])
def test_what_the_minor_ends_ends_for_both_and_the_guardian_is_asked_anew(young: Cast, ends: str) -> None:
    answered(young, ASSENT)
    answered(young, GUARDIAN)
    if ends == "taken back":
        revoke_consent(young.maya, young.ruth, participant=CLIENT, capacity=ASSENT, purpose=PART2)
    else:
        answered(young, ASSENT, ends)
    assert (open_yeses(young), stand(young)) == (set(), [(ASSENT, False)])
    answered(young, ASSENT)
    assert stand(young) == [(ASSENT, True), (GUARDIAN, False)]
    assert (
        standings(young.maya, young.ruth, PART2)[1].answered is None
    )  # not asked yet, and nothing they took back
    assert shared_since(young.maya, young.ruth) is None
    answered(young, GUARDIAN)
    assert shared_since(young.maya, young.ruth) is not None


@pytest.mark.django_db
def test_what_a_guardian_takes_back_is_theirs_and_the_minors_yes_stays(young: Cast) -> None:
    answered(young, ASSENT)
    answered(young, GUARDIAN)
    revoke_consent(young.maya, young.ruth, participant=CLIENT, capacity=GUARDIAN, purpose=PART2)
    assert open_yeses(young) == {ASSENT}
    assert stand(young) == [(ASSENT, True), (GUARDIAN, False)]
    assert shared_since(young.maya, young.ruth) is None


@pytest.mark.django_db
def test_the_text_says_what_a_minors_yes_makes_known_to_the_guardian(young: Cast) -> None:
    said = text_for(young.maya, young.ruth, PART2, ASSENT).plain
    assert "If you say yes, we ask them next, and so they learn of this care (42 CFR 2.14(b)(2)(i))." in said
    asked_before = answered(young, ASSENT)
    assert asked_before is not None
    Consent.objects.filter(pk=asked_before.pk).update(version="2.0")  # before the text said so
    assert stand(young) == [(ASSENT, False)]


@pytest.mark.django_db
def test_who_moves_to_another_state_is_asked_under_its_law(young: Cast) -> None:
    set_place(young.maya, young.ruth, state="IL")
    answered(young, SELF)
    set_place(young.maya, young.ruth, state="NY")
    assert stand(young) == [(ASSENT, False)]
    assert shared_since(young.maya, young.ruth) is None
    answered(young, ASSENT)
    answered(young, GUARDIAN)
    set_place(young.maya, young.ruth, state="WA")
    assert stand(young) == [(SELF, False)]
    with pytest.raises(BadInput):
        answered(young, GUARDIAN)


@pytest.mark.django_db
def test_at_eighteen_they_decide_alone_and_what_they_signed_alone_still_counts(young: Cast) -> None:
    answered(young, ASSENT)
    answered(young, GUARDIAN)
    born(young, 18)
    assert stand(young) == [(SELF, False)]  # signed beside a guardian: asked anew
    assert not decides_alone(young.maya, young.ruth)
    born(young, 17)
    set_place(young.maya, young.ruth, state="IL")
    answered(young, SELF)
    born(young, 18)
    assert stand(young) == [(SELF, True)]
    assert "Who says yes" not in text_for(young.maya, young.ruth, PART2).plain


@pytest.mark.django_db
def test_without_a_date_of_birth_the_client_alone_is_asked_and_she_is_told_to_enter_it(young: Cast) -> None:
    young.ruth.birth_date = ""
    young.ruth.save(update_fields=["birth_date"])
    assert stand(young) == [(SELF, False)]
    assert "No date of birth is entered" in who_shares(young.maya, young.ruth)
    answered(young, SELF)
    born(
        young, 15
    )  # under age after all, in a state we do not know: what was signed as an adult counts no more
    assert stand(young) == [(ASSENT, False)]
    assert shared_since(young.maya, young.ruth) is None


@pytest.mark.django_db
def test_she_reads_who_signs_and_by_which_rule(young: Cast) -> None:
    def said() -> str:
        found = documents(young.maya, young.ruth)
        return next(one.who_signs for one in found if one.purpose == PART2)

    assert "They and a parent or guardian both sign" in said()
    assert "We are not sure" in said()
    assert "42 CFR 2.14(b)" in said()
    set_place(young.maya, young.ruth, state="IL")
    assert "signs alone" in said()
    assert "42 CFR 2.14(a)" in said()
    born(young, 30)
    assert said() == ""


@pytest.mark.django_db
def test_other_documents_still_ask_a_minors_guardian(young: Cast) -> None:
    set_place(young.maya, young.ruth, state="IL")
    asked = [found.capacity for found in standings(young.maya, young.ruth, TRANSCRIPTION)]
    assert asked == [GUARDIAN, ASSENT]


@pytest.mark.django_db
def test_a_guardian_gets_neither_the_consent_nor_the_accounting_of_who_decides_alone(young: Cast) -> None:
    set_place(young.maya, young.ruth, state="IL")
    signed = answered(young, SELF)
    assert signed is not None
    for to in ("Nora Abel", "her mother"):
        with pytest.raises(BadInput, match="decides alone"):
            export_consent(young.maya, signed, to=to)
        with pytest.raises(BadInput, match="decides alone"):
            export_accounting(young.maya, young.ruth, first=None, last=None, to=to)
    export_consent(young.maya, signed, to="Ruth Abel")
    export_consent(young.maya, signed)
    made = export_accounting(young.maya, young.ruth, first=None, last=None)
    pages = PdfReader(BytesIO(render_accounting_pdf(made))).pages
    assert "For Ruth Abel alone." in " ".join(" ".join(page.extract_text() for page in pages).split())
    for kinds in (["consent"], ["accounting"]):
        let(young, "Ruth Abel", *kinds)
    export_consent(young.maya, signed, to="Nora Abel")
    export_accounting(young.maya, young.ruth, first=None, last=None, to="nora abel")


def let(cast: Cast, signed_by: str, *kinds: str, recipient: str = "Nora Abel") -> DisclosureAuthorization:
    """An authorization for Ruth's mother, or somebody else, as it was signed."""
    return authorize_disclosure(
        cast.maya,
        cast.ruth,
        recipient=recipient,
        kinds=kinds or ["record"],
        purpose="so that she knows",
        signed_by=signed_by,
        signed_on=timezone.localdate(),
        expires_when="the year is over",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["IL", "NY", "OH"])  # alone, both, not known: and no yes of Ruth's yet
def test_what_somebody_else_signed_is_no_minors_written_yes(young: Cast, state: str) -> None:
    set_place(young.maya, young.ruth, state=state)
    for signer in ("Nora Abel, mother", "Nora Abel for Ruth Abel", "Nora Abel, mother of Ruth Abel"):
        with pytest.raises(BadInput, match="Nobody may sign this in your client’s place"):
            let(young, signer)
    let(young, "ruth  abel and Nora Abel, mother")
    assert recipients(young.maya, young.ruth) == ["Nora Abel"]


@pytest.mark.django_db
def test_what_a_guardian_signed_before_carries_nothing_once_the_minor_decides_alone(young: Cast) -> None:
    set_part2(young.maya, young.ruth, is_guarded=False)
    guardians, today = let(young, "Nora Abel, mother"), timezone.localdate()
    set_part2(young.maya, young.ruth, is_guarded=True)
    set_place(young.maya, young.ruth, state="IL")
    signed = answered(young, SELF)
    assert signed is not None
    with pytest.raises(BadInput, match="decides alone"):
        export_consent(young.maya, signed, to="Nora Abel")
    with pytest.raises(BadInput, match="decides alone"):
        export_accounting(young.maya, young.ruth, first=None, last=None, to="Nora Abel")
    with pytest.raises(BadInput, match="No authorization"):
        record_disclosure(
            young.maya,
            young.ruth,
            to="Nora Abel",
            kind="note",
            basis="authorization",
            how="told",
            on=today,
            authorization=guardians,
        )
    assert recipients(young.maya, young.ruth) == []
    (one,) = authorizations_of(young.maya, young.ruth)
    assert one.is_passed_over
    let(young, "Ruth Abel", "consent")
    export_consent(young.maya, signed, to="Nora Abel")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["NY", "OH", ""])
def test_before_the_minors_own_yes_a_guardian_gets_nothing_where_both_sign(young: Cast, state: str) -> None:
    if state:
        set_place(young.maya, young.ruth, state=state)

    def accounting() -> Accounting:
        return export_accounting(young.maya, young.ruth, first=None, last=None, to="Nora Abel")

    with pytest.raises(BadInput, match="has not said yes to sharing this"):
        accounting()
    assert accounting_of(young.maya, young.ruth, first=None, last=None).only_for == "Ruth Abel"
    answered(young, ASSENT)
    assert accounting().only_for == ""
    answered(young, ASSENT, NO)
    with pytest.raises(BadInput, match="has not said yes to sharing this"):
        accounting()
    set_part2(young.maya, young.ruth, is_guarded=False)
    accounting()


@pytest.mark.django_db
def test_nobody_acts_for_a_minor_who_decides_alone(young: Cast) -> None:
    def told(to: str, basis: str) -> None:
        today = timezone.localdate()
        record_disclosure(young.maya, young.ruth, to=to, kind="spoken", basis=basis, how="told", on=today)

    for basis in ("client", "involved"):  # both decide here, and Ruth has not said yes yet
        with pytest.raises(BadInput, match="has not said yes"):
            told("Nora Abel", basis)
    answered(young, ASSENT)
    told("Nora Abel", "client")
    set_place(young.maya, young.ruth, state="IL")
    for basis in ("client", "involved"):
        with pytest.raises(BadInput, match="nobody may act for them"):
            told("Nora Abel", basis)
    told("Ruth Abel", "client")
    set_part2(young.maya, young.ruth, is_guarded=False)
    told("Nora Abel", "client")


@pytest.mark.django_db
def test_a_guardians_copy_of_their_own_consent_tells_nothing_of_part_2(young: Cast) -> None:
    agree(young.maya, young.ruth)
    copies = {row.capacity: notice_on(young.maya, row) for row in Consent.objects.filter(client=young.ruth)}
    assert copies[GUARDIAN] == ()
    assert copies[ASSENT] == notice_for(young.maya, young.ruth) != ()
