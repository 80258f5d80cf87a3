"""A capture of the trial without a word in it: silence by the second, to try what the line of sound does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdspace.proof.heard import Window, begin_or_not_tried
from holdspace.proof.sound import SECOND
from holdspace.proof.trial import Trial
from holdspace.room.models import Capture, Session

SILENCE = bytes(SECOND * 2)


@contextmanager
def being_heard(trial: Trial, session: Session | None = None) -> Iterator[Window]:
    """A session that is being heard, until it is ended."""
    held = session or trial.company.session()
    window = Window(trial.browser(), held)
    begin_or_not_tried(trial.company, held, window)
    try:
        yield window
    finally:
        window.state(state="ending", total=str(expected(window)))


def expected(window: Window) -> int:
    """The second the line expects next; 0 where it is gone."""
    answer = window.state()
    return int(window.line(answer)["next"]) if answer.status == 200 else 0


def understood(text: str) -> dict[str, Any]:
    """A first second as an ear gives it, with these words in it."""
    return {"channel": 0, "span": [0.0, 1.0], "words": [], "voices": [], "again": False, "text": text}


def capture_of(window: Window) -> Capture:
    """The row of what is being heard."""
    return Capture.objects.filter(session=window.session).latest("began_at")
