"""What is typed stays text: no statement, no template, no line of the log and no formula is made of it.

That no code of ours makes code or markup of text is a rule of Semgrep's (rules/code.yaml).
"""

import ast
import csv
import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from holdspace.audit.log import event_log
from holdspace.people.models import Client, User
from holdspace.web.limits import counter
from tests.everything import RUTHS, Everything, browser
from tests.security.walking import reading, sending
from tests.walls.test_matrix import SENT, path_to
from tests.walls.tree import functions, modules, parsed, short

FIELDS = (
    "act",
    "answer",
    "at",
    "before",
    "born",
    "checksum",
    "code",
    "credential",
    "day",
    "file",
    "format",
    "gap",
    "is_on",
    "jottings",
    "lost",
    "minutes",
    "modality",
    "mode",
    "name",
    "next",
    "number",
    "others",
    "participant",
    "password",
    "purpose",
    "role",
    "section",
    "session",
    "setting",
    "shown",
    "signed",
    "speaker",
    "start",
    "state",
    "text",
    "token",
    "total",
    "username",
    "value",
    "who",
    "words",
)
ODD = {
    "a statement": "' OR 1=1; DROP TABLE people_client; --",
    "another statement": '") UNION SELECT name FROM people_user --',
    "a template": "{{ 707070707|add:707070707 }}{% load static %}${7*7}#{7*7}<%= 7*7 %>",
    "a format": "%s%n%(x)s{0}{0.__class__}",
    "a command": "; touch /tmp/holdspace-was-here; $(id) `id`",
    "a path": "../../../../etc/passwd",
    "lines": "one\r\nSet-Cookie: x=1\r\n\r\n<html>",
    "nothing": "\x00",
    "other digits": "٣",
    "raised digits": "²",
    "a number too long": "9" * 5000,
    "a number too large": str(2**63),
    "no number": "1e999",
    "below nothing": "-1",
    "long": "a" * 20_000,
    "half a letter": "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "the other way": "\u202eevil\u202c",
    "a day long ago": "0001-01-01",
    "a day far ahead": "9999-12-31",
}


def requests_with(house: Everything, value: str) -> Iterator[tuple[str, Any]]:
    """Every address, each of its fields holding the value; the answers, and everything as it was before."""
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for address in reading():
        counter.forget()
        with transaction.atomic():
            yield (
                address.name,
                maya.get(path_to(address, record.ids, record.code), dict.fromkeys(FIELDS, value)),
            )
            transaction.set_rollback(True)
    for address in sending():
        counter.forget()
        for form in (dict.fromkeys(FIELDS, value), *_one_by_one(address.name, value)):
            with transaction.atomic():
                yield (
                    address.name,
                    maya.post(
                        path_to(address, record.ids, record.code), form, headers={"X-Capture": value[:50]}
                    ),
                )
                transaction.set_rollback(True)


def _one_by_one(name: str, value: str) -> Iterator[dict[str, Any]]:
    """What the address takes, one field of it odd."""
    sent = {field: given for field, given in SENT.get(name, {}).items() if isinstance(given, str)}
    return ({**sent, field: value} for field in sent)


FEW = ("a statement", "a template", "nothing", "other digits", "a number too long", "a day far ahead")
ALL_OF_THEM = ODD if os.environ.get("ALL_ODD") == "1" else {name: ODD[name] for name in FEW}


@pytest.mark.parametrize("value", ALL_OF_THEM.values(), ids=ALL_OF_THEM)
def test_no_field_breaks_a_page_or_changes_what_it_should_not(house: Everything, value: str) -> None:
    before = (
        set(Client.objects.values_list("pk", flat=True)),
        set(User.objects.values_list("pk", "role", "is_active")),
    )
    for name, answer in requests_with(house, value):
        assert answer.status_code < 500, name
        assert "x=1" not in str(answer.cookies), name
        assert b"1414141414" not in answer.content, name
        assert b"root:" not in answer.content, name
    assert before == (
        set(Client.objects.values_list("pk", flat=True)),
        set(User.objects.values_list("pk", "role", "is_active")),
    )


WORDS_IN_PATHS = ("room:with_client", "room:client_ask", "consent:ask", "chart:voice_correct", "chart:day")


