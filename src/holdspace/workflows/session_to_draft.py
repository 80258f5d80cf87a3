"""From what was said to a draft that waits for review.

    a recording ──hear──▶ transcript ─┐
    a typed transcript ───────────────┼──draft──▶ note, waiting for her
    jottings, plan, earlier notes ────┘

The rooms leave rows (`room.DraftRun`); `pick_up` turns them into tasks, which take ids only. A task is claimed by a
conditional update, so any number of workers may look; it is safe to run twice; and a worker that was killed leaves a
heartbeat that stops, after which another takes the run up again or says why it cannot.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django_tasks import task

from holdspace.access.actor import Actor
from holdspace.assist.doorway import check_may_hear_sound, check_on, drafting_tools_for, ear_for
from holdspace.assist.queries import voice_kept
from holdspace.assist.rules import DRAFTING, PlanGoal, Record, SomeoneThere, kinds_given
from holdspace.audit.log import event_log, wordless
from holdspace.chart.actions import save_draft
from holdspace.chart.queries import diagnoses_of, goals_of, prior_text, voice_samples
from holdspace.engines.note import Draft
from holdspace.errors import ConsentMissing, EngineFailed, HoldspaceError, Unavailable
from holdspace.people.models import Practice
from holdspace.people.queries import practice
from holdspace.room import waiting_audio
from holdspace.room.actions.runs import claim_run, fail_run, finish_run, hold_run, take_up_again
from holdspace.room.actions.sessions import keep_transcript
from holdspace.room.keeping import check_not_declined, hold
from holdspace.room.models import DraftRun, Session
from holdspace.room.progress import Tell, beat_once, beating, teller
from holdspace.room.queries import (
    heard_from,
    lost_runs,
    run,
    stopped_runs,
    transcript,
    voices_of,
    waiting_runs,
)
from holdspace.room.rules import HEAR
from holdspace.vault.generations import sweep
from holdspace.workflows.consent_taken_back import carry_out

log = event_log("workflows")

ANYWHERE = "default"
HERE = f"here-{waiting_audio.PLACE}"
"""The queue of this process: a recording in its memory can be heard nowhere else."""


def pick_up() -> int:
    """Turn waiting rows into tasks and take up what a killed worker left. How many became tasks."""
    picked = 0
    beat_once()
    carry_out()
    for actor in map(Actor.worker, Practice.objects.values_list("pk", flat=True)):
        for lost in lost_runs(actor):
            log("run.lost", run=lost.pk, kind=lost.kind)
            take_up_again(actor, lost)
        picked += sum(_enqueue(actor, waiting) for waiting in waiting_runs(actor))
        for stopped in stopped_runs(actor, waiting_audio.ids()):  # a consent was taken back elsewhere
            waiting_audio.drop(stopped)
    return picked


def clear_away() -> int:
    """At a worker's start: wipe key files that a process died before it could wipe."""
    return sweep()


@task()
def work(practice_id: int, run_id: int) -> None:
    """Do one run. Every ending is a state of its row."""
    with wordless():
        work_on(Actor.worker(practice_id), run_id)


def work_on(actor: Actor, run_id: int) -> None:
    """Do one run, if no other worker does."""
    waiting = run(actor, run_id)
    if not claim_run(actor, waiting):
        return
    log("run.begun", run=run_id, kind=waiting.kind)
    try:
        with beating(run_id):
            do(actor, waiting, teller(run_id))
    except HoldspaceError as error:
        log("run.failed", run=run_id, code=error.code)
        fail_run(actor, waiting, error=error)
    except Exception as error:  # noqa: BLE001  # outermost loop: a traceback could carry what was said
        log("run.broke", run=run_id, code=type(error).__name__)
        fail_run(actor, waiting, error=_BROKE)
    else:
        finish_run(actor, waiting)
        log("run.done", run=run_id)


def do(actor: Actor, waiting: DraftRun, tell: Tell) -> Draft | None:
    """What the run is for; the draft if it is for one."""
    if waiting.kind == HEAR:
        hear(actor, waiting, tell)
        return None
    return draft(actor, waiting, tell)


def hear(actor: Actor, waiting: DraftRun, tell: Tell) -> None:
    """Hear the recording in this process's memory, and keep the transcript. The recording is gone afterwards."""
    session = waiting.session
    ear = ear_for(actor, session.around())
    data = waiting_audio.take(waiting.pk)
    if data is None:
        raise Unavailable("The recording is no longer in memory.", then="Give it again.")
    heard = ear.hear(
        data,
        vocabulary=vocabulary(session),
        progress=_while_it_may(actor, waiting, tell),
        voices=voices_of(actor, session),
    )
    with transaction.atomic():
        check_may_hear_sound(actor, session.around())
        hold(session)
        hold_run(actor, waiting)
        keep_transcript(actor, session, heard=heard)


