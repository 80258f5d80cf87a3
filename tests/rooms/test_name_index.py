"""Names found by keyed marks are the names found by opening all of them, and the marks tell no name."""

import random

import pytest
from django.db import connection

from holdspace.access.actor import Actor
from holdspace.people import name_index
from holdspace.people.actions import add_client
from holdspace.people.models import Client, NameIndex, NameMark
from holdspace.people.queries import clients
from holdspace.people.rules import matches
from holdspace.vault import record_keys
from holdspace.vault.whose import CLIENT, Owner
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
# fmt: off
FIRST = ["Ruth", "Rut", "Røskva", "Amara", "İlker", "Straße", "Anne-Marie", "O’Neil", "X", "Maximiliana-Konstantina"]
LAST = ["Abel", "Abe", "Okafor", "O’Kane", "van", "Strasse", "Ng", "Öztürk"]
TRIED = ("r", "ru", "RUTH", "ruth a", "a r", "ss", "straß", "strasse", "maximiliana-konst", "x", "ö", "zz", "", "o’")
# fmt: on


@pytest.fixture
def many(cast: Cast) -> Cast:
    """The cast, and thirty more."""
    chance = random.Random(7)  # noqa: S311  # names for a test
    door = Actor.command_line(cast.practice.pk)
    for _ in range(30):
        clinician = chance.choice([cast.maya_clinician, cast.tom_clinician])
        add_client(
            door, clinician, name=f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
        )
    return cast


def found(actor: Actor, words: str) -> list[int]:
    return [client.pk for client in clients(actor, words)]


def test_the_index_finds_what_opening_every_name_finds(many: Cast) -> None:
    searches = [
        *TRIED,
        *(f"{first[:n]} {last[:2]}" for first in FIRST[:6] for last in LAST[:2] for n in (1, 3)),
    ]
    before = {(actor, words): found(actor, words) for actor in (many.maya, many.tom) for words in searches}
    assert name_index.build() == 32
    assert name_index.is_complete()
    assert {(actor, words): found(actor, words) for actor, words in before} == before
    assert any(before.values())


@pytest.mark.usefixtures("many")
def test_the_index_narrows_to_few_and_never_too_few() -> None:
    name_index.build()
    rows = Client.objects.all()
    narrowed = set(name_index.narrowed(rows, "ruth abel").values_list("pk", flat=True))
    assert {client.pk for client in rows if matches(client.name, "ruth abel")} <= narrowed
    assert len(narrowed) < 15
    assert name_index.narrowed(rows, "r").count() == rows.count()  # one letter has no mark


def test_a_client_added_later_is_found(many: Cast) -> None:
    name_index.build()
    made = add_client(many.maya, many.maya_clinician, name="Zora Quill")
    assert found(many.maya, "quill zo") == [made.pk]


def test_the_same_name_has_other_marks_under_another_key_and_none_of_them_is_its_hash(many: Cast) -> None:
    name_index.build()
    before = set(NameMark.objects.values_list("mark", flat=True))
    name_index.forget()
    assert not NameMark.objects.exists()
    assert not name_index.is_complete()
    assert found(many.maya, "ruth ab")  # by opening all, until it is made anew
    name_index.build()
    assert before.isdisjoint(NameMark.objects.values_list("mark", flat=True))


def test_a_destroyed_record_is_not_in_the_index_any_more(many: Cast) -> None:
    name_index.build()
    record_keys.destroy([Owner(CLIENT, many.ruth.pk)], rule="record-law")
    name_index.forget()
    assert name_index.build() == 31
    assert not NameMark.objects.filter(client=many.ruth).exists()
    assert many.ruth.pk not in found(many.maya, "ruth ab")


def test_it_is_made_on_postgresql_and_for_many_clients_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name_index.is_needed() == (connection.vendor == "postgresql")
    monkeypatch.setattr(name_index, "MOST_IN_MEMORY", 1)
    assert name_index.is_needed()
    assert not NameIndex.objects.exists()
    assert cast.ruth.name
