"""Entries of the AI ledger, each with its line in the log: which model or rules, for what, on which kinds of things.

Here, and not in the doorway, because the rules that stand beside a note (`words`, `on_record`) enter themselves too.
"""

from datetime import timedelta

from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.assist.model_cards import card
from holdspace.assist.models import AiUse
from holdspace.assist.rules import Around
from holdspace.audit.chain import record

ONE_SITTING = timedelta(minutes=5)
"""As long as one reading of a record (access/reading.py)."""


def enter(
    actor: Actor, around: Around, purpose: str, name: str = "", *, given: str, elsewhere: str = ""
) -> None:
    """An entry of the ledger and of the log: a model of ours by name, or a server elsewhere, whose weights only its
    owner knows."""
    _in_ledger(actor, around, purpose, name or elsewhere, given=given)
    _in_log(actor, around, purpose)


def enter_sitting(actor: Actor, around: Around, purpose: str, name: str, *, given: str) -> None:
    """As `enter`, for rules that run again with every line that is shown: one person's sitting is one use."""
    if not _is_going_on(actor, around, purpose, name):
        enter(actor, around, purpose, name, given=given)


def enter_each(actor: Actor, around: Around, purpose: str, name: str, *, given: str) -> None:
    """As `enter`, for what follows an act of hers: the ledger counts each, the log has each sitting, as it has the act
    itself."""
    is_going_on = _is_going_on(actor, around, purpose, name)
    _in_ledger(actor, around, purpose, name, given=given)
    if not is_going_on:
        _in_log(actor, around, purpose)


def _is_going_on(actor: Actor, around: Around, purpose: str, name: str) -> bool:
    """Whether the same person had the same done for the same session a moment ago."""
    return AiUse.objects.filter(
        practice_id=around.practice_id,
        session_id=around.session_id,
        user_id=actor.user_id,
        purpose=purpose,
        sha256=_sha256(name),
        at__gt=timezone.now() - ONE_SITTING,
    ).exists()


def _in_ledger(actor: Actor, around: Around, purpose: str, model: str, *, given: str) -> None:
    AiUse.objects.create(
        practice_id=around.practice_id,
        session_id=around.session_id,
        user_id=actor.user_id,
        purpose=purpose,
        model=model,
        sha256=_sha256(model),
        given=given,
    )


def _in_log(actor: Actor, around: Around, purpose: str) -> None:
    about, about_id = (
        ("session", around.session_id) if around.session_id else ("clinician", around.clinician_id)
    )
    record(
        verb="ai.use",
        user_id=actor.user_id,
        role=actor.role,
        kind=f"{about}/{purpose}",
        subject_id=about_id,
        outcome="done",
    )


def _sha256(name: str) -> str:
    found = card(name)
    return found.sha256 if found else ""
