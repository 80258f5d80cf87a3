"""Every switch, export, disclosure, use of AI and change of consent is an entry of the one chained log."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from holdspace.assist.actions import choose_switches, switch_off, switch_on
from holdspace.assist.doorway import ear_for
from holdspace.assist.rules import DRAFTING, SWITCHES, SwitchAt
from holdspace.audit.check import check_log
from holdspace.audit.models import Entry
from holdspace.chart.actions import (
    begin_review,
    export_ledger,
    export_note,
    save_draft,
    write_note,
)
from holdspace.chart.models import ProgressNote
from holdspace.consent.actions import (
    authorize_disclosure,
    carried_out,
    complete_disclosure,
    export_accounting,
    export_consent,
    invite,
    record_consent,
    record_disclosure,
    revoke_authorization,
    revoke_consent,
    set_birth,
    set_part2,
    set_place,
    set_practice_place,
    write_own_words,
)
from holdspace.consent.models import Consent, Disclosure, DisclosureAuthorization
from holdspace.consent.rules import TRANSCRIPTION
from holdspace.room.models import Session
from tests.cast import TUESDAY, Cast, agree, heard, held, sign, small_draft

pytestmark = pytest.mark.django_db
Do = Callable[[Cast, Session], object]


def signed(cast: Cast, session: Session) -> ProgressNote:
    note = begin_review(cast.maya, save_draft(cast.worker, heard(cast, session), draft=small_draft()))
    return sign(cast, note)


def authorized(cast: Cast) -> DisclosureAuthorization:
    today = timezone.localdate()
    return authorize_disclosure(
        cast.maya, cast.ruth, recipient="X", kinds=["note"], purpose="p", signed_by="Ruth", signed_on=today,
        expires_on=today,
    )  # fmt: skip


def told(cast: Cast) -> Disclosure:
    return record_disclosure(
        cast.maya, cast.ruth, to="X", kind="note", basis="payment", how="fax", on=timezone.localdate()
    )


def consent(cast: Cast) -> Consent:
    agree(cast.maya, cast.ruth)
    return Consent.objects.filter(client=cast.ruth).latest("given_at")


ACTS: dict[str, tuple[Do, str, str]] = {
    "a switch off": (lambda c, s: switch_off(c.maya, SwitchAt(DRAFTING, s)), "switch.off", "session/drafting"),
    "a switch on": (
        lambda c, _: switch_on(c.maya, SwitchAt(DRAFTING, c.practice)), "switch.on", "practice/drafting"
    ),
    "the first choice": (lambda c, _: choose_switches(c.maya, c.practice, names=[]), "switch.choose", "practice"),
    "a note exported": (lambda c, s: export_note(c.maya, signed(c, s)), "note.export", "note"),
    "a ledger exported": (lambda c, s: export_ledger(c.maya, signed(c, s)), "ledger.export", "note"),
    "a consent exported": (lambda c, _: export_consent(c.maya, consent(c)), "consent.export", "consent"),
    "an accounting printed": (
        lambda c, _: export_accounting(c.maya, c.ruth, first=None, last=None), "disclosure.print", "client"
    ),
    "a disclosure by hand": (lambda c, _: told(c), "disclosure.record", "client"),
    "a disclosure completed": (
        lambda c, s: complete_disclosure(
            c.maya, (export_note(c.maya, signed(c, s)), Disclosure.objects.get())[1], to="X", basis="payment"
        ),
        "disclosure.record",
        "disclosure",
    ),
    "an authorization": (lambda c, _: authorized(c), "disclosure.authorize", "client"),
    "an authorization taken back": (
        lambda c, _: revoke_authorization(c.maya, authorized(c)), "disclosure.revoke", "authorization"
    ),
    "a record under Part 2": (
        lambda c, _: set_part2(c.maya, c.ruth, is_guarded=True), "disclosure.guard", "client"
    ),
    "a use of AI": (lambda c, s: (consent(c), ear_for(c.worker, s.around())), "ai.use", "session/hearing"),
    "a note by hand": (lambda c, s: write_note(c.maya, s, note_format="DAP"), "note.write", "session"),
    "a yes": (lambda c, _: consent(c), "consent.record", "client"),
    "a no": (lambda c, _: record_consent(c.maya, c.ruth, answer="no"), "consent.record", "client"),
    "a yes taken back": (lambda c, _: (consent(c), revoke_consent(c.maya, c.ruth)), "consent.revoke", "client"),
    "what was taken back carried out": (
        lambda c, _: carried_out(c.worker, consent(c)), "consent.carry_out", "consent"
    ),
    "a code for their phone": (lambda c, s: invite(c.maya, c.ruth, session_id=s.pk), "consent.prepare", "client"),
    "a client's state": (lambda c, _: set_place(c.maya, c.ruth, state="IL"), "consent.prepare", "client"),
    "a birth": (
        lambda c, _: set_birth(
            c.tom, c.okafors, participant="partner: Amara Okafor", born=date(2015, 1, 1)
        ),
        "consent.prepare",
        "client",
    ),
    "the practice's state": (
        lambda c, _: set_practice_place(c.maya, c.practice, state="IL"), "consent.word", "practice"
    ),
    "the practice's words": (
        lambda c, _: write_own_words(c.maya, c.practice, purpose=TRANSCRIPTION, text="x", matters=False),
        "consent.word",
        "practice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.weights
def test_it_is_an_entry_of_the_chain(cast: Cast, what: str) -> None:
    session = held(cast, start=TUESDAY + timedelta(days=1))
    before = Entry.objects.latest("number").number
    do, verb, kind = ACTS[what]
    do(cast, session)
    entries = Entry.objects.filter(number__gt=before, verb=verb, kind=kind, outcome="done")
    assert entries.count() == 1
    assert check_log().is_whole


def test_the_first_choice_is_an_entry_for_each_switch_too(cast: Cast) -> None:
    before = Entry.objects.latest("number").number
    choose_switches(cast.maya, cast.practice, names=[DRAFTING])
    kinds = Entry.objects.filter(number__gt=before, verb__startswith="switch.o").values_list("verb", "kind")
    assert set(kinds) == {
        ("switch.on" if name == DRAFTING else "switch.off", f"practice/{name}") for name in SWITCHES
    }
