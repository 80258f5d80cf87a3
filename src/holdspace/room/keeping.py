"""What several verbs of a session do: checks before it is heard, and keeping what was."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.consent.queries import is_declined, who_is_missing
from holdspace.engines.transcript import Transcript
from holdspace.errors import AlreadyRunning, AlreadySigned, ConsentMissing, Destroyed
from holdspace.room.models import DraftRun, HeardPiece, HeardSession, Session
from holdspace.room.rules import GOING, as_values, identity
from holdspace.vault.envelope import seal
from holdspace.vault.fields import as_bytes
from holdspace.vault.session_keys import destroy_keys, has_key, make_key
from holdspace.vault.whose import DRAFT, HEARD


def hold(session: Session) -> None:
    """Keep what was heard of the session from being added to or destroyed until the caller's transaction ends.

    Before a consent is asked about and before a capture or a run is held, always in this order: who keeps words checks
    the yes under it, and who carries out that it was taken back looks for words under it, so neither misses the other.
    """
    Session.objects.select_for_update(no_key=True).values_list("pk").get(pk=session.pk)


def check_open(session: Session) -> None:
    """Raise AlreadySigned once the note is signed."""
    if Session.objects.filter(pk=session.pk, is_closed=True).exists():
        raise AlreadySigned("This session's note is signed.", then="Add an addendum to the note.")


def check_may_hear(actor: Actor, session: Session) -> None:
    """Raise AlreadySigned, ConsentMissing naming who has not agreed, or AlreadyRunning; what it says holds."""
    hold(session)
    check_open(session)
    if missing := who_is_missing(actor, session.client, session_id=session.pk):
        raise ConsentMissing(
            f"No consent to transcription is recorded for: {', '.join(missing)}.",
            then="Ask for it first, or jot and dictate: a note can be drafted from that alone.",
        )
    check_no_run(session)


def check_not_declined(actor: Actor, session: Session) -> None:
    """Raise ConsentMissing where somebody said no or took their yes back: what was heard is not used any more."""
    if is_declined(actor, session.client, session_id=session.pk):
        raise ConsentMissing(
            "Somebody in this session does not want to be heard.",
            kept="Your jottings are kept. What was heard is destroyed.",
            then="Draft from your jottings.",
        )


def check_no_run(session: Session) -> None:
    """Raise AlreadyRunning while a run works on the session."""
    if DraftRun.objects.filter(session=session, state__in=GOING).exists():
        raise AlreadyRunning("A draft of this session is being made already.", then="Wait for it to finish.")


def keep_heard(session: Session, heard: Transcript, *, source: str) -> HeardSession:
    """Keep what was heard, sealed under the session's own key. Raises Destroyed."""
    if HeardSession.objects.filter(session=session).exists() and not has_key(session.pk):
        raise Destroyed("What was heard in this session is destroyed.", kept="The note is kept.")
    sealed = seal(
        make_key(session.pk, session.client_id), as_bytes(as_values(heard)), identity=identity(session.pk)
    )
    kept, _ = HeardSession.objects.update_or_create(
        session=session,
        defaults={"source": source, "turn_count": len(heard.turns), "sealed": sealed},
    )
    mark_heard(session)
    return kept


def mark_heard(session: Session) -> None:
    """Something was heard of the session; whatever becomes of it, a draft may be made from it."""
    Session.objects.filter(pk=session.pk, heard_at=None).update(heard_at=timezone.now())


def begin_run(session: Session, **what: Any) -> DraftRun:
    """Leave a run for a worker. Raises AlreadyRunning."""
    try:
        with transaction.atomic():
            return DraftRun.objects.create(session=session, **what)
    except IntegrityError:
        raise AlreadyRunning(
            "A draft of this session is being made already.", then="Wait for it to finish."
        ) from None


def destroy(session: Session, *, rule: str, draft_too: bool = False) -> bool:
    """Make what was heard unrecoverable: its key, then its bytes. Whether there was anything.

    `draft_too` ends the draft's own key as well: what was signed of it is under the client's by then.
    """
    HeardSession.objects.filter(session=session).delete()
    HeardPiece.objects.filter(capture__session=session).delete()
    return bool(destroy_keys([session.pk], rule=rule, kinds=(HEARD, DRAFT) if draft_too else (HEARD,)))
