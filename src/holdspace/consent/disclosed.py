"""Reads of what was disclosed of a client's record, of what they authorized, and of the accounting of both."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.access.reading import note_reading
from holdspace.access.sight import one, within
from holdspace.consent.disclosure import HOLDER, Authorized, Told, bases, notice, window
from holdspace.consent.models import Consent, Disclosure, DisclosureAuthorization, Part2
from holdspace.consent.rules import PART2, YES
from holdspace.errors import NotAllowed
from holdspace.people.models import Client, User

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


def is_part2(actor: Actor, client: Client) -> bool:
    """Whether 42 CFR Part 2 guards this client's records."""
    rows = Part2.objects.filter(client=client, client__practice_id=actor.practice_id)
    return rows.filter(is_guarded=True).exists()


def notice_for(actor: Actor, client: Client) -> tuple[str, ...]:
    """What goes with every copy of this client's records: the notice of 42 CFR 2.32, or nothing.

    With it an explanation of the scope of the consent (§ 2.32(b)), where the client gave one.
    """
    if not is_part2(actor, client):
        return ()
    title, paragraphs = notice()
    rows = Consent.objects.filter(client=client, client__practice_id=actor.practice_id, purpose=PART2)
    given = rows.filter(answer=YES, revoked_at=None).order_by("-given_at").first()
    scope = (
        f"Scope of the consent: given in writing on {given.given_at:%Y-%m-%d}, for treatment, payment and health care "
        "operations, until it is taken back."
        if given
        else "No general consent of the client is on record; this copy goes under what is said with it."
    )
    return (title, *paragraphs, scope)


def authorizations_of(actor: Actor, client: Client) -> list[Authorized]:
    """What this client authorized in writing, the latest first, what is over included, as this person may read it."""
    found = authorized_by(actor, client)
    return found if reads_why(actor, client) else [one.in_outline() for one in found]


def authorized_by(actor: Actor, client: Client) -> list[Authorized]:
    """The same, whole, for a verb that must know what is covered, whoever does it. Nothing shows it."""
    rows = DisclosureAuthorization.objects.filter(client=client, client__practice_id=actor.practice_id)
    return [_authorized(row) for row in rows.order_by("-signed_on", "-made_at")]


def recipients(actor: Actor, client: Client) -> list[str]:
    """Those an authorization that still counts names, to be chosen when a copy is taken out."""
    today = timezone.localdate()
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
    """One disclosure."""
    return one(_disclosures(actor), disclosure_id)


def disclosures_of(
    actor: Actor, client: Client, *, first: date | None = None, last: date | None = None
) -> list[Told]:
    """What of a client's record was disclosed in these days, the latest first."""
    if not sees_disclosures(actor, client):
        raise NotAllowed("There is no such page.")
    note_reading(actor, "disclosure.read", client)
    rows = _disclosures(actor).filter(client=client)
    rows = rows.filter(on__gte=first) if first else rows
    rows = rows.filter(on__lte=last) if last else rows
    found = list(rows.select_related("authorization").order_by("-on", "-recorded_at"))
    people = User.objects.filter(practice_id=actor.practice_id, pk__in={row.recorded_by for row in found})
    names = dict(people.values_list("pk", "name"))
    told = [_told(row, names) for row in found]
    return told if reads_why(actor, client) else [one.in_outline() for one in told]


def accounting_of(actor: Actor, client: Client, *, first: date | None, last: date | None) -> Accounting:
    """What an accounting of these days says. Raises BadInput for more than six years, NotAllowed."""
    begin, end = window(first, last, timezone.localdate())
    return Accounting(
        practice=client.practice.name,
        address=tuple(client.practice.address.splitlines()),
        client=client.name,
        born=client.birth_date,
        first=begin,
        last=end,
        made_on=timezone.localdate(),
        lines=tuple(reversed(disclosures_of(actor, client, first=begin, last=end))),
        notice=notice_for(actor, client),
    )


def how_many(actor: Actor, client: Client) -> tuple[int, int] | None:
    """How many disclosures there are, and how many still want a recipient; None for who may not see them."""
    if not sees_disclosures(actor, client):
        return None
    rows = _disclosures(actor).filter(client=client)
    return rows.count(), rows.filter(basis=HOLDER).count()


def sees_disclosures(actor: Actor, client: Client) -> bool:
    """Whether this person may see what was disclosed of this client."""
    return allows(actor, "disclosure.read", client.whereabouts())


def reads_why(actor: Actor, client: Client) -> bool:
    """Whether what for and what exactly are for this person to read: they say what the notes say."""
    return allows(actor, "note.read", client.whereabouts())


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


def _authorized(row: DisclosureAuthorization) -> Authorized:
    return Authorized(
        id=row.pk,
        recipient=row.recipient,
        kinds=tuple(row.kinds),
        purpose=row.purpose,
        signed_by=row.signed_by,
        signed_on=row.signed_on,
        expires_on=row.expires_on,
        expires_when=row.expires_when,
        revoked_on=timezone.localdate(row.revoked_at) if row.revoked_at else None,
    )


def _disclosures(actor: Actor) -> QuerySet[Disclosure]:
    return within(
        actor,
        "disclosure.read",
        Disclosure.objects.select_related("client"),
        practice="client__practice_id",
        clinician="client__clinician_id",
    )
