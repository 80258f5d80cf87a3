"""A session of the trial that is heard as sessions are: sound by the second, paused, ended, drafted.

It is heard once in a run; the promises about hearing look at what came of it.
"""

import json
import zlib
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.urls import reverse

from holdspace.assist.doorway import ear_for
from holdspace.chart.models import ProgressNote
from holdspace.errors import NotReady
from holdspace.proof.browser import Answer, Browser
from holdspace.proof.company import Company
from holdspace.proof.needles import Needles, of_sound
from holdspace.proof.places import Decrypted, Found, files_of_the_practice, in_files, search, temporary_files
from holdspace.proof.promise import Broken, NotTried
from holdspace.proof.sound import trial_sound
from holdspace.proof.work import until, work_on
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.room.queries import transcript

PAGE_NAME = "trial"
"""What the capture page calls itself."""
FORMAT = "DAP"
STILL_OPEN_S = 6
"""Seconds of sound that may wait for a sentence to end before the session is ended."""
LONGEST_HEARING_S = 150.0
LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page asked for while the session was heard, and how long it took."""

    name: str
    status: int
    seconds: float


@dataclass(slots=True)
class Heard:
    """What was seen of the session."""

    session: Session
    sound: Needles
    seconds: int
    pages: list[Page] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every answer the capture page got while it was heard, and the page itself."""
    opened_words: str = ""
    words: tuple[str, ...] = ()
    found: list[Found] = field(default_factory=list)
    searched: int = 0
    until_draft_s: float = 0.0
    note: ProgressNote | None = None


@dataclass(slots=True)
class Window:
    """What the capture page does, for a browser of the trial."""

    browser: Browser
    session: Session
    answers: list[str] = field(default_factory=list)

    def begin(self, mode: str = "room") -> Answer:
        """Begin to hear."""
        return self._told(
            self.browser.post(self._to("room:begin"), {"mode": mode, "format": FORMAT, "token": PAGE_NAME})
        )

    def send(self, number: int, second: bytes, *, checksum: int | None = None) -> Answer:
        """Send one second of sound."""
        check = zlib.crc32(second) if checksum is None else checksum
        path = f"{self._to('room:sound')}?number={number}&checksum={check}"
        return self._told(self.browser.send(path, second, x_capture=PAGE_NAME))

    def state(self, **fields: str) -> Answer:
        """Pause, go off the record, go on, end; or only ask."""
        return self._told(self.browser.post(self._to("room:state"), fields, x_capture=PAGE_NAME))

    def line(self, answer: Answer) -> dict[str, Any]:
        """What an answer says. Raises Broken where it is none, NotTried where hearing is off or not here."""
        if answer.status != 200:
            raise Broken(f"The capture page was answered with {answer.status}.")
        return dict(json.loads(answer.text))

    def _told(self, answer: Answer) -> Answer:
        self.answers.append(answer.text)
        return answer

    def _to(self, name: str) -> str:
        return reverse(name, args=[self.session.pk])


def hear(company: Company, browser: Browser, since: float) -> Heard:
    """Hear a session from its first second to its draft. Raises NotTried where nothing can be heard here."""
    session = company.session()
    window = Window(browser, session)
    begin_or_not_tried(company, session, window)
    noise, speech = trial_sound()
    heard = Heard(session, of_sound([b"".join(noise), b"".join(speech)]), len(noise) + len(speech))
    for number, second in enumerate([*noise, *speech]):
        window.line(window.send(number, second))
    _wait_and_look(heard, window)
    _look_for_sound(heard, since)
    _end(heard, window)
    heard.words = tuple(turn.text for turn in getattr(transcript(company.clinician, session), "turns", ()))
    heard.note = ProgressNote.objects.filter(session=session).first()
    _look_for_sound(heard, since)
    return heard


def begin_or_not_tried(company: Company, session: Session, window: Window) -> None:
    """Begin to hear. Raises NotTried where a switch is off or an engine is not here."""
    try:
        ear_for(company.worker, session.around())
    except NotReady as error:
        raise NotTried(error.what, then=error.then) from None
    window.line(window.begin())


def _wait_and_look(heard: Heard, window: Window) -> None:
    """Ask for pages as somebody would who works meanwhile, until nearly everything is understood."""
    names = ("room:session", "room:capture", "chart:today")
    enough = heard.seconds - STILL_OPEN_S
    end = monotonic() + LONGEST_HEARING_S
    while window.line(window.state())["heard"] < enough:
        for name in names:
            began = monotonic()
            path = reverse(name, args=[heard.session.pk] if name != "chart:today" else [])
            answer = window.browser.get(path)
            heard.pages.append(Page(name, answer.status, monotonic() - began))
            if name == "room:capture":
                heard.said.append(answer.text)
        if monotonic() > end:
            raise Broken("The trial's sound was not understood within two and a half minutes.")
    heard.opened_words = window.browser.get(reverse("room:words", args=[heard.session.pk])).text
    heard.said += window.answers


def _end(heard: Heard, window: Window) -> None:
    began = monotonic()
    window.line(window.state(state="ending", total=str(heard.seconds)))
    has_run = DraftRun.objects.filter(session=heard.session).exists
    is_over = Capture.objects.filter(session=heard.session, state="ended").exists
    until(lambda: has_run() or is_over(), within_s=LONGEST_S)
    if has_run():
        work_on(heard.session.pk)
        heard.until_draft_s = monotonic() - began


def _look_for_sound(heard: Heard, since: float) -> None:
    files = [*files_of_the_practice(), *temporary_files(since)]
    heard.searched = max(heard.searched, len(files))
    heard.found += search([*in_files(files, heard.sound), Decrypted()], heard.sound)
