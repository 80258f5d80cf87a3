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


def insert_in_the_middle() -> None:
    """A thirteenth entry pushed in after the fifth; the later ones make room for it."""
    with transaction.atomic():
        for number in range(ENTRIES, 5, -1):
            Entry.objects.filter(number=number).update(number=number + 1)
        fifth = Entry.objects.get(number=5)
        entry = Entry(
            number=6, at=fifth.at, role="owner", verb="note.read", kind="note", subject_id=1, outcome="done"
        )
        entry.previous = fifth.sha256
        entry.sha256 = hash_of(entry)
        entry.save(force_insert=True)


def take_one_out_and_close_up() -> None:
    with transaction.atomic():
        Entry.objects.filter(number=5).delete()
        for number in range(6, ENTRIES + 1):
            Entry.objects.filter(number=number).update(number=number - 1)


def roll_the_whole_database_back() -> None:
    """An old copy of every table of the log in place of this one: all of it truly signed."""
    entries, ends = list(Entry.objects.values()), list(ChainEnd.objects.values())
    for n in range(ENTRIES, ENTRIES + 4):
        write(n)
    heads.keep()
    Entry.objects.all().delete()
    Entry.objects.bulk_create([Entry(**row) for row in entries])
    ChainEnd.objects.all().delete()
    ChainEnd.objects.bulk_create([ChainEnd(**row) for row in ends])


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


EIGHT: dict[str, tuple[Callable[[], None], str, int]] = {
    "alter": (change, "changed", 5),
    "delete": (take_one_out, "missing", 5),
    "reorder": (swap_two, "moved", 5),
    "truncate": (cut_the_end_off, "cut off", 11),
    "insert": (insert_in_the_middle, "added", 6),
    "replace": (change_and_seal_it, "replaced", 5),
    "forge the end": (cut_off_and_close_again, "end forged", 6),
    "roll the whole database back": (roll_the_whole_database_back, "cut off", 13),
}
"""The attacks an audit log is to withstand, each with what the check calls it and where it points first."""


@pytest.mark.parametrize("attack", EIGHT)
def test_each_of_the_eight_attacks_is_named_at_its_place(attack: str) -> None:
    assert found() == set()
    do, what, where = EIGHT[attack]
    do()
    assert (what, where) in {(name, first) for name, first, _ in found()}, found()


def test_an_entry_taken_out_is_named_although_the_later_ones_moved_up() -> None:
    take_one_out_and_close_up()
    assert ("missing", 5, 5) in found()
    assert ("cut off", 12, 12) in found()


def test_the_attacks_are_eight() -> None:
    assert len(EIGHT) == 8


def test_a_head_on_paper_finds_what_the_file_beside_the_database_no_longer_does() -> None:
    paper = heads.taken()
    assert paper is not None
    heads.kept_file().unlink()
    bring_an_old_end_back()
    assert check_log().is_whole
    assert [f.what for f in check_log([paper.line]).findings] == ["cut off"]


def test_half_a_line_of_a_disk_that_was_full_is_not_taken_for_a_forged_head() -> None:
    whole = heads.kept_lines()
    with heads.kept_file().open("a", encoding="utf-8") as file:
        file.write("holdspace-log 12 0f3a")
    write(ENTRIES)
    heads.keep()
    assert heads.kept_lines()[:-1] == whole
    assert check_log().is_whole


def test_the_same_head_is_kept_once() -> None:
    assert heads.keep() == heads.keep()
    assert len(heads.kept_lines()) == 2
