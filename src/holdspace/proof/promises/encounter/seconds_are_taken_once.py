"""Every second of sound is taken once, in order and whole, whatever a bad connection does to it."""

from holdspace.proof.lines import SILENCE, being_heard
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="2.4",
    says="A bad connection loses and doubles nothing: every second of a session is taken once, in order and "
    "whole.",
    tried="Seconds were sent twice, too early, damaged and cut short; each time it was looked at which one "
    "was expected next.",
    red="What is heard over a bad connection may have gaps. Use a cable, and read what was said against your "
    "memory.",
)


def try_now(trial: Trial) -> Seen:
    """Send seconds as a bad connection would."""
    with being_heard(trial) as window:
        went = [
            ("the first second", window.send(0, SILENCE), 200, 1),
            ("the first once more", window.send(0, SILENCE), 200, 1),
            ("one that comes too early", window.send(2, SILENCE), 200, 1),
            ("a damaged one", window.send(1, SILENCE, checksum=1), 422, 1),
            ("half of one", window.send(1, SILENCE[: len(SILENCE) // 2]), 422, 1),
            ("the second one", window.send(1, SILENCE), 200, 2),
            ("the third", window.send(2, SILENCE), 200, 3),
        ]
        for what, answer, status, following in went:
            demand(answer.status == status, f"{what.capitalize()} was answered with {answer.status}.")
            if answer.status == 200:
                told = window.line(answer)["next"]
                demand(told == following, f"After {what} second {told} was expected, not {following}.")
        told = window.line(window.state())["next"]
        demand(told == 3, f"{told} seconds were taken of three.")
    return (
        "Of seven deliveries three were taken: each second once, in order. The others were refused or not counted.",
    )
