"""The gate: the one way to do anything."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from holdspace.access.actor import Actor, Subject
from holdspace.access.policy import allows, known
from holdspace.audit.chain import record
from holdspace.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=Subject)


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
            if not allows(actor, verb, where):
                noted(outcome="refused")
                raise NotAllowed("There is no such record.")
            with transaction.atomic():
                result = done(actor, subject, *args, **kwargs)
                noted(outcome="done")
            return result

        gate.verb = verb  # type: ignore[attr-defined]  # read by the walls and the permissions page
        return gate

    return gated
