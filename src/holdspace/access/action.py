"""The gate: the one way to do anything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from holdspace.access.actor import Actor, Subject
from holdspace.access.policy import allows, is_in_emergency, known
from holdspace.audit.chain import record
from holdspace.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=Subject)


_refused: ContextVar[list[Callable[[], None]] | None] = ContextVar("refused", default=None)


@contextmanager
def _noted_after() -> Iterator[list[Callable[[], None]]]:
    """Refusals, written when the outermost action is over: a refusal undoes the transaction it happens in."""
    outer = _refused.get()
    if outer is not None:
        yield outer
        return
    waiting: list[Callable[[], None]] = []
    token = _refused.set(waiting)
    try:
        yield waiting
    finally:
        _refused.reset(token)
        for note in waiting:
            note()


def action(
    verb: str,
) -> Callable[[Callable[Concatenate[Actor, S, P], R]], Callable[Concatenate[Actor, S, P], R]]:
    """Gate a function `(actor, subject, *, …)`: refuse and record it, or run it and its audit entry in one transaction.

    An unknown verb is an error at import. Nothing skips the gate.
    """
    known(verb)

    def gated(done: Callable[Concatenate[Actor, S, P], R]) -> Callable[Concatenate[Actor, S, P], R]:
        @wraps(done)
        def gate(actor: Actor, subject: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            where = subject.whereabouts()
            noted = partial(
                record,
                verb=verb,
                user_id=actor.user_id,
                role=actor.role,
                kind=where.kind,
                subject_id=where.id,
            )
            with _noted_after() as refused:
                if not allows(actor, verb, where):
                    refused.append(partial(noted, outcome="refused"))
                    raise NotAllowed("There is no such record.")
                with transaction.atomic():
                    result = done(actor, subject, *args, **kwargs)
                    noted(outcome="emergency" if is_in_emergency(actor, verb, where) else "done")
            return result

        gate.verb = verb  # type: ignore[attr-defined]  # read by the walls and the permissions page
        return gate

    return gated
