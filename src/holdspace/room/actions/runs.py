"""Verbs of the runs that hear and draft, for the worker alone."""

from django.db.models import F
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.errors import ConsentMissing, EngineFailed, HoldspaceError, Unavailable
from holdspace.room import waiting_audio
from holdspace.room.models import DraftRun
from holdspace.room.rules import AT_WORK, DONE, DRAFTING, FAILED, GOING, HEAR, HEARING, MOST_TRIES, QUEUED

_LOST_RECORDING = Unavailable(
    "Holdspace stopped while it heard the recording, which was only in memory.",
    kept="Your jottings are kept.",
    then="Give the recording again.",
)
_GAVE_UP = EngineFailed(
    "Drafting stopped three times without finishing.",
    kept="The transcript and your jottings are kept.",
    then="Run `holdspace doctor`, then try again.",
)


@action("session.work")
def claim_run(actor: Actor, run: DraftRun) -> bool:  # noqa: ARG001  # the gate reads the actor
    """Take a waiting run to work on it. False if another worker took it first."""
    at_work = HEARING if run.kind == HEAR else DRAFTING
    return bool(
        DraftRun.objects.filter(pk=run.pk, state=QUEUED).update(
            state=at_work, tries=F("tries") + 1, heartbeat_at=timezone.now()
        )
    )


@action("session.work")
def hold_run(actor: Actor, run: DraftRun) -> None:  # noqa: ARG001  # the gate reads the actor
    """Keep a run from being stopped until the caller's transaction ends. Raises ConsentMissing if it was stopped.

    What a run made is kept in the same transaction, so that nothing of a session is kept after its consent went.
    """
    held = DraftRun.objects.select_for_update().filter(pk=run.pk, state__in=AT_WORK)
    if not held.exists():
        raise ConsentMissing("This was stopped while it worked.", kept="Your jottings are kept.")


@action("session.work")
def finish_run(actor: Actor, run: DraftRun) -> None:  # noqa: ARG001  # the gate reads the actor
    """The run did what it was for."""
    DraftRun.objects.filter(pk=run.pk, state__in=AT_WORK).update(state=DONE, step="", fraction=1.0)


@action("session.work")
def fail_run(actor: Actor, run: DraftRun, *, error: HoldspaceError) -> None:  # noqa: ARG001
    """The run ended with an error, which the page shows. Errors carry no clinical words."""
    waiting_audio.drop(run.pk)
    DraftRun.objects.filter(pk=run.pk, state__in=GOING).update(
        state=FAILED,
        error_code=error.code,
        error_what=error.what[:300],
        error_kept=error.kept[:300],
        error_then=error.then[:300],
    )


@action("session.work")
def take_up_again(actor: Actor, run: DraftRun) -> bool:
    """A run whose worker went silent: wait anew, or fail where its recording went with the process."""
    if run.kind == HEAR:
        fail_run(actor, run, error=_LOST_RECORDING)
        return False
    if run.tries >= MOST_TRIES:
        fail_run(actor, run, error=_GAVE_UP)
        return False
    return bool(
        DraftRun.objects.filter(pk=run.pk, state__in=AT_WORK, heartbeat_at=run.heartbeat_at).update(
            state=QUEUED, task_id="", step="Taken up again"
        )
    )
