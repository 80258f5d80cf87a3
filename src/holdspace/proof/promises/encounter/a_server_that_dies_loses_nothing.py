"""A server that dies in mid-word loses nothing: its successor asks for every second that was not understood."""

from holdspace.proof.lines import SILENCE, being_heard, capture_of
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.room import live_audio
from holdspace.room.models import Capture

PROMISE = Promise(
    number="2.9",
    says="If Holdspace dies in the middle of a word, nothing of the session is lost: what was not understood "
    "is asked for again.",
    tried="Seconds were sent, then what a process holds in memory was thrown away as if it had died. The "
    "page’s next second was sent, and it was looked at which ones were asked for.",
    red="After a crash, seconds may be missing from what was heard. Read what was said against your memory.",
)
SECONDS = 4


def try_now(trial: Trial) -> Seen:
    """Lose the process’s memory, and send on."""
    with being_heard(trial) as window:
        for number in range(SECONDS):
            window.send(number, SILENCE)
        going = capture_of(window)
        live_audio.close_line(going.pk)
        Capture.objects.filter(pk=going.pk).update(place="a process that died")
        told = window.line(window.send(SECONDS, SILENCE))
        wanted = told["heard"] if told["heard"] < SECONDS else SECONDS + 1
        demand(
            told["next"] == wanted, f"Second {told['next']} was asked for; understood were {told['heard']}."
        )
        for number in range(told["next"], SECONDS + 1):
            told = window.line(window.send(number, SILENCE))
        demand(told["next"] == SECONDS + 1, "The seconds that were asked for again were not taken.")
        demand(told["lost"] == 0, f"{told['lost']} seconds were lost.")
    return (
        f"{SECONDS} seconds were sent, all that was not understood was asked for again, and none was lost.",
    )
