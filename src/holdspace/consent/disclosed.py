"""Reads of what was disclosed of a client's record, of what they authorized, and of the accounting of both."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.access.reading import note_reading
from holdspace.access.sight import one, within
from holdspace.consent.disclosure import (
    HOLDER,
    Authorized,
    Told,
    bases,
    is_for_billing,
    is_signed_by,
    notice,
    window,
)
from holdspace.consent.models import Consent, Disclosure, DisclosureAuthorization
from holdspace.consent.queries import is_kept_from_family, is_part2, shared_since
from holdspace.consent.rules import CLIENT, GUARDIAN, PART2
from holdspace.errors import NotAllowed
from holdspace.people.models import Client
from holdspace.people.queries import names_of

Whose = Client
"""A client, for those who handle one and touch no models."""


@dataclass(frozen=True, slots=True)
class Accounting:
    """An accounting of disclosures (45 CFR 164.528): its lines, the earliest first, and the notice of Part 2."""

    practice: str
    address: tuple[str, ...]
    client: str
    born: str
    first: date
    last: date
    made_on: date
    lines: tuple[Told, ...]
    notice: tuple[str, ...] = ()
    only_for: str = ""
    """Whom alone it is for, where a parent or guardian must not have it (42 CFR 2.14)."""


def notice_for(actor: Actor, client: Client) -> tuple[str, ...]:
    """What goes with every copy of this client's records: the notice of 42 CFR 2.32, or nothing.

    With it an explanation of the scope of the consent (§ 2.32(b)), where everyone who has to gave it (§ 2.14).
    """
    if not is_part2(actor, client):
        return ()
    title, paragraphs = notice()
    given = shared_since(actor, client)
    scope = (
        f"Scope of the consent: given in writing on {client.practice.day(given):%Y-%m-%d}, for treatment, payment and "
        "health care operations, until it is taken back."
        if given
        else "No general consent of the client is on record; this copy goes under what is said with it."
    )
    return (title, *paragraphs, scope)


def notice_on(actor: Actor, row: Consent) -> tuple[str, ...]:
    """What goes with a copy of a signed consent. On what somebody else signed, a guardian too, nothing."""
    is_the_clients = row.participant == CLIENT and row.capacity != GUARDIAN
    return notice_for(actor, row.client) if is_the_clients or row.purpose == PART2 else ()


def authorizations_of(actor: Actor, client: Client) -> list[Authorized]:
    """What this client authorized in writing, the latest first, what is over included, as this person may read it."""
    found = authorized_by(actor, client)
    if reads_why(actor, client):
        return found
    return [one.in_outline() for one in found if one.is_for_billing]


def authorized_by(actor: Actor, client: Client) -> list[Authorized]:
    """The same, whole, for a verb that must know what is covered, whoever does it. Nothing shows it."""
    rows = DisclosureAuthorization.objects.filter(client=client, client__practice_id=actor.practice_id)
    rows = rows.select_related("client__practice")
    is_kept = is_kept_from_family(actor, client)
    return [_authorized(row, is_kept=is_kept) for row in rows.order_by("-signed_on", "-made_at")]


def recipients(actor: Actor, client: Client) -> list[str]:
    """Those an authorization that still counts names, to be chosen when a copy is taken out."""
    today = client.practice.day()
    standing = [
        one for one in authorized_by(actor, client) if any(one.covers(kind, today) for kind in one.kinds)
    ]
    return list(dict.fromkeys(one.recipient for one in standing))


def authorization(actor: Actor, authorization_id: int) -> DisclosureAuthorization:
    """One authorization."""
    rows = within(
        actor,
        "disclosure.read",
        DisclosureAuthorization.objects.select_related("client"),
        practice="client__practice_id",
        clinician="client__clinician_id",
    )
    return one(rows, authorization_id)


def disclosure(actor: Actor, disclosure_id: int) -> Disclosure:
    """One disclosure. One that this person is not told of looks missing."""
    found = one(_disclosures(actor), disclosure_id)
    if not _is_told(actor, found):
        raise NotAllowed("There is no such record.")
    return found


def disclosures_of(
    actor: Actor, client: Client, *, first: date | None = None, last: date | None = None
) -> list[Told]:
    """What of a client's record was disclosed in these days, the latest first, as this person may read it."""
    if not sees_disclosures(actor, client):
        raise NotAllowed("There is no such page.")
    note_reading(actor, "disclosure.read", client)
    rows = _disclosures(actor).filter(client=client)
    rows = rows.filter(on__gte=first) if first else rows
    rows = rows.filter(on__lte=last) if last else rows
    rows = rows.select_related("authorization__client__practice")
    found = list(rows.order_by("-on", "-recorded_at"))
    names = names_of(actor, (row.recorded_by for row in found))
    told = [_told(row, names) for row in found]
    if reads_why(actor, client):
        return told
    return [
        one.in_outline() if _is_told(actor, row) else one.unseen()
        for row, one in zip(found, told, strict=True)
    ]


