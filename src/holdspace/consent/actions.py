"""Verbs about consent. Each is one step, giving and taking back alike."""

from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.access.spoken_code import new_code
from holdspace.consent import disclosure
from holdspace.consent.disclosed import Accounting, accounting_of, authorized_by
from holdspace.consent.disclosing import enter_export
from holdspace.consent.disclosure import ACCOUNTING, CONSENT, THE_CLIENT
from holdspace.consent.law import states
from holdspace.consent.models import (
    Birth,
    Consent,
    Disclosure,
    DisclosureAuthorization,
    Invitation,
    OwnWords,
    Part2,
    Place,
    SignedText,
)
from holdspace.consent.queries import (
    SignedConsent,
    around_of,
    asked,
    decides_alone,
    invitation,
    is_kept_from_family,
    is_part2,
    signed_consent,
    standings,
    text_for,
)
from holdspace.consent.rules import (
    ANSWERS,
    ASSENT,
    CLIENT,
    GUARDIAN,
    LEAST_NAME,
    NOT_TODAY,
    PART2,
    PURPOSES,
    SELF,
    TRANSCRIPTION,
    YES,
)
from holdspace.errors import BadInput, NotAllowed, Refused
from holdspace.people.models import Client, Practice


class TextChanged(Refused):
    """The document changed between being read and being signed."""

    code = "text-changed"


@action("consent.record")
def record_consent(
    actor: Actor,
    client: Client,
    *,
    answer: str,
    participant: str = CLIENT,
    capacity: str = SELF,
    purpose: str = TRANSCRIPTION,
    signed: str = "",
    shown: str = "",
    session_id: int = 0,
) -> Consent | None:
    """Keep one person's answer; None if the same yes stands already.

    A yes needs the typed name (`signed`) and the SHA-256 of the text that was `shown`. Anything else takes an earlier
    yes back: "no" for good, "not today" for this session. Raises BadInput, TextChanged.
    """
    _check_asked(actor, client, purpose, participant, capacity)
    if answer not in ANSWERS:
        raise BadInput("An answer is yes, no or not today.")
    if answer == YES:
        return _signed(actor, client, purpose, (participant, capacity), signed, shown, session_id)
    return _declined(actor, client, purpose, (participant, capacity), answer, session_id)


@action("consent.revoke")
def revoke_consent(
    actor: Actor,
    client: Client,
    *,
    participant: str = CLIENT,
    capacity: str = SELF,
    purpose: str = TRANSCRIPTION,
) -> int:
    """Take a yes back from now on, in every capacity (a guardian's of Part 2, theirs alone). How many were closed.

    What was heard under it is destroyed by the workflow that looks for it (workflows.consent_taken_back).
    """
    rows = Consent.objects.filter(client=client, purpose=purpose, answer=YES, revoked_at=None)
    if purpose == PART2 and capacity == GUARDIAN:
        rows = rows.filter(capacity=GUARDIAN)
    return _close(actor, [row for row in rows if row.participant == participant])


@action("consent.carry_out")
def carried_out(actor: Actor, consent: Consent) -> None:  # noqa: ARG001  # the gate reads the actor
    """What was heard under this yes is destroyed."""
    Consent.objects.filter(pk=consent.pk).update(is_pending=False)


@action("consent.prepare")
def set_place(actor: Actor, client: Client, *, state: str) -> Place:  # noqa: ARG001  # the gate reads the actor
    """The state this client sits in; its law counts. Those who signed under another are asked again."""
    return _set_place(client.practice, client, state)


@action("consent.prepare")
def set_birth(actor: Actor, client: Client, *, participant: str, born: date) -> Birth:
    """When somebody who comes along was born. A minor's guardian is asked for them."""
    if participant not in {person.key for person in asked(actor, client, TRANSCRIPTION)} - {CLIENT}:
        raise BadInput("Nobody of that role comes to these sessions.")
    if born > client.practice.day():
        raise BadInput("Nobody is born tomorrow.", then="Look at the year again.")
    rows = Birth.objects.filter(client=client)
    kept = next((row for row in rows if row.participant == participant), None) or Birth(client=client)
    kept.participant, kept.born = participant, born.isoformat()
    kept.save()
    return kept


@action("consent.prepare")
def invite(actor: Actor, client: Client, *, session_id: int) -> Invitation:
    """The code by which those in a session answer on their own phone; the one that is open, or a new one."""
    found = invitation(actor, client, session_id)
    return found or Invitation.objects.create(client=client, session_id=session_id, code=new_code())


