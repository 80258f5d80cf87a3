"""Parsers of what comes in at the door, to the key, from a backup and about what may leave."""

import base64
import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from allauth.mfa.webauthn.internal.auth import parse_authentication_response, parse_registration_response

from holdspace.chart.views.private import _seen_at
from holdspace.errors import NotReady
from holdspace.outside.rules import host_of
from holdspace.people.codes import sha256_of
from holdspace.people.factors import UNREADABLE, _counter
from holdspace.people.forms import MemberForm
from holdspace.people.rules import browser_words, leans_on
from holdspace.people.views.coming_in import credential
from holdspace.vault import rotation, tombstones
from holdspace.vault.archive import KEYS, MANIFEST, Archive, writing
from holdspace.vault.keepers import UNWRAP, VaultTransit

KEY = bytes(range(32))
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def typed(forms: tuple[Any, ...]) -> Any:
    """Forms, each field given a part of the input in turn."""

    def read(data: bytes) -> object:
        parts = data.decode("utf-8", "replace").split("|")
        read = []
        for made in forms:
            fields = list(made({}).fields)
            filled = made({name: parts[n % len(parts)] for n, name in enumerate(fields)})
            read.append(filled.is_valid() and filled.cleaned_data)
        return read

    return read


def of_nobody(form: Any) -> Any:
    """A form that is told what may be chosen: nothing."""
    return lambda data: form(data, authorizations=())


def member(data: Any) -> Any:
    """Somebody new."""
    return MemberForm(data, supervisors=[(7, "Ada")])


def host(data: bytes) -> object:
    """A host, as somebody types it."""
    return host_of(data.decode("utf-8", "replace"))


def passkey(data: bytes) -> object:
    """What a browser sends for a passkey, made or shown."""
    read = credential(SimpleNamespace(POST={"credential": data.decode("utf-8", "replace")}))  # type: ignore[arg-type]  # its form is all of it that is read
    found = []
    for parse in (parse_authentication_response, parse_registration_response):
        try:
            found.append(parse(read))
        except UNREADABLE:  # what `factors` turns into words
            found.append(None)
    return found


def codes(data: bytes) -> object:
    """A code of an app, a joining code, a password, what a browser says it is, a time."""
    text = data.decode("utf-8", "replace")
    request: Any = SimpleNamespace(POST={"seen": text})
    return (
        _counter(APP, text, after=0),
        sha256_of(text),
        leans_on(text, [text[:9]]),
        browser_words(text),
        _seen_at(request),
    )


def destroyed(data: bytes, folder: Path) -> object:
    """The list of what was destroyed."""
    file = folder / tombstones.FILE
    file.write_bytes(data)
    return [line.is_genuine(KEY) for line in tombstones.listed(file)], tombstones.read(file, KEY).until


def journal(data: bytes, folder: Path) -> object:
    """The journal of a rotation."""
    (folder / rotation.JOURNAL).write_bytes(data)
    read = rotation.Journal.read(folder)
    return read and read.next_key(KEY)


def key_service(data: bytes) -> object:
    """What a key service answers."""
    return VaultTransit("https://keys.example/v1/transit", "k", lambda _url, _body: data).turn(
        UNWRAP, b"vault:v1:x"
    )


def a_backup(folder: Path) -> bytes:
    """A small one, whole."""
    path = folder / "small.backup"
    path.unlink(missing_ok=True)
    with writing(path) as made:
        made.begin(KEY, b'{"version": 2}')
        for name in ("rows/0001.age", MANIFEST, KEYS):
            made.put(name, json.dumps({"part": name}).encode())
        made.finish()
    return path.read_bytes()


def backup(data: bytes) -> object:
    """A backup: its parts found, opened and read."""
    found = Archive(io.BytesIO(data))
    if not found.scan():
        raise NotReady("It was not finished.")
    found.open_with(KEY)
    return found.read_keyfile(), [found.read(name) for name in found.names() if name.endswith(".age")]


DAY = datetime(2026, 11, 24, tzinfo=UTC)
LINE = tombstones.Tombstone("c-5f0c9a", DAY, "record-law").line(KEY)
LISTED = f"{LINE}\n{tombstones.last_line([LINE], DAY, KEY)}\n".encode()
JOURNAL = json.dumps({"was": "a", "becomes": "b", "sealed": "AAAA", "locks": {}, "carried": {}}).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


SITE = sha256(b"localhost").digest() + b"\x05\0\0\0\1"
PASSKEY = json.dumps(
    {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": _encoded(
                b'{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost"}'
            ),
            "authenticatorData": _encoded(SITE),
            "attestationObject": _encoded(b"\xa3cfmtdnonegattStmt\xa0hauthDataX%" + SITE),
            "signature": "AAAA",
            "userHandle": "AQ",
        },
        "clientExtensionResults": {},
    }
).encode()
