"""Reads of runs, for the owner."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.sight import within
from holdspace.errors import NotAllowed
from holdspace.people.models import Practice
from holdspace.people.queries import practice_for
from holdspace.proof.models import ProofRun
from holdspace.proof.report import Report, read
from holdspace.proof.rules import DONE, GOING, QUEUED, SILENCE


def practice_to_prove(actor: Actor) -> Practice:
    """The practice, for who may put its promises to the test."""
    return practice_for(actor, "proof.run")


def latest_run(actor: Actor) -> ProofRun | None:
    """The run that goes on, or was last asked for."""
    return _runs(actor).order_by("-made_at").first()


def latest_report(actor: Actor) -> Report | None:
    """What the last finished run found."""
    found = _runs(actor).filter(state=DONE).order_by("-ended_at").first()
    return read(found.report) if found else None


def report_text(actor: Actor) -> str:
    """The last report, byte for byte. Raises NotAllowed where there is none."""
    found = _runs(actor).filter(state=DONE).order_by("-ended_at").first()
    if found is None:
        raise NotAllowed("There is no such page.")
    return found.report


def waiting(actor: Actor) -> list[ProofRun]:
    """Runs somebody asked for and no process has taken."""
    return list(_runs(actor).filter(state=QUEUED).order_by("made_at"))


def lost(actor: Actor) -> list[ProofRun]:
    """Runs that go on by their state, and whose process is gone: it says nothing, or said it under a clock ahead."""
    now = timezone.now()
    spoke = _runs(actor).filter(state__in=GOING).annotate(spoke_at=Coalesce("heartbeat_at", "made_at"))
    return list(spoke.exclude(spoke_at__range=(now - SILENCE, now + SILENCE)))


def _runs(actor: Actor) -> QuerySet[ProofRun]:
    return within(
        actor, "proof.read", ProofRun.objects.all(), practice="practice_id", clinician="practice_id"
    )
