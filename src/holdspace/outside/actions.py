"""Verbs over what may leave: allowing a host by name, taking it off the list, and writing down what was sent."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.errors import BadInput
from holdspace.outside.door import tell_gateway
from holdspace.outside.models import Agreement, AllowedHost, Sent
from holdspace.outside.rules import AgreementGiven, check_allowed, host_of
from holdspace.people.models import Practice, User


@action("outside.allow")
def allow_host(
    actor: Actor,
    practice: Practice,
    *,
    host: str,
    purpose: str,
    reason: str,
    is_ours: bool = False,
    agreement: AgreementGiven | None = None,
) -> AllowedHost:
    """Allow one host by name; the gateway knows it at once. A model's server is hers or under a signed agreement.

    Raises BadInput for what is no host, has no reason, or is allowed for this already.
    """
    named = host_of(host)
    check_allowed(purpose, agreement, is_ours=is_ours, today=timezone.localdate())
    if not reason.strip():
        raise BadInput("Say why this host is needed.")
    if AllowedHost.objects.filter(practice=practice, host=named, purpose=purpose, ended_at=None).exists():
        raise BadInput("That host is on the list already.", then="Take it off first to change it.")
    who = User.objects.get(pk=actor.user_id or 0)
    allowed = AllowedHost.objects.create(
        practice=practice,
        host=named,
        purpose=purpose,
        reason=reason.strip(),
        is_ours=is_ours,
        allowed_by=who,
    )
    if agreement is not None:
        Agreement.objects.create(
            allowed=allowed,
            party=agreement.party.strip(),
            kind=agreement.kind,
            signed_on=agreement.signed_on,
            ticked_by=who,
        )
    transaction.on_commit(partial(tell_gateway, actor))
    return allowed


@action("outside.end")
def end_host(actor: Actor, allowed: AllowedHost) -> AllowedHost:
    """Take a host off the list; from now on nothing goes there."""
    allowed.ended_at, allowed.ended_by_id = timezone.now(), actor.user_id
    allowed.save(update_fields=["ended_at", "ended_by"])
    transaction.on_commit(partial(tell_gateway, actor))
    return allowed


@action("outside.send")
def note_sent(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    practice: Practice,
    *,
    host: str,
    purpose: str,
    session_id: int,
    words: int,
    replaced: int,
) -> Sent:
    """Write down a request before it leaves: where to and how much, never what."""
    return Sent.objects.create(
        practice=practice,
        host=host,
        purpose=purpose,
        session_id=session_id,
        words=words,
        replaced=replaced,
    )