def draft(actor: Actor, waiting: DraftRun, tell: Tell) -> Draft:
    """Draft from what the chart knows, and keep the draft for her review.

    Switched off meanwhile, the draft is dropped.
    """
    around = waiting.session.around()
    tell("Reading what was said", 0.1)
    check_on(actor, DRAFTING, around)
    told = record_of(actor, waiting.session, note_format=waiting.note_format)
    tools = drafting_tools_for(actor, around, given=kinds_given(told))
    tell("Drafting", 0.4)
    made = tools.draft(told, waiting.session.pk)
    tell("Keeping the draft", 0.9)
    with transaction.atomic():
        check_on(actor, DRAFTING, around)
        hold_run(actor, waiting)
        save_draft(actor, waiting.session, draft=made, renews=waiting.renews)
    tell("Keeping the draft", 1.0)
    return made


def _while_it_may(actor: Actor, waiting: DraftRun, tell: Tell) -> Tell:
    """Progress that stops the hearing of a recording once its switch is off or its consent is taken back."""

    def told(step: str, fraction: float) -> None:
        check_may_hear_sound(actor, waiting.session.around())
        if not run(actor, waiting.pk).is_going:
            raise ConsentMissing("This was stopped while it worked.", kept="Your jottings are kept.")
        tell(step, fraction)

    return told


def record_of(actor: Actor, session: Session, *, note_format: str) -> Record:
    """All the drafter is told about this session."""
    said = transcript(actor, session) if heard_from(actor, session) else None
    if said:
        check_not_declined(actor, session)
    client, clinician, appointment = session.client, session.clinician, session.appointment
    zone = ZoneInfo(practice(actor).zone)
    return Record(
        turns=said.turns if said else (),
        clinician=SomeoneThere("therapist", clinician.name, clinician.pronouns, clinician.credential),
        client=SomeoneThere("client", client.name, client.pronouns),
        others=_others(client.others),
        day=f"{session.started_at.astimezone(zone):%Y-%m-%d}",
        start=_clock(session.started_at, zone),
        end=_clock(session.ended_at, zone),
        setting=appointment.setting,
        modality=appointment.modality,
        cpt=appointment.cpt,
        diagnoses=tuple(f"{row.code} {row.name}" for row in diagnoses_of(actor, client)),
        goals=tuple(
            PlanGoal(
                goal.code,
                goal.text,
                tuple((aim.code, aim.text, aim.measure) for aim in goal.objectives.all()),
            )
            for goal in goals_of(actor, client)
        ),
        jottings=session.jottings,
        prior_note=prior_text(actor, session),
        signed_notes=tuple(voice_samples(actor, clinician_id=clinician.pk, before=session.started_at)),
        voice=tuple(voice_kept(actor, clinician.pk).corrections.items()),
        former_names=tuple(line.strip() for line in client.former_names.splitlines() if line.strip()),
        note_format=note_format,
        language=said.language if said else "",
    )


def vocabulary(session: Session) -> tuple[str, ...]:
    """Words the recogniser should expect: the client's own, and the names of who is there."""
    names = [session.client.name, *(there.name for there in _others(session.client.others))]
    words = [line.strip() for line in session.client.vocabulary.splitlines()]
    return tuple(dict.fromkeys(word for word in (*words, *names) if word))


_BROKE = EngineFailed(
    "Holdspace made a mistake while it worked on this session.",
    kept="What was heard and your jottings are kept.",
    then="Try once more; if it happens again, `holdspace doctor` says what is wrong.",
)


def _enqueue(actor: Actor, waiting: DraftRun) -> bool:
    if waiting.kind == HEAR and waiting.place != waiting_audio.PLACE:
        return False
    with transaction.atomic():  # the mark and the task together, or neither
        claimed = DraftRun.objects.filter(pk=waiting.pk, task_id="").update(task_id="picked up")
        if claimed:
            queue = HERE if waiting.kind == HEAR else ANYWHERE
            work.using(queue_name=queue).enqueue(actor.practice_id, waiting.pk)
    return bool(claimed)


def _others(others: str) -> tuple[SomeoneThere, ...]:
    pairs = (line.partition(":") for line in others.splitlines() if line.strip())
    return tuple(SomeoneThere(role.strip(), name.strip()) for role, _, name in pairs)


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
