"""The practice's key is changed on either database: everything reads on, and the log stays whole."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from holdspace.audit import heads
from holdspace.audit.check import check_log
from holdspace.audit.models import ChainEnd, Entry, PastSigner
from holdspace.errors import NotAllowed, NotReady, Refused, WrongPassphrase
from holdspace.people import actions, rotating
from holdspace.people.queries import client
from holdspace.room.queries import transcript
from holdspace.vault import keyfile, record_keys, rotation
from holdspace.vault.keys import ring
from holdspace.vault.models import RecordKey
from tests.cast import PASSPHRASE, Cast, heard, held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("key_file")]


def rotated(cast: Cast) -> list[str]:
    """The key, changed; the steps that were told."""
    told: list[str] = []
    rotating.begin(cast.maya, cast.practice, passphrase=PASSPHRASE)
    rotating.carry_out(lambda step, _: told.append(step))
    return list(dict.fromkeys(told))


def test_a_rotation_changes_the_key_and_nothing_that_is_read(cast: Cast) -> None:
    session = heard(cast, held(cast))
    old, wrapped = ring.practice_key(), RecordKey.objects.get(owner_id=cast.ruth.pk).wrapped
    assert rotated(cast)[-1] == "Wrapping and signing anew"
    assert ring.practice_key() != old
    assert keyfile.opened(settings.CONFIG.home, PASSPHRASE) == ring.practice_key()
    assert bytes(RecordKey.objects.get(owner_id=cast.ruth.pk).wrapped) != bytes(wrapped)
    record_keys.opened.forget()
    assert client(cast.maya, cast.ruth.pk).name == "Ruth Abel"
    said = transcript(cast.maya, session)
    assert said is not None
    assert said.turns[1].text.startswith("I slept")
    assert Entry.objects.filter(verb="practice.rotate", outcome="done").count() == 2


def signed_head(number: int, days: int) -> heads.Head:
    """A head that the key of now signs of this entry, and dates so many days from now."""
    at = timezone.now() + timedelta(days=days)
    return heads.Head(number, "0" * 64, at, heads._signature(heads._head_text(number, "0" * 64, at)))


def test_what_the_older_key_signed_stays_genuine_and_nothing_it_signs_later_is(cast: Cast) -> None:
    head = heads.keep()
    assert head is not None
    old = ring.practice_key()
    rotated(cast)
    rotated(cast)
    checked = check_log([head.line])
    assert checked.is_whole, checked.findings
    assert PastSigner.objects.count() == 2
    new = ring.practice_key()
    ring.put(old)
    forged = [signed_head(Entry.objects.count(), days) for days in (-1, 1)]
    end = heads.signed_end(99, "0" * 64)
    ring.put(new)
    assert [head.is_genuine(heads._past_signers()) for head in forged] == [False, False]
    ChainEnd.objects.update(signature=end)
    assert "end forged" in {finding.what for finding in check_log().findings}


def test_a_head_of_a_clock_that_was_ahead_stays_genuine_when_the_key_is_changed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=365))
    assert heads.keep()
    monkeypatch.setattr(timezone, "now", real)
    rotated(cast)
    checked = check_log()
    assert (checked.is_whole, checked.heads) == (True, 1), checked.findings


def test_a_log_cut_short_before_the_key_was_changed_is_still_known_for_one(cast: Cast) -> None:
    known = signed_head(Entry.objects.count() + 50, 0)
    heads.kept_file().write_text(known.line + "\n")
    rotated(cast)
    assert {finding.what for finding in check_log().findings} == {"cut off"}


def test_a_signer_of_before_entries_told_is_told_by_its_date(cast: Cast) -> None:
    heads.keep()
    rotated(cast)
    signer = PastSigner.objects.get()
    signer.last = None
    heads._keep_signer(signer)  # as an older version wrote it
    rotated(cast)
    assert check_log().is_whole
    PastSigner.objects.filter(pk=signer.pk).update(last=10**6)  # nor does anybody else give it an entry
    assert {finding.what for finding in check_log().findings} == {"false head"}


def test_a_past_signer_put_in_by_somebody_else_signs_nothing(cast: Cast) -> None:
    rotated(cast)
    real = PastSigner.objects.get()
    PastSigner.objects.create(public="ab" * 32, until=real.until, last=real.last, signature=real.signature)
    assert heads._past_signers() == [real]
    rotated(cast)  # a new key takes over what the older one signed, and nothing else
    assert "ab" * 32 not in {signer.public for signer in heads._past_signers()}
    assert len(heads._past_signers()) == 2


def test_only_who_may_and_knows_the_passphrase_changes_the_key(cast: Cast) -> None:
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.worker, cast.eve):
        with pytest.raises(NotAllowed):
            rotating.begin(actor, cast.practice, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        rotating.begin(cast.maya, cast.practice, passphrase="not the passphrase")
    assert not rotating.is_begun()
    with pytest.raises(NotReady):
        rotating.carry_out()


def test_a_rotation_that_was_begun_can_be_given_up_until_the_key_is_changed(cast: Cast) -> None:
    old = ring.practice_key()
    rotating.begin(cast.maya, cast.practice, passphrase=PASSPHRASE)
    with pytest.raises(rotation.AlreadyRotating):
        rotating.begin(cast.maya, cast.practice, passphrase=PASSPHRASE)
    actions.give_rotation_up(cast.maya, cast.practice)
    assert ring.practice_key() == old
    assert not rotating.is_begun()
    rotating.begin(cast.maya, cast.practice, passphrase=PASSPHRASE)
    rotation.carry_out(settings.CONFIG.home, rotation.database_file())
    with pytest.raises(Refused):
        actions.give_rotation_up(cast.maya, cast.practice)
    rotating.finish_rotation()
    assert client(cast.maya, cast.ruth.pk).name == "Ruth Abel"


def test_a_recovery_key_opens_nothing_after_a_rotation(cast: Cast) -> None:
    home = settings.CONFIG.home
    key = keyfile.make_recovery_key(home, passphrase=PASSPHRASE)
    rotated(cast)
    assert not keyfile.has_recovery(home)
    with pytest.raises(NotReady, match="No recovery key"):
        keyfile.recover(home, recovery_key=key, new="quiet river stones")
    keyfile.change_passphrase(home, old=PASSPHRASE, new="quiet river stones")
    assert keyfile.opened(home, "quiet river stones") == ring.practice_key()