@action("consent.word")
def set_practice_place(actor: Actor, practice: Practice, *, state: str) -> Place:  # noqa: ARG001
    """The state of the practice, for every client who has none of their own."""
    return _set_place(practice, None, state)


@action("consent.word")
def write_own_words(actor: Actor, practice: Practice, *, purpose: str, text: str, matters: bool) -> OwnWords:  # noqa: ARG001
    """What the practice adds to a document: a new version of it. If it matters, everyone is asked again."""
    if purpose not in PURPOSES:
        raise BadInput("There is no such document.")
    number = OwnWords.objects.filter(practice=practice, purpose=purpose).count() + 1
    words = "\n".join(line.strip() for line in text.strip().splitlines())
    return OwnWords.objects.create(
        practice=practice, purpose=purpose, number=number, text=words, matters=matters
    )


@action("consent.export")
def export_consent(actor: Actor, consent: Consent, *, to: str = "") -> SignedConsent:
    """A signed consent taken out as a file; that is entered as disclosed.

    Raises NotAllowed where nobody signed, BadInput for whom a minor whose yes comes first has not named.
    """
    found = signed_consent(actor, consent.pk)
    client = consent.client
    if consent.purpose == PART2:
        _check_named(actor, client, CONSENT, to)
    zone = ZoneInfo(client.practice.zone)
    on_a_phone = actor.role == "client"  # whoever has the code is the person in the session
    enter_export(
        actor,
        client,
        kind=CONSENT,
        to=THE_CLIENT if on_a_phone else to,
        about_day=client.practice.day(found.given_at),
        details=f"signed by {found.name}, {timezone.localtime(found.given_at, zone):%H:%M}",
        is_once_a_day=on_a_phone,  # a page that is loaded again must not fill the accounting
    )
    return found


@action("disclosure.guard")
def set_part2(actor: Actor, client: Client, *, is_guarded: bool) -> Part2:  # noqa: ARG001  # the gate reads the actor
    """Say whether 42 CFR Part 2 guards this client's records. Each copy then carries the notice of 42 CFR 2.32."""
    kept, _ = Part2.objects.update_or_create(client=client, defaults={"is_guarded": is_guarded})
    return kept


@action("disclosure.authorize")
def authorize_disclosure(
    actor: Actor,
    client: Client,
    *,
    recipient: str,
    kinds: Collection[str],
    purpose: str,
    signed_by: str,
    signed_on: date,
    expires_on: date | None = None,
    expires_when: str = "",
) -> DisclosureAuthorization:
    """Enter what the client authorized in writing (45 CFR 164.508(c)(1): all of its elements).

    Raises BadInput where one is missing, and where somebody signed in the place of a minor (42 CFR 2.14).
    """
    words = {"recipient": recipient, "purpose": purpose, "signed_by": signed_by}
    told = {name: " ".join(text.split()) for name, text in words.items()}
    if not all(told.values()) or not kinds or not set(kinds) <= set(disclosure.kinds()):
        raise BadInput("An authorization says who may have what, what for, and who signed it.")
    if disclosure.PSYCHOTHERAPY in kinds and len(kinds) > 1:
        raise BadInput(
            "Psychotherapy notes need an authorization of their own (45 CFR 164.508(b)(3)(ii)).",
            then="Enter them as a second one.",
        )
    if signed_on > client.practice.day() or (expires_on and expires_on < signed_on):
        raise BadInput("It is signed before today, and ends after it is signed.")
    if is_kept_from_family(actor, client) and not disclosure.is_signed_by(told["signed_by"], client.name):
        raise BadInput(
            "Nobody may sign this in your client’s place, a parent or guardian neither (42 CFR 2.14).",
            then="Enter it once your client has signed, with their name as it stands in the record.",
        )
    if not expires_on and not expires_when.strip():
        raise BadInput("An authorization ends on a day or with something that happens.", then="Write which.")
    return DisclosureAuthorization.objects.create(
        client=client,
        kinds=[kind for kind in disclosure.kinds() if kind in kinds],
        signed_on=signed_on,
        expires_on=expires_on,
        expires_when=expires_when.strip(),
        made_by=actor.user_id,
        **told,
    )


