"""Entering a disclosure: called by every verb that lets something of a client's record out, inside its transaction.

One field asks to whom; what that says decides the rest where it can, so that nobody is slowed down: the client's own
name is the client, the name on an authorization that covers it is that authorization.
"""

from datetime import date

from holdspace.access.actor import Actor
from holdspace.consent.disclosed import authorized_by
from holdspace.consent.disclosure import (
    AUTHORIZED,
    FILE,
    HOLDER,
    TO_CLIENT,
    UNSAID,
    is_the_client,
    matching,
)
from holdspace.consent.models import Disclosure
from holdspace.consent.queries import is_part2
from holdspace.people.models import Client

LONGEST = 200


def enter_export(
    actor: Actor,
    client: Client,
    *,
    kind: str,
    to: str = "",
    about_day: date | None = None,
    details: str = "",
    how: str = FILE,
    is_once_a_day: bool = False,
) -> Disclosure:
    """A copy was taken out. Without a recipient the practice holds it until somebody says who has it.

    `is_once_a_day`: the same copy taken again that day in the same role is the same disclosure.
    """
    today = client.practice.day()
    if is_once_a_day and (before := _same_today(actor, client, kind, today, details)):
        return before
    named = " ".join(to.split())[:LONGEST]
    authorized = matching(authorized_by(actor, client), named, kind, today) if named else None
    basis = HOLDER if not named else UNSAID
    if is_the_client(named, client.name):
        basis = TO_CLIENT
    elif authorized:
        basis = AUTHORIZED
    return Disclosure.objects.create(
        client=client,
        on=today,
        to=named,
        kind=kind,
        about_day=about_day,
        details=details,
        basis=basis,
        purpose=authorized.purpose if authorized else "",
        how=how,
        authorization_id=authorized.id if authorized else None,
        is_part2=is_part2(actor, client),
        recorded_by=actor.user_id,
        recorded_as=actor.role,
    )


def _same_today(actor: Actor, client: Client, kind: str, today: date, details: str) -> Disclosure | None:
    rows = Disclosure.objects.filter(client=client, kind=kind, on=today, recorded_as=actor.role)
    return next((row for row in rows if row.details == details), None)