@pytest.mark.parametrize(
    "value",
    [
        "..",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%00",
        "a" * 3000,
        "٣٣٣",
        "0001-01-01",
        "9999-12-31",
        "2026-W01",
        "-1",
        "9" * 30,
        "9" * 5000,
    ],
)
def test_no_part_of_an_address_breaks_a_page(house: Everything, value: str) -> None:
    maya, ids = browser(house.cast.maya), house.records[RUTHS].ids
    for path in (
        f"/days/{value}/",
        f"/room/{value}/",
        f"/room/{value}/consent/transcription/",
        f"/clients/{value}/",
        f"/clients/{ids['client_id']}/consent/{value}/",
        f"/voice/{value}/",
        f"/notes/{value}/",
        f"/sessions/{value}/said/1/",
        f"/notes/{ids['note_id']}/sentences/{value}/",
        f"/consents/{value}/pdf/",
        f"/room/22222222/signed/{value}/",
    ):
        counter.forget()
        for answer in (maya.get(path), maya.post(path)):
            assert answer.status_code < 500, path


def raw_statements(tree: ast.AST) -> list[str]:
    """Statements for a database that are put together from values."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [
        call
        for call in calls
        if ast.unparse(call.func).rpartition(".")[2]
        in ("execute", "executemany", "raw", "extra", "RawSQL", "RunSQL")
    ]
    return [ast.unparse(call)[:80] for call in found if call.args and not _is_fixed(call.args[0])]


def _is_fixed(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant)


KNOWN = {
    # where a statement is not one constant → what it is made of
    "src/holdspace/audit/check.py": "the names of our own columns",
    "src/holdspace/proof/places.py": "the names of our own tables",
    "src/holdspace/proof/promises/decides/a_signed_note_never_changes.py": "a statement of ours, its id a parameter",
    "src/holdspace/proof/promises/decides/tampering_is_found.py": "the names of our own tables",
    "src/holdspace/proof/promises/privacy/database_is_encrypted.py": "a new key in hexadecimal",
    "src/holdspace/vault/backup.py": "one of two statements of ours",
    "src/holdspace/vault/guards.py": "the names of our own tables and triggers, and how they were made",
    "src/holdspace/vault/restore.py": "the name of one table of ours",
    "src/holdspace/vault/sqlcipher/base.py": "the practice's key in hexadecimal, and statements Django made",
    "src/holdspace/vault/sqlcipher/copying.py": "a key in hexadecimal, and the names of the database's own tables",
    "src/holdspace/vault/tables.py": "the names of our own models' tables and columns, and statements Django made",
}


def test_no_statement_is_put_together_from_values() -> None:
    found = {short(path): raw_statements(parsed(path)) for path in modules()}
    assert {path for path, statements in found.items() if statements} == set(KNOWN)
    assert raw_statements(
        ast.parse("cursor.execute(f'SELECT {name}')\ncursor.execute('SELECT %s', [name])")
    ) == ["cursor.execute(f'SELECT {name}')"]


@pytest.mark.parametrize("text", ["one\ntwo", "a=b c", "x\u2028y", "\x1b[31mred", "a" * 65, "Ruth Abel"])
def test_a_line_of_the_log_cannot_be_forged(text: str) -> None:
    with pytest.raises(ValueError, match="never text"):
        event_log("room")(text)
    with pytest.raises(ValueError, match="never text"):
        event_log("room")("event", code=text)


def test_nothing_is_exported_as_a_sheet_whose_cells_could_be_formulas(house: Everything) -> None:
    """Exports are paper (PDF), a report as JSON, a square for an app.

    Whoever adds one that a spreadsheet opens quotes cells first, then changes this test.
    """
    writers = [
        short(path)
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
        if name in ("csv", "openpyxl", "xlsxwriter", "xlwt")
    ]
    assert writers == []
    assert list(csv.reader(io.StringIO("'=1+1"))) == [["'=1+1"]]
    kinds = set()
    maya, record = browser(house.cast.maya), house.records[RUTHS]
    for address in reading():
        kinds.add(
            maya.get(path_to(address, record.ids, record.code)).headers["Content-Type"].partition(";")[0]
        )
    assert kinds <= {"text/html", "application/pdf", "application/json", "image/svg+xml"}


def test_the_paper_takes_markup_of_its_own_language_as_letters(house: Everything) -> None:
    maya, ids = browser(house.cast.maya), house.records[RUTHS].ids
    Client.objects.get(pk=ids["client_id"])
    evil = '#read("/etc/passwd") #import "x" $1+1$ *bold* _it_ = Head <label> @ref \\ `code` //note'
    client = Client.objects.get(pk=ids["client_id"])
    client.name = evil
    client.save()
    assert maya.get(reverse("consent:pdf", args=[ids["consent_id"]])).status_code == 200
    assert [
        f.name
        for path in modules()
        for f in functions(parsed(path))
        if "typst" in short(path) and "eval" in f.name
    ] == []
