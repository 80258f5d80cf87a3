"""What a query may see: the policy's scope as a filter. Missing and forbidden look alike because both are filtered."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import clinicians_within
from holdspace.errors import NotAllowed

M = TypeVar("M", bound=Model)


def within(actor: Actor, verb: str, rows: QuerySet[M], *, practice: str, clinician: str) -> QuerySet[M]:
    """`rows` limited to those the verb reaches; `practice` and `clinician` are the paths to those columns."""
    if not actor.practice_id:
        return rows.none()
    seen = rows.filter(**{practice: actor.practice_id})
    reached = clinicians_within(actor, verb)
    return seen if reached is None else seen.filter(**{f"{clinician}__in": reached})


def one(rows: QuerySet[M], pk: int) -> M:
    """The row, or the same refusal whether it is missing or forbidden."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotAllowed("There is no such record.")
    return found
