"""What a query may see: the policy's scope as a filter. Missing and forbidden look alike because both are filtered."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import clinicians_within, opened_to, scope_of
from holdspace.errors import NotAllowed
from holdspace.vault.record_keys import readable

M = TypeVar("M", bound=Model)


def within(
    actor: Actor, verb: str, rows: QuerySet[M], *, practice: str, clinician: str, client: str = ""
) -> QuerySet[M]:
    """`rows` limited to those the verb reaches. The rest are paths to columns.

    Without the path to the client a record is not opened by an emergency. With it, rows of a record that was destroyed
    are left out: there is nothing to read in them.
    """
    if not actor.practice_id:
        return rows.none()
    if client:
        rows = readable(rows, client)
    seen = rows.filter(**{practice: actor.practice_id})
    reached = clinicians_within(actor, verb)
    if reached is None:
        return seen
    hers = Q(**{f"{clinician}__in": reached})
    if client:
        hers |= Q(**{f"{client}__in": opened_to(actor, verb)})
    return seen.filter(hers)


def of_people(actor: Actor, verb: str, rows: QuerySet[M], *, practice: str, user: str) -> QuerySet[M]:
    """`rows` of persons limited to those the verb reaches: everyone's, her own, nobody's."""
    scope = scope_of(actor, verb)
    seen = rows.filter(**{practice: actor.practice_id})
    if scope == "all":
        return seen
    return seen.filter(**{user: actor.user_id}) if scope == "self" and actor.user_id else rows.none()


def one(rows: QuerySet[M], pk: int) -> M:
    """The row, or the same refusal whether it is missing or forbidden."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotAllowed("There is no such record.")
    return found
