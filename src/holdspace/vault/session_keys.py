"""A session's own keys: one for what was heard, one for its draft. Made at first use, destroyed on time, then nowhere.

    client's key ──┐
                   ├─opens─▶ the key of what was heard, the key of the draft
    day's key ─────┘  (a file that enters no backup: vault/generations.py)

Destroying a session's key wraps its neighbours anew under the next generation and wipes the old generation's file.
Destroying the client's key ends all of theirs at once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from holdspace.errors import Destroyed
from holdspace.vault import generations, record_keys, tombstones
from holdspace.vault.envelope import derived, new_key, seal, unseal
from holdspace.vault.generations import DAYS
from holdspace.vault.models import Destruction, Generation, SessionKey
from holdspace.vault.opened_keys import OpenedKeys
from holdspace.vault.whose import CLIENT, DRAFT, HEARD, Owner

SESSION = "session keys"
OF_THE_DAY_ALONE = 0
"""The client of a key of the first version, which the day's key alone wrapped (vault.bring_over)."""

opened = OpenedKeys()


def make_key(session_id: int, client_id: int, kind: str = HEARD) -> bytes:
    """The session's key, made now if it has none yet."""
    if (found := _found(session_id, kind)) is not None:
        return found
    with transaction.atomic():
        if kept := _stored(session_id, kind):
            return _opened(kept)
        key = new_key()
        keep(session_id, client_id, kind, key)
        return key


def keep(
    session_id: int,
    client_id: int,
    kind: str,
    key: bytes,
    *,
    key_id: str = "",
    made_at: datetime | None = None,
) -> None:
    """Keep a key as the session's. It is as old as it was where it comes from, and never of a time to come."""
    now = timezone.now()
    opened.not_sure((session_id, kind))
    with transaction.atomic():
        generation = generations.current(DAYS)
        kept = SessionKey(
            session_id=session_id,
            client_id=client_id,
            kind=kind,
            key_id=key_id or record_keys.new_key_id(kind),
            generation=generation,
            made_at=min(made_at or now, now),
        )
        kept.wrapped = _wrapped(kept, key, generation)
        kept.save(force_insert=True)
        transaction.on_commit(partial(opened.sure, (session_id, kind)))


def key_of(session_id: int, kind: str = HEARD) -> bytes:
    """The session's key. Raises Destroyed once it is gone."""
    if (found := _found(session_id, kind)) is not None:
        return found
    kept = _stored(session_id, kind)
    if kept is None:
        what = "What was heard in this session" if kind == HEARD else "The draft of this session"
        raise Destroyed(f"{what} is destroyed, as the schedule demands.", kept="The note is kept.")
    return _opened(kept)


def has_key(session_id: int, kind: str = HEARD) -> bool:
    """Whether what was heard in the session, or its draft, can still be read."""
    return SessionKey.objects.filter(session_id=session_id, kind=kind).exists()


def destroy_keys(
    session_ids: Iterable[int], *, rule: str, kinds: Iterable[str] = (HEARD,), law: str = ""
) -> list[Destruction]:
    """Make these sessions' keys unrecoverable once the transaction commits. What was destroyed; nothing twice."""
    with transaction.atomic():
        rows = SessionKey.objects.select_related("generation").filter(
            session_id__in=list(session_ids), kind__in=list(kinds)
        )
        found, locked = generations.held(DAYS, rows)
        if not found:
            return []
        gone = tombstones.record(
            ((row.key_id or f"h-{row.pk}", Owner(row.kind, row.session_id)) for row in found),
            rule=rule,
            law=law,
        )
        SessionKey.objects.filter(pk__in=[row.pk for row in found]).delete()
        _move(locked)
        transaction.on_commit(record_keys.listed)
        return gone


def destroy_of_client(client_id: int, *, rule: str, law: str = "") -> list[Destruction]:
    """Every session key of a client whose record goes."""
    ids = SessionKey.objects.filter(client_id=client_id).values_list("session_id", flat=True)
    return destroy_keys(list(ids), rule=rule, kinds=(HEARD, DRAFT), law=law)


def every_draft_key() -> Iterator[tuple[SessionKey, bytes | None]]:
    """The keys of drafts, open: for a backup, so that a restored practice still has them. Never of what was heard.

    None for one that nothing opens: its day's file is gone, or was wiped while an older moment is being read.
    """
    for row in SessionKey.objects.select_related("generation").filter(kind=DRAFT).order_by("pk"):
        yield row, _unwrapped_or_none(row)


def count_from(now: datetime) -> int:
    """Keys made while the clock was ahead count as made now, so that none is kept for longer. How many."""
    return SessionKey.objects.filter(made_at__gt=now).update(made_at=now)


def bring_over() -> int:
    """Wrap keys of the first version anew, under the client's key as well. How many."""
    rows = (
        SessionKey.objects.select_related("generation").filter(key_id="").exclude(client_id=OF_THE_DAY_ALONE)
    )
    for row in rows:
        with transaction.atomic():
            key = _unwrapped_or_none(row)
            if key is None:
                continue
            row.key_id = record_keys.new_key_id(row.kind)
            row.wrapped = _wrapped(row, key, row.generation)
            row.save(update_fields=["key_id", "wrapped"])
    return len(rows)


def _found(session_id: int, kind: str) -> bytes | None:
    return opened.get((session_id, kind))


def _stored(session_id: int, kind: str) -> SessionKey | None:
    return SessionKey.objects.select_related("generation").filter(session_id=session_id, kind=kind).first()


def _opened(kept: SessionKey) -> bytes:
    key = _unwrapped(kept)
    opened.put((kept.session_id, kept.kind), key, str(DAYS.path(kept.generation.name)))
    return key


def _move(old: list[Generation]) -> None:
    """What is left under these generations goes under the next one; their files are wiped when that is committed.

    What nothing opens any more stays where it is: a day's file may be lost, or an older database put back by hand.
    """
    for generation in old:
        generations.close(generation)
    neighbours = list(SessionKey.objects.select_related("generation").filter(generation__in=old))
    if neighbours:
        new = generations.current(DAYS)
        for row in neighbours:
            key = _unwrapped_or_none(row)
            if key is None:
                continue
            row.generation = new
            row.wrapped = _wrapped(row, key, new)
            row.save(update_fields=["wrapped", "generation"])
    transaction.on_commit(partial(_finish, [generation.name for generation in old]))


def _finish(names: list[str]) -> None:
    generations.finish(DAYS, names)
    opened.forget()


def _wrapped(row: SessionKey, key: bytes, generation: Generation) -> bytes:
    name = generation.name
    inner = key if not row.key_id else seal(_of_client(row), key, identity=_identity(row, ""))
    return seal(generations.opened(DAYS, name), inner, identity=_identity(row, name))


def _unwrapped(row: SessionKey) -> bytes:
    name = row.generation.name
    inner = unseal(generations.opened(DAYS, name), bytes(row.wrapped), identity=_identity(row, name))
    return inner if not row.key_id else unseal(_of_client(row), inner, identity=_identity(row, ""))


def _unwrapped_or_none(row: SessionKey) -> bytes | None:
    try:
        return _unwrapped(row)
    except Destroyed:
        return None


def _identity(row: SessionKey, generation: str) -> str:
    if not row.key_id:
        return f"session/{row.session_id}/{generation}"
    return f"session/{row.session_id}/{row.kind}/{row.key_id}/{generation}"


def _of_client(row: SessionKey) -> bytes:
    return derived(record_keys.key_of(Owner(CLIENT, row.client_id)), SESSION)
