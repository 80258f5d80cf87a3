"""Verbs of the proof: ask for a run, say how it goes, keep what it found."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.errors import AlreadyRunning, EngineFailed, HoldspaceError
from holdspace.people.models import Practice
from holdspace.proof.models import ProofRun
from holdspace.proof.queries import lost
from holdspace.proof.report import fingerprint
from holdspace.proof.rules import DONE, FAILED, MOST_KEPT, QUEUED, RUNNING
from holdspace.proof.run import check_quiet

LOST = EngineFailed(
    "Holdspace stopped while the proof ran.", then="Run it again; what was left of it is cleared away."
)
"""What is said of a run whose process is gone."""


@action("proof.run")
def ask_for_proof(actor: Actor, practice: Practice) -> ProofRun:
    """Ask for a run. Raises AlreadyRunning, and SessionGoesOn while a session is being heard."""
    check_quiet()
    for gone in lost(actor):
        fail_proof(actor, gone, error=LOST)
    try:
        with transaction.atomic():
            return ProofRun.objects.create(practice=practice, user_id=actor.user_id)
    except IntegrityError:
        raise AlreadyRunning("A proof is running already.", then="Wait for it to finish.") from None


@action("proof.run")
def begin_proof(actor: Actor, run: ProofRun) -> bool:  # noqa: ARG001  # the gate reads the actor
    """Take a run that waits. False if another process took it first."""
    waiting = ProofRun.objects.filter(pk=run.pk, state=QUEUED)
    return bool(waiting.update(state=RUNNING, heartbeat_at=timezone.now()))


@action("proof.run")
def keep_report(actor: Actor, run: ProofRun, *, report: str) -> ProofRun:  # noqa: ARG001  # the gate reads the actor
    """The run is over: keep what it found, and the newest runs only."""
    run.report, run.sha256 = report, fingerprint(report)
    run.state, run.step, run.fraction, run.ended_at = DONE, "", 1.0, timezone.now()
    run.save()
    old = (
        ProofRun.objects.filter(practice=run.practice)
        .order_by("-made_at")
        .values_list("pk", flat=True)[MOST_KEPT:]
    )
    ProofRun.objects.filter(pk__in=list(old)).delete()
    return run


@action("proof.run")
def fail_proof(actor: Actor, run: ProofRun, *, error: HoldspaceError) -> None:  # noqa: ARG001  # the gate reads the actor
    """The run did not come to its end. Errors carry no clinical words."""
    ProofRun.objects.filter(pk=run.pk).update(
        state=FAILED, ended_at=timezone.now(), error_what=error.what[:300], error_then=error.then[:300]
    )
