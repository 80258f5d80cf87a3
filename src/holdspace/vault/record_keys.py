"""The keys of clients, of the practice and of voices: made at first use, kept open in memory, destroyed for good.

    practice key ──opens──▶ generation of record keys (a file) ──opens──▶ a client's key ──HKDF──▶ one a purpose

A key opened once stays in this process's memory for as long as the generation it came from has its file. Whoever
destroys a key, in whatever process, moves the others to a new generation and wipes that file; so every process
notices at its next use.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple, Self, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q, QuerySet

from holdspace.errors import Destroyed, DiskFull
from holdspace.vault import generations, tombstones
from holdspace.vault.envelope import new_key, seal, unseal
from holdspace.vault.generations import OF_RECORDS
from holdspace.vault.models import Destruction, Generation, RecordKey
from holdspace.vault.opened_keys import OpenedKeys
from holdspace.vault.tombstones import LIST_OWNER
from holdspace.vault.whose import CLIENT, Owner

M = TypeVar("M", bound=Model)

AT_ONCE = 1000
opened = OpenedKeys()


class Kept(NamedTuple):
    """A key as it is kept: wrapped, and by which generation."""

    kind: str
    owner_id: int
    key_id: str
    generation: str
    wrapped: bytes

    @classmethod
    def of(cls, row: RecordKey) -> Self:
        """A row's."""
        return cls(row.kind, row.owner_id, row.key_id, row.generation.name, bytes(row.wrapped))

    @property
    def identity(self) -> str:
        """What the wrapping is bound to."""
        return f"{self.kind}/{self.owner_id}/{self.key_id}/{self.generation}"

    def key(self) -> bytes:
        """The key itself. Raises KeyFileMissing."""
        return unseal(_above(self.generation), self.wrapped, identity=self.identity)

    def under(self, generation: str, key: bytes) -> bytes:
        """The key wrapped by another generation."""
        return seal(_above(generation), key, identity=self._replace(generation=generation).identity)


def key_of(owner: Owner) -> bytes:
    """The owner's key. Raises Destroyed once it is gone, KeyFileMissing, Locked."""
    found = opened.get(owner)
    if found is not None:
        return found
    kept = _kept(owner)
    if kept is None:
        raise Destroyed("This record is destroyed.", kept="A certificate says when and under which rule.")
    return _opened(owner, kept)


def key_for_saving(owner: Owner) -> bytes:
    """The owner's key, made now if it has none yet. Raises Destroyed for a client whose record was destroyed."""
    found = opened.get(owner)
    if found is not None:
        return found
    with transaction.atomic():
        kept = _stored(owner)
        if kept is not None:
            return _opened(owner, kept)
        if owner.kind == CLIENT and Destruction.objects.filter(kind=CLIENT, owner_id=owner.id).exists():
            raise Destroyed("This record is destroyed.", kept="Nothing was added to it.")
        return keep(owner, new_key())


