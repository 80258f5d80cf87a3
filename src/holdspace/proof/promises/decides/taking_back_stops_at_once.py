"""A yes taken back stops hearing within a second and destroys what was heard."""

from time import monotonic

from holdspace.access.actor import Actor
from holdspace.consent.actions import revoke_consent
from holdspace.people.rules import TRIAL
from holdspace.proof.lines import SILENCE, being_heard, capture_of, understood
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import FIVE_THINGS
from holdspace.proof.trial import Trial
from holdspace.proof.work import until
from holdspace.room import live_audio
from holdspace.room.models import HeardPiece
from holdspace.room.pieces import keep
from holdspace.vault.session_keys import has_key

PROMISE = Promise(
    number="4.3",
    says="A client who takes their yes back is heard no more within a second, and what was heard is "
    "destroyed.",
    tried="While the trial was being heard its client took the yes back, as from their own phone; the time "
    "was taken until nothing was heard and the key of what had been heard was gone.",
    red="Do not rely on it: end hearing yourself when somebody takes their consent back, and strike what was "
    "heard.",
)
MOST_S = 1.0
LONGEST_S = 5.0
"""Seconds until it must be destroyed, however busy the machine is."""


def try_now(trial: Trial) -> Seen:
    """Take a yes back in the middle, and take the time."""
    session = trial.company.session(trial.company.leaving)
    with being_heard(trial, session) as window:
        window.send(0, SILENCE)
        going = capture_of(window)
        keep(going, [understood(FIVE_THINGS)], heard=0)
        demand(has_key(session.pk), "What was heard had no key of its own.")
        began = monotonic()
        revoke_consent(Actor.in_the_room(TRIAL), session.client)
        after = window.send(1, SILENCE)
        stopped_s = monotonic() - began
        demand(after.status != 200, "After it was taken back, a second of sound was taken.")
        demand(stopped_s <= MOST_S, f"It took {stopped_s:.1f} seconds until nothing was taken any more.")
        is_gone = until(lambda: not has_key(session.pk), within_s=LONGEST_S)
        gone_s = monotonic() - began
        demand(is_gone, f"After {LONGEST_S:.0f} seconds what was heard is still there.")
        demand(not HeardPiece.objects.filter(capture=going).exists(), "Words of it are still kept.")
        demand(not live_audio.waiting(going.pk), "Sound of it still waits.")
    return (
        f"{stopped_s:.2f} seconds after it was taken back no sound was taken any more.",
        f"After {gone_s:.2f} seconds the key of what had been heard was destroyed, and its words deleted.",
    )
