"""A session's own key: made with the transcript, destroyed with the signing, and then nowhere.

Deleting a row does not destroy a key: the database's free pages, its log and every backup still hold it. So each key
is wrapped by a generation key that lives in a file outside all of them. Destroying a session's key wraps its
neighbours anew under the next generation and wipes the old generation's file; what any copy still holds is noise.
"""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from holdspace.errors import Destroyed
from holdspace.vault.envelope import new_key, seal, unseal
from holdspace.vault.home import wipe, write_once
from holdspace.vault.keys import ring
from holdspace.vault.models import Generation, SessionKey

FOLDER = "generations"
PURPOSE = "generation"


def make_key(session_id: int) -> bytes:
    """The session's key, made now if it has none yet."""
    with transaction.atomic():
        if kept := SessionKey.objects.filter(session_id=session_id).first():
            return _unwrapped(kept)
        key = new_key()
        _wrap(session_id, key, _open_generation())
        return key


def key_of(session_id: int) -> bytes:
    """The session's key. Raises Destroyed once it is gone."""
    kept = SessionKey.objects.select_related("generation").filter(session_id=session_id).first()
    if kept is None:
        raise Destroyed(
            "What was heard in this session is destroyed, as the schedule demands.", kept="The note is kept."
        )
    return _unwrapped(kept)


def has_key(session_id: int) -> bool:
    """Whether what was heard in the session can still be read."""
    return SessionKey.objects.filter(session_id=session_id).exists()


def destroy_key(session_id: int) -> bool:
    """Make the session's key unrecoverable once the transaction commits. False if there was none."""
    with transaction.atomic():
        kept = SessionKey.objects.filter(session_id=session_id).first()
        if kept is None:
            return False
        old = Generation.objects.select_for_update().get(pk=kept.generation_id)
        old.is_open = False
        old.save(update_fields=["is_open"])
        kept.delete()
        _move_out(old)
        transaction.on_commit(partial(_finish, old.name))
        return True


def sweep() -> int:
    """Wipe generation files no key needs any more (a process may have died before it could). How many."""
    used = set(SessionKey.objects.values_list("generation__name", flat=True))
    used |= set(Generation.objects.filter(is_open=True).values_list("name", flat=True))
    stale = [path for path in _folder().glob("*.key") if path.stem not in used]
    for path in stale:
        wipe(path)
    return len(stale)


def _open_generation() -> Generation:
    today = f"{timezone.now():%Y-%m-%d}"
    kept = Generation.objects.select_for_update().filter(is_open=True, name__startswith=today).first()
    if kept is not None:
        return kept
    # An older day's generation stays readable, but takes no more keys.
    Generation.objects.filter(is_open=True).update(is_open=False)
    name = f"{today}.{Generation.objects.filter(name__startswith=today).count()}"
    sealed = seal(ring.key_for(PURPOSE), new_key(), identity=name)
    path = _path(name)
    wipe(path)  # left by a transaction that never committed: no row names it
    write_once(path, sealed)
    return Generation.objects.create(name=name)


def _move_out(old: Generation) -> None:
    neighbours = list(SessionKey.objects.select_for_update().filter(generation=old))
    if not neighbours:
        return
    new = _open_generation()
    for kept in neighbours:
        kept.wrapped = _wrapped(kept.session_id, _unwrapped(kept), new)
        kept.generation = new
        kept.save(update_fields=["wrapped", "generation"])


def _finish(name: str) -> None:
    wipe(_path(name))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _wrap(session_id: int, key: bytes, generation: Generation) -> SessionKey:
    return SessionKey.objects.create(
        session_id=session_id, generation=generation, wrapped=_wrapped(session_id, key, generation)
    )


def _wrapped(session_id: int, key: bytes, generation: Generation) -> bytes:
    return seal(_generation_key(generation.name), key, identity=f"session/{session_id}/{generation.name}")


def _unwrapped(kept: SessionKey) -> bytes:
    name = kept.generation.name
    return unseal(_generation_key(name), bytes(kept.wrapped), identity=f"session/{kept.session_id}/{name}")


def _generation_key(name: str) -> bytes:
    try:
        sealed = _path(name).read_bytes()
    except FileNotFoundError:
        raise Destroyed("The key of that day is destroyed.", kept="Signed notes are kept.") from None
    return unseal(ring.key_for(PURPOSE), sealed, identity=name)


def _path(name: str) -> Path:
    return _folder() / f"{name}.key"


def _folder() -> Path:
    home: Path = settings.CONFIG.home
    return home / FOLDER