def keep(owner: Owner, key: bytes, *, key_id: str = "") -> bytes:
    """Keep a key as the owner's. Gives the one that is kept: somebody else may have been first."""
    opened.not_sure(owner)
    with transaction.atomic():
        generation = generations.current(OF_RECORDS)
        kept = Kept(owner.kind, owner.id, key_id or new_key_id(owner.kind), generation.name, b"")
        row = RecordKey(
            kind=owner.kind,
            owner_id=owner.id,
            key_id=kept.key_id,
            generation=generation,
            wrapped=kept.under(generation.name, key),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            first = _stored(owner)
            if first is None:
                raise
            return first.key()
        transaction.on_commit(partial(opened.sure, owner))
    return key


def keep_all(keys: Iterable[tuple[Owner, bytes, str]]) -> int:
    """Keep many keys at once, each with its id, as a restore does. How many."""
    with transaction.atomic():
        generation = generations.current(OF_RECORDS)
        rows = []
        for owner, key, key_id in keys:
            kept = Kept(owner.kind, owner.id, key_id, generation.name, b"")
            wrapped = kept.under(generation.name, key)
            rows.append(
                RecordKey(
                    kind=owner.kind, owner_id=owner.id, key_id=key_id, generation=generation, wrapped=wrapped
                )
            )
        RecordKey.objects.bulk_create(rows, batch_size=AT_ONCE)
        transaction.on_commit(opened.forget)
        return len(rows)


def has_key(owner: Owner) -> bool:
    """Whether what is the owner's can still be read."""
    return RecordKey.objects.filter(kind=owner.kind, owner_id=owner.id).exists()


def readable(rows: QuerySet[M], client: str) -> QuerySet[M]:
    """`rows` without those of clients whose record was destroyed; `client` is the path to their id."""
    return rows.exclude(**{f"{client}__in": Destruction.objects.filter(kind=CLIENT).values("owner_id")})


def destroy(owners: Iterable[Owner], *, rule: str, law: str = "") -> list[Destruction]:
    """Make these keys unrecoverable once the transaction commits: everybody else's move to a new generation.

    What a destroyed client's session keys open goes with it: they open with the client's key or not at all.
    """
    with transaction.atomic():
        theirs = Q(pk__in=[])
        for owner in owners:
            theirs |= Q(kind=owner.kind, owner_id=owner.id)
        rows = RecordKey.objects.select_related("generation").filter(theirs)
        found, locked = generations.held(OF_RECORDS, rows)
        if not found:
            return []
        gone = tombstones.record(
            ((row.key_id, Owner(row.kind, row.owner_id)) for row in found), rule=rule, law=law
        )
        RecordKey.objects.filter(pk__in=[row.pk for row in found]).delete()
        _move(locked)
        transaction.on_commit(listed)
        return gone


def move_all() -> int:
    """Wrap every key anew under a new generation, and wipe the old ones. How many keys."""
    with transaction.atomic():
        return _move(
            generations.locked(OF_RECORDS, RecordKey.objects.values_list("generation__name", flat=True))
        )


def listed() -> None:
    """Put what was destroyed on the lists outside the database; what fails, the night does later."""
    with suppress(OSError, DiskFull, tombstones.ListOutOfReach):
        tombstones.catch_up(key_for_saving(LIST_OWNER))


def every_key() -> Iterator[tuple[Kept, bytes]]:
    """Every record key, open: for a backup and for nothing else."""
    for kept in _all(RecordKey.objects.order_by("pk")):
        yield kept, kept.key()


def new_key_id(kind: str) -> str:
    """What a key is called: its kind's first letter and something random."""
    return f"{kind[0]}-{secrets.token_hex(8)}"


def _move(old: list[Generation]) -> int:
    for generation in old:
        generations.close(generation)
    rows = list(RecordKey.objects.select_related("generation").filter(generation__in=old))
    if rows:
        new = generations.current(OF_RECORDS)
        moved = [(new.pk, _under(row, new.name), row.pk) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE vault_recordkey SET generation_id = %s, wrapped = %s WHERE id = %s", moved
            )
    transaction.on_commit(partial(_finish, [generation.name for generation in old]))
    return len(rows)


def _under(row: RecordKey, generation: str) -> bytes:
    kept = Kept.of(row)
    return kept.under(generation, kept.key())


def _finish(names: list[str]) -> None:
    generations.finish(OF_RECORDS, names)
    opened.forget()


def _kept(owner: Owner) -> Kept | None:
    """The owner's key as it is kept. Outside a transaction all of a kind are read along: pages list people."""
    if not connection.in_atomic_block:
        along: dict[int, Kept] = opened.read(("kept", owner.kind), partial(_read_along, owner.kind))
        found = along.get(owner.id)
        if found is not None and OF_RECORDS.path(found.generation).exists():
            return found
    return _stored(owner)


def _read_along(kind: str) -> dict[int, Kept]:
    return {kept.owner_id: kept for kept in _all(RecordKey.objects.filter(kind=kind))}


def _all(rows: QuerySet[RecordKey]) -> Iterator[Kept]:
    columns = ("kind", "owner_id", "key_id", "generation__name", "wrapped")
    for kind, owner_id, key_id, generation, wrapped in rows.values_list(*columns).iterator(AT_ONCE):
        yield Kept(kind, owner_id, key_id, generation, bytes(wrapped))


def _stored(owner: Owner) -> Kept | None:
    row = RecordKey.objects.select_related("generation").filter(kind=owner.kind, owner_id=owner.id).first()
    return None if row is None else Kept.of(row)


def _opened(owner: Owner, kept: Kept) -> bytes:
    key = kept.key()
    opened.put(owner, key, str(OF_RECORDS.path(kept.generation)))
    return key


def _above(generation: str) -> bytes:
    above: bytes = opened.read(
        ("generation", generation), partial(generations.opened, OF_RECORDS, generation)
    )
    return above
