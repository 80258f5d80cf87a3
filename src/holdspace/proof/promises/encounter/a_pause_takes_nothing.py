"""Paused and off the record, nothing is taken; and the last minute can be taken back."""

from holdspace.proof.lines import SILENCE, being_heard, capture_of, understood
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import OFF_RECORD
from holdspace.proof.trial import Trial
from holdspace.room.models import HeardPiece
from holdspace.room.pieces import keep

PROMISE = Promise(
    number="2.5",
    says="Paused and off the record, no sound is taken, and the last minute can be taken back.",
    tried="Seconds were sent while it was paused and while it was off the record. Then words that were "
    "understood were taken back with the button for the last minute.",
    red="Do not rely on Pause: end the session’s hearing instead, until this is mended.",
)


def try_now(trial: Trial) -> Seen:
    """Pause, go off the record, take back."""
    with being_heard(trial) as window:
        window.send(0, SILENCE)
        for state in ("paused", "off"):
            window.state(state=state)
            before = window.line(window.state())["next"]
            told = window.line(window.send(before, SILENCE))["next"]
            demand(told == before, f"While it was {state}, a second was taken.")
        window.state(state="live")
        going = capture_of(window)
        keep(going, [understood(OFF_RECORD)], heard=0)
        demand(HeardPiece.objects.filter(capture=going).exists(), "What was understood was not kept.")
        window.state(minutes="1")
        left = HeardPiece.objects.filter(capture=going).count()
        demand(not left, "What was understood of the last minute is still there.")
    return (
        "Of two seconds sent while it was paused and off the record none was taken; the last minute is deleted.",
    )
