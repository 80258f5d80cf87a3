"""Who read what: an entry in the log for every record somebody opened.

One person turning a record's pages for a few minutes is one reading; otherwise a session's page, which asks for itself
every second, would drown the log. The worker's reading is not noted here: each use it makes of a record is an action.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from holdspace.access.actor import Actor, Subject
from holdspace.access.policy import is_in_emergency, known
from holdspace.audit.chain import record

ONE_READING_S = 300.0
MOST_KEPT = 10_000

_latest: OrderedDict[tuple[int, str, str, int, bool], float] = OrderedDict()
_lock = Lock()


def note_reading(actor: Actor, verb: str, subject: Subject) -> None:
    """Record that this person read this record, unless it is still the same reading."""
    if actor.user_id is None:
        return
    where = subject.whereabouts()
    in_emergency = is_in_emergency(actor, verb, where)
    now, key = monotonic(), (actor.user_id, known(verb), where.kind, where.id, in_emergency)
    with _lock:
        if now - _latest.get(key, float("-inf")) < ONE_READING_S:
            return
    record(
        verb=verb,
        user_id=actor.user_id,
        role=actor.role,
        kind=where.kind,
        subject_id=where.id,
        outcome="emergency" if in_emergency else "done",
    )
    with _lock:
        _latest[key] = now
        _latest.move_to_end(key)
        while len(_latest) > MOST_KEPT:
            _latest.popitem(last=False)