def accounting_of(actor: Actor, client: Client, *, first: date | None, last: date | None) -> Accounting:
    """What an accounting of these days says. Raises BadInput for more than six years, NotAllowed."""
    today = client.practice.day()
    begin, end = window(first, last, today)
    return Accounting(
        practice=client.practice.name,
        address=tuple(client.practice.address.splitlines()),
        client=client.name,
        born=client.birth_date,
        first=begin,
        last=end,
        made_on=today,
        lines=tuple(reversed(disclosures_of(actor, client, first=begin, last=end))),
        notice=notice_for(actor, client),
        only_for=client.name if is_kept_from_family(actor, client) else "",
    )


def how_many(actor: Actor, client: Client) -> tuple[int, int] | None:
    """How many disclosures there are, and how many still want a recipient; None for who may not see them."""
    if not sees_disclosures(actor, client):
        return None
    rows = list(_disclosures(actor).filter(client=client))
    return len(rows), sum(row.basis == HOLDER and _is_told(actor, row) for row in rows)


def sees_disclosures(actor: Actor, client: Client) -> bool:
    """Whether this person may see what was disclosed of this client."""
    return allows(actor, "disclosure.read", client.whereabouts())


def reads_why(actor: Actor, client: Client) -> bool:
    """Whether what for and what exactly are for this person to read: they say what the notes say."""
    return allows(actor, "note.read", client.whereabouts())


def _is_told(actor: Actor, row: Disclosure) -> bool:
    """Whether this person is told what went out: who reads notes is; who bills, of bills and what they entered."""
    is_theirs = row.recorded_by is not None and row.recorded_by == actor.user_id
    return is_theirs or is_for_billing(row.kind, row.basis) or reads_why(actor, row.client)


def _told(row: Disclosure, names: dict[int, str]) -> Told:
    return Told(
        id=row.pk,
        on=row.on,
        to=row.to,
        address=row.address,
        kind=row.kind,
        about_day=row.about_day,
        details=row.details,
        basis=bases()[row.basis],
        purpose=row.purpose,
        how=row.how,
        authorization=_authorized(row.authorization) if row.authorization else None,
        is_part2=row.is_part2,
        recorded_by=names.get(row.recorded_by or 0, ""),
    )


def _authorized(row: DisclosureAuthorization, *, is_kept: bool = False) -> Authorized:
    return Authorized(
        id=row.pk,
        recipient=row.recipient,
        kinds=tuple(row.kinds),
        purpose=row.purpose,
        signed_by=row.signed_by,
        signed_on=row.signed_on,
        expires_on=row.expires_on,
        expires_when=row.expires_when,
        revoked_on=row.client.practice.day(row.revoked_at) if row.revoked_at else None,
        is_passed_over=is_kept and not is_signed_by(row.signed_by, row.client.name),
    )


def _disclosures(actor: Actor) -> QuerySet[Disclosure]:
    return within(
        actor,
        "disclosure.read",
        Disclosure.objects.select_related("client"),
        practice="client__practice_id",
        clinician="client__clinician_id",
    )
