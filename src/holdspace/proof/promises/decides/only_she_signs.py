"""A note is signed by the clinician whose client it is about, and by nobody and nothing else."""

from holdspace.access.actor import Actor
from holdspace.chart.actions import sign_note
from holdspace.chart.models import Signature
from holdspace.errors import NotAllowed
from holdspace.people.rules import TRIAL
from holdspace.proof.promise import Broken, Promise, Seen, demand
from holdspace.proof.signing import CREDENTIAL, ready_to_sign
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="4.5",
    says="A note is signed by the clinician whose client it is about. No program, no owner, no supervisor "
    "and no colleague can do it for her.",
    tried="Everyone else there is tried to sign the trial’s note: the worker, the command line, every role "
    "of a practice, a client, and an owner of another practice.",
    red="Somebody or something else can sign. Look through the log for notes that were signed by others, and "
    "correct them by addenda.",
)


def try_now(trial: Trial) -> Seen:
    """Let everybody else try to sign."""
    others = {
        "the worker": trial.company.worker,
        "the command line": Actor.command_line(TRIAL),
        "the client": Actor.in_the_room(TRIAL),
        "another practice’s owner": trial.owner,
        **{
            f"the {role}": trial.company.actor(role)
            for role in ("owner", "supervisor", "biller", "scheduler", "colleague")
        },
    }
    trial.drafted()
    for who, actor in others.items():
        with undone():
            _demand_refused(trial, who, actor)
    with undone():
        sign_note(trial.company.clinician, ready_to_sign(trial), credential=CREDENTIAL)
    return (f"{len(others)} others tried and were refused: {', '.join(others)}. She herself could.",)


def _demand_refused(trial: Trial, who: str, actor: Actor) -> None:
    note = ready_to_sign(trial)
    try:
        sign_note(actor, note, credential=CREDENTIAL)
    except NotAllowed:
        demand(
            not Signature.objects.filter(note=note).exists(),
            f"{who.capitalize()} was refused and signed all the same.",
        )
        return
    raise Broken(f"{who.capitalize()} signed the note.")
