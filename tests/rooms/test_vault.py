"""At rest everything is encrypted, each value to its own row, and what is searched is never the words."""

import pytest
from django.db import connection

from holdspace.people.models import Client
from holdspace.people.queries import client
from holdspace.room.models import HeardSession
from holdspace.room.queries import transcript
from holdspace.vault.envelope import Tampered
from holdspace.vault.fields import open_rows
from holdspace.vault.generations import sweep
from tests.cast import Cast, heard, held

pytestmark = pytest.mark.django_db(transaction=True)


def raw(table: str, column: str, pk: int) -> bytes:
    """A value as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])  # noqa: S608  # names from this file
        return bytes(cursor.fetchone()[0])


def test_a_name_is_readable_through_the_model_and_nowhere_in_the_row(cast: Cast) -> None:
    assert client(cast.maya, cast.ruth.pk).name == "Ruth Abel"
    assert b"Ruth" not in raw("people_client", "name", cast.ruth.pk)


def test_a_value_moved_to_another_row_or_column_does_not_open(cast: Cast) -> None:
    moved = raw("people_client", "name", cast.ruth.pk)
    for column, pk in (("name", cast.okafors.pk), ("pronouns", cast.ruth.pk)):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE people_client SET {column} = %s WHERE id = %s", [moved, pk])  # noqa: S608
        with pytest.raises(Tampered):
            getattr(Client.objects.get(pk=pk), column)


def test_an_encrypted_field_can_be_deferred_and_refuses_to_be_updated_or_searched(cast: Cast) -> None:
    assert Client.objects.defer("name").get(pk=cast.ruth.pk).name == "Ruth Abel"
    with pytest.raises(TypeError):
        Client.objects.filter(pk=cast.ruth.pk).update(name="Ruth")
    with pytest.raises(TypeError):
        Client.objects.filter(name="Ruth Abel").exists()


def test_a_transcript_is_sealed_under_a_key_that_is_not_the_practices(cast: Cast) -> None:
    session = heard(cast, held(cast))
    kept = HeardSession.objects.get(session=session)
    assert b"slept" not in bytes(kept.sealed)
    HeardSession.objects.filter(pk=kept.pk).update(sealed=raw("people_client", "name", cast.ruth.pk))
    with pytest.raises(Tampered):
        transcript(cast.maya, session)


def test_a_key_file_no_session_needs_is_swept_and_a_needed_one_is_not(cast: Cast) -> None:
    session = heard(cast, held(cast))
    assert sweep() == 0
    assert transcript(cast.maya, session) is not None


def test_values_of_many_rows_open_at_once_and_a_moved_one_among_them_does_not(cast: Cast) -> None:
    rows = list(Client.objects.order_by("pk"))
    open_rows(rows, "name", "former_names", "others")
    opened = {row.pk: (row.__dict__["name"], row.__dict__["former_names"]) for row in rows}
    assert opened[cast.ruth.pk] == ("Ruth Abel", "Rudy")
    assert opened[cast.okafors.pk][0] == "Ike Okafor"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_client SET former_names = (SELECT name FROM people_client WHERE id = %s) WHERE id = %s",
            [cast.ruth.pk, cast.ruth.pk],
        )
    with pytest.raises(Tampered):
        open_rows(list(Client.objects.all()), "name", "former_names")
