"""Does the runs somebody asked for on the page: a thread beside the server, so that drafts do not wait for a proof."""

from threading import Event, Thread

from django.db import close_old_connections

from holdspace.access.actor import Actor
from holdspace.audit.log import event_log
from holdspace.errors import EngineFailed, HoldspaceError
from holdspace.people.models import Practice
from holdspace.people.opening import practices
from holdspace.proof.actions import LOST, begin_proof, fail_proof, keep_report
from holdspace.proof.listed import Listed, chosen
from holdspace.proof.models import ProofRun
from holdspace.proof.queries import lost, waiting
from holdspace.proof.report import written
from holdspace.proof.rules import RUNNING
from holdspace.proof.run import Tell, run
from holdspace.workflows.passing import one_round
from holdspace.workflows.telling import telling

log = event_log("proof")

LOOK_EVERY_S = 1.0
_BROKE = EngineFailed("The proof did not come to its end.", then="Run it again.")


def prove(
    actor: Actor, asked: ProofRun, promises: tuple[Listed, ...], tell: Tell, *, is_whole: bool
) -> ProofRun:
    """Try these promises and keep what was found. Whatever ends it early is kept too, and raised."""
    practice: Practice = asked.practice
    try:
        with telling(ProofRun.objects.filter(pk=asked.pk, state=RUNNING), tell) as say:
            results = run(practice, promises, say)
        return keep_report(actor, asked, report=written(results, is_whole=is_whole))
    except HoldspaceError as error:
        fail_proof(actor, asked, error=error)
        raise
    except Exception as error:  # noqa: BLE001  # outermost loop of this thread
        log("proof.broke", code=type(error).__name__)
        fail_proof(actor, asked, error=_BROKE)
        raise _BROKE from None


def prove_until(stop: Event) -> None:
    """Do what was asked for, until told to stop; while the practice is locked, wait for its key."""
    while not stop.wait(LOOK_EVERY_S):
        one_round(_round, log)


def start_prover(stop: Event) -> Thread:
    """Prove beside the web server."""
    thread = Thread(target=prove_until, args=(stop,), name="holdspace-prover", daemon=True)
    thread.start()
    return thread


def _round() -> None:
    for actor in [Actor.worker(practice.pk) for practice in practices()]:
        for gone in lost(actor):
            fail_proof(actor, gone, error=LOST)  # else the page would wait for it for ever
        for asked in waiting(actor):
            if begin_proof(actor, asked):
                # A thread of its own, because what a thread lets go before it cannot always take back.
                doing = Thread(target=_prove_alone, args=(actor, asked), name="holdspace-proof", daemon=True)
                doing.start()
                doing.join()


def _prove_alone(actor: Actor, asked: ProofRun) -> None:
    try:
        prove(actor, asked, chosen(()), lambda _step, _fraction: None, is_whole=True)
    except HoldspaceError as error:
        log("proof.failed", code=error.code)
    finally:
        close_old_connections()