@action("disclosure.revoke")
def revoke_authorization(actor: Actor, authorization: DisclosureAuthorization) -> DisclosureAuthorization:
    """The client took it back (45 CFR 164.508(b)(5)): from now on it carries nothing. What went out stays out."""
    if authorization.revoked_at is None:
        authorization.revoked_at, authorization.revoked_by = timezone.now(), actor.user_id
        authorization.save(update_fields=["revoked_at", "revoked_by"])
    return authorization


@action("disclosure.record")
def record_disclosure(
    actor: Actor,
    client: Client,
    *,
    to: str,
    kind: str,
    basis: str,
    how: str,
    on: date,
    address: str = "",
    about_day: date | None = None,
    details: str = "",
    purpose: str = "",
    authorization: DisclosureAuthorization | None = None,
) -> Disclosure:
    """Enter what was faxed, mailed, handed over or told. Raises BadInput where the reason does not carry it."""
    if not to.strip():
        raise BadInput("A disclosure was made to somebody.", then="Write to whom.")
    if kind not in disclosure.kinds() or how not in disclosure.ways() or on > client.practice.day():
        raise BadInput("What was disclosed, how and when is one of the answers, and not in the future.")
    _check_basis(actor, client, kind, basis, authorization, on, to)
    _check_acts(actor, client, basis, to)
    return Disclosure.objects.create(
        client=client,
        on=on,
        to=" ".join(to.split()),
        address=address.strip(),
        kind=kind,
        about_day=about_day,
        details=details.strip(),
        basis=basis,
        purpose=purpose.strip(),
        how=how,
        authorization=authorization if basis == disclosure.AUTHORIZED else None,
        is_part2=is_part2(actor, client),
        recorded_by=actor.user_id,
        recorded_as=actor.role,
    )


@action("disclosure.record")
def complete_disclosure(
    actor: Actor,
    row: Disclosure,
    *,
    to: str,
    basis: str,
    purpose: str = "",
    authorization: DisclosureAuthorization | None = None,
) -> Disclosure:
    """Say to whom a copy went, and why, where that was not said when it was taken out. What was said stays."""
    if row.basis not in (disclosure.HOLDER, disclosure.UNSAID):
        raise BadInput("What was recorded stays.", then="Record another where it was wrong.")
    if not (row.to or to.strip()):
        raise BadInput("A disclosure was made to somebody.", then="Write to whom.")
    _check_basis(actor, row.client, row.kind, basis, authorization, row.on, row.to or to)
    _check_acts(actor, row.client, basis, row.to or to)
    row.to = row.to or " ".join(to.split())
    row.basis, row.purpose = basis, purpose.strip()
    row.authorization = authorization if basis == disclosure.AUTHORIZED else None
    row.save(update_fields=["to", "basis", "purpose", "authorization"])
    return row


@action("disclosure.print")
def export_accounting(
    actor: Actor, client: Client, *, first: date | None, last: date | None, to: str = THE_CLIENT
) -> Accounting:
    """The accounting of disclosures of some days, for paper (45 CFR 164.528, 42 CFR 2.25); itself entered after.

    Raises BadInput for days that are not a window of six years at most, and for whom a minor whose yes comes first has
    not named.
    """
    _check_named(actor, client, ACCOUNTING, to)
    made = accounting_of(actor, client, first=first, last=last)
    enter_export(actor, client, kind=ACCOUNTING, to=to)
    return made


def _check_basis(
    actor: Actor,
    client: Client,
    kind: str,
    basis: str,
    authorization: DisclosureAuthorization | None,
    on: date,
    to: str,
) -> None:
    if basis not in disclosure.bases() or basis in (disclosure.HOLDER, disclosure.UNSAID):
        raise BadInput("Why it may be disclosed is one of the answers.")
    if authorization is not None and authorization.client_id != client.pk:
        raise NotAllowed("There is no such record.")
    known = {one.id: one for one in authorized_by(actor, client)}
    disclosure.check_may_go(kind, basis, known.get(authorization.pk) if authorization else None, on, to)


def _check_acts(actor: Actor, client: Client, basis: str, to: str) -> None:
    """Where a minor's yes comes first nobody acts for them, and family learns of it by that yes (42 CFR 2.14)."""
    is_others = basis == disclosure.TO_CLIENT and not disclosure.is_the_client(to, client.name)
    if (basis == disclosure.INVOLVED or is_others) and is_kept_from_family(actor, client):
        raise BadInput(
            f"{_why_kept(actor, client)}: nobody may act for them, a parent or guardian neither (42 CFR 2.14).",
            then="Enter what your client signed, then choose that authorization.",
        )


