"""The log against whoever can write to the database: every way to alter it is found and named."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from holdspace.audit import heads
from holdspace.audit.chain import hash_of, record
from holdspace.audit.check import check_log
from holdspace.audit.models import NO_ENTRY, ChainEnd, Entry
from holdspace.vault.home import prepare

pytestmark = pytest.mark.django_db

ENTRIES = 12


@pytest.fixture(autouse=True)
def log(settings: LazySettings) -> None:
    """A log of twelve entries; a head was kept after the eighth."""
    prepare(settings.CONFIG.home)
    for n in range(ENTRIES):
        write(n)
        if n == 7:
            heads.keep()


def write(n: int) -> None:
    """One more entry, about the nth subject."""
    user = None if n % 3 == 0 else n
    record(verb="note.sign", user_id=user, role="owner", kind="note", subject_id=n, outcome="done")


def found() -> set[tuple[str, int, int]]:
    """What the check names."""
    return {(f.what, f.first, f.last) for f in check_log().findings}


def sealed_again(first: int) -> None:
    """The chain from an entry on, closed again by somebody who knows how it is made but has no key."""
    prior = Entry.objects.filter(number__lt=first).order_by("number").last()
    previous = prior.sha256 if prior else NO_ENTRY
    entries = Entry.objects.filter(number__gte=first).order_by("number")
    for entry in entries:
        entry.previous = previous
        entry.sha256 = previous = hash_of(entry)
        entry.save()
    ChainEnd.objects.update(number=Entry.objects.latest("number").number, sha256=previous)


def change() -> None:
    Entry.objects.filter(number=5).update(user_id=999)


def change_and_seal_it() -> None:
    entry = Entry.objects.get(number=5)
    entry.subject_id = 999
    entry.sha256 = hash_of(entry)
    entry.save()


def take_one_out() -> None:
    Entry.objects.filter(number=5).delete()


def cut_the_end_off() -> None:
    Entry.objects.filter(number__gt=10).delete()


def swap_two() -> None:
    with transaction.atomic():
        for was, becomes in ((5, 100), (6, 5), (100, 6)):
            Entry.objects.filter(number=was).update(number=becomes)


def add_one() -> None:
    last = Entry.objects.latest("number")
    entry = Entry(
        number=13, at=last.at, role="owner", verb="note.sign", kind="note", subject_id=1, outcome="done"
    )
    entry.previous = last.sha256
    entry.sha256 = hash_of(entry)
    entry.save(force_insert=True)


def rewrite_it_all_from_five() -> None:
    change()
    sealed_again(5)


def cut_off_and_close_again() -> None:
    Entry.objects.filter(number__gt=6).delete()
    sealed_again(6)


def bring_an_old_end_back() -> None:
    """What an old copy of the database holds is all truly signed; only a head kept elsewhere knows better."""
    Entry.objects.filter(number__gt=3).delete()
    end = ChainEnd.objects.get()
    third = Entry.objects.get(number=3)
    end.number, end.sha256, end.signature = 3, third.sha256, heads.signed_end(3, third.sha256)
    end.save()


def empty_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("DELETE FROM audit_chainend")


def remove_the_end() -> None:
    ChainEnd.objects.all().delete()


def write_a_head_of_her_own() -> None:
    lines = heads.kept_lines()
    heads.kept_file().write_text(lines[0].replace("holdspace-log 8", "holdspace-log 7") + "\n")


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (change, {("changed", 5, 5)}),
        (change_and_seal_it, {("replaced", 5, 5)}),
        (take_one_out, {("missing", 5, 5)}),
        (cut_the_end_off, {("cut off", 11, 12)}),
        (swap_two, {("moved", 5, 5), ("moved", 6, 6)}),
        (add_one, {("added", 13, 13)}),
        (rewrite_it_all_from_five, {("rewritten", 8, 8), ("end forged", 12, 12)}),
        (cut_off_and_close_again, {("cut off", 7, 8), ("end forged", 6, 6)}),
        (bring_an_old_end_back, {("cut off", 4, 8)}),
        (empty_it, {("cut off", 1, 8)}),
        (remove_the_end, {("end missing", 12, 12)}),
        (write_a_head_of_her_own, {("false head", 1, 1)}),
    ],
)
def test_an_attack_on_the_log_is_found_and_named(
    attack: Callable[[], None], named: set[tuple[str, int, int]]
) -> None:
    assert found() == set()
    attack()
    assert found() == named


def test_a_head_on_paper_finds_what_the_file_beside_the_database_no_longer_does() -> None:
    paper = heads.taken()
    assert paper is not None
    heads.kept_file().unlink()
    bring_an_old_end_back()
    assert check_log().is_whole
    assert [f.what for f in check_log([paper.line]).findings] == ["cut off"]


def test_the_same_head_is_kept_once() -> None:
    assert heads.keep() == heads.keep()
    assert len(heads.kept_lines()) == 2
