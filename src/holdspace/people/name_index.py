"""Names found without opening all of them: a blind index, keyed, of words and their beginnings.

    "Ruth Abel" ──▶ marks of ru rut ruth ab abe abel ──HMAC under the index's own key──▶ numbers in a table

A search asks for the numbers of its words, opens the few names they lead to and compares those, so that it finds what
opening all of them would find. Whoever reads the table without the key learns how many clients share a beginning, not
which (docs/decisions/0010-keys-and-backups.md). It is made where opening all names takes too long: with
more than 20,000 clients, or on PostgreSQL. It never enters a backup, and its key goes with each record destroyed, so
that nobody can try names on what an old copy still has of it.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import QuerySet

from holdspace.people.models import Client, NameIndex, NameMark
from holdspace.vault import record_keys
from holdspace.vault.reasons import INDEX as MADE_ANEW
from holdspace.vault.whose import INDEX, Owner

MOST_IN_MEMORY = 20_000
LEAST, LONGEST = 2, 12
"""Letters of the shortest beginning that has a mark, and of the longest; what is typed beyond is compared openly."""
AT_ONCE = 2000
OWNER = Owner(INDEX, 0)


def is_needed() -> bool:
    """Whether opening every name is too slow here, or the server should not be asked for all of them."""
    return connection.vendor == "postgresql" or Client.objects.count() > MOST_IN_MEMORY


def is_complete() -> bool:
    """Whether the index can be asked."""
    return NameIndex.objects.filter(pk=1, is_complete=True).exists()


def narrowed(rows: QuerySet[Client], words: str) -> QuerySet[Client]:
    """`rows` without those the words cannot match; all of them where the index cannot tell."""
    long = [word for word in words.casefold().split() if len(word) >= LEAST]
    if not long or not is_complete():
        return rows
    key = record_keys.key_of(OWNER)
    for word in long:
        rows = rows.filter(
            pk__in=NameMark.objects.filter(mark=_mark(key, word[:LONGEST])).values("client_id")
        )
    return rows


def enter(client: Client) -> None:
    """A client's name gets its marks, where there is an index. In the transaction that keeps the name."""
    if NameIndex.objects.filter(pk=1).exists():
        NameMark.objects.filter(client=client).delete()
        NameMark.objects.bulk_create(_marks(record_keys.key_for_saving(OWNER), [client]))


def build() -> int:
    """Make the index, or make it anew. How many names are in it."""
    with transaction.atomic():
        NameIndex.objects.update_or_create(pk=1, defaults={"is_complete": False})
        NameMark.objects.all().delete()
        key = record_keys.key_for_saving(OWNER)
        clients = record_keys.readable(Client.objects.order_by("pk"), "pk")
        entered, waiting = 0, list[Client]()
        for client in clients.iterator(AT_ONCE):
            waiting.append(client)
            if len(waiting) == AT_ONCE:
                entered += _entered(key, waiting)
        entered += _entered(key, waiting)
        NameIndex.objects.filter(pk=1).update(is_complete=True)
    return entered


def forget() -> None:
    """A name left: every mark goes, and the key they were made with. The index is made anew by whoever looks for it."""
    if NameIndex.objects.filter(pk=1).exists():
        NameIndex.objects.filter(pk=1).update(is_complete=False)
        NameMark.objects.all().delete()
        record_keys.destroy([OWNER], rule=MADE_ANEW)


def beginnings(name: str) -> set[str]:
    """What of a name has a mark: each word’s beginnings, and short words whole."""
    parts = [part[:LONGEST] for part in name.casefold().split()]
    return {part[:length] for part in parts for length in range(LEAST, len(part) + 1)}


def _entered(key: bytes, clients: list[Client]) -> int:
    NameMark.objects.bulk_create(_marks(key, clients), batch_size=AT_ONCE)
    count = len(clients)
    clients.clear()
    return count


def _marks(key: bytes, clients: Iterable[Client]) -> list[NameMark]:
    return [
        NameMark(client=client, mark=_mark(key, word))
        for client in clients
        for word in sorted(beginnings(client.name))
    ]


def _mark(key: bytes, word: str) -> int:
    return int.from_bytes(hmac.digest(key, word.encode(), sha256)[:8]) >> 1