def _check_named(actor: Actor, client: Client, kind: str, to: str) -> None:
    """Where a minor's yes comes first this goes to nobody they have not named in writing (42 CFR 2.14)."""
    if not to.strip() or disclosure.is_the_client(to, client.name) or not is_kept_from_family(actor, client):
        return
    if disclosure.matching(authorized_by(actor, client), to, kind, client.practice.day()) is None:
        raise BadInput(
            f"{_why_kept(actor, client)}, and named nobody of that name in writing (42 CFR 2.14).",
            then="Give it to your client, or enter what they signed first.",
        )


def _why_kept(actor: Actor, client: Client) -> str:
    alone = decides_alone(actor, client)
    return (
        "This client decides alone who gets this" if alone else "This client has not said yes to sharing this"
    )


def _check_asked(actor: Actor, client: Client, purpose: str, participant: str, capacity: str) -> None:
    if purpose not in PURPOSES:
        raise BadInput("There is no such document.")
    if (participant, capacity) not in {(s.person.key, s.capacity) for s in standings(actor, client, purpose)}:
        raise BadInput("Nobody of that role is asked here.")


def _signed(
    actor: Actor,
    client: Client,
    purpose: str,
    who: tuple[str, str],
    name: str,
    shown: str,
    session_id: int,
) -> Consent | None:
    now = standings(actor, client, purpose, session_id=session_id)
    if any(s.is_given for s in now if (s.person.key, s.capacity) == who):
        return None
    typed = " ".join(name.split())
    if sum(letter.isalpha() for letter in typed) < LEAST_NAME:
        raise BadInput("A yes needs your name, typed by you.", then="Type it above the answers.")
    text = text_for(actor, client, purpose, who[1])
    if shown != text.sha256:
        raise TextChanged(
            "The text has changed since you opened it.", then="Please read it again, then answer."
        )
    row = _row(actor, client, purpose, who, YES, session_id)
    SignedText.objects.create(consent=row, name=typed, text=text.plain)
    return row


def _declined(
    actor: Actor, client: Client, purpose: str, who: tuple[str, str], answer: str, session_id: int
) -> Consent:
    rows = Consent.objects.filter(client=client, purpose=purpose, answer=YES, revoked_at=None)
    given = [row for row in rows if row.participant == who[0]]
    if purpose == PART2 and who[1] == ASSENT:
        _close(actor, given)  # the guardian's too: it counts only as long as the minor's (42 CFR 2.14(b))
    hers = [row for row in given if row.capacity == who[1]]
    if answer == NOT_TODAY:
        row = _row(actor, client, purpose, who, answer, session_id)
        row.is_pending = bool(hers and session_id) and purpose == TRANSCRIPTION
    else:
        closed = _close(actor, hers)
        row = _row(actor, client, purpose, who, answer, session_id)
        # Somebody new in the room says no while the others are heard: this session's words go.
        row.is_pending = not closed and bool(session_id) and purpose == TRANSCRIPTION
    row.save(update_fields=["is_pending"])
    return row


def _close(actor: Actor, rows: Iterable[Consent]) -> int:
    found = list(rows)
    heard = [row.pk for row in found if row.purpose == TRANSCRIPTION]
    Consent.objects.filter(pk__in=heard).update(is_pending=True)
    return Consent.objects.filter(pk__in=[row.pk for row in found]).update(
        revoked_at=timezone.now(), revoked_by=actor.role
    )


def _row(
    actor: Actor, client: Client, purpose: str, who: tuple[str, str], answer: str, session_id: int
) -> Consent:
    text, around = text_for(actor, client, purpose, who[1]), around_of(actor, client, purpose)
    return Consent.objects.create(
        client=client,
        purpose=purpose,
        participant=who[0],
        capacity=who[1],
        answer=answer,
        version=str(text.version),
        sha256=text.sha256,
        state=around.state.code,
        host=around.where,
        session_id=session_id,
        given_at=timezone.now(),
        given_by=actor.role,
    )


def _set_place(practice: Practice, client: Client | None, state: str) -> Place:
    if state not in states():
        raise BadInput("There is no such state.")
    place, _ = Place.objects.update_or_create(practice=practice, client=client, defaults={"state": state})
    return place
