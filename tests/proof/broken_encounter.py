"""Ways to break the promises about the encounter."""

import os
import shutil
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from holdspace.assist import tools
from holdspace.proof.heard import Page, hear
from holdspace.room import live_audio
from holdspace.room.actions import captures
from holdspace.room.models import Capture
from holdspace.room.queries import understood_so_far
from holdspace.room.rules import LIVE
from holdspace.room.views import capture as capture_page
from holdspace.room.views import client_view
from tests.proof.breaking import Bench, breaks
from tests.proof.scripted import ScriptedEars


@breaks("a-session-becomes-a-draft", "Nothing was understood", "heard", listens=True)
def _the_ears_understand_nothing(bench: Bench) -> None:
    deaf = ScriptedEars(os.getpid(), said=())
    bench.patch.setattr("holdspace.assist.doorway._speech_here", lambda: deaf)


@breaks("a-session-becomes-a-draft", "there is no draft", "heard", listens=True)
def _nobody_asks_for_the_draft(bench: Bench) -> None:
    def none_asked(*_: object, **__: object) -> None:
        return None

    bench.patch.setattr(captures, "begin_run", none_asked)


def quiet(patch: pytest.MonkeyPatch) -> None:
    """This machine has nothing else to do."""
    patch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))


@breaks("the-draft-is-there-in-seconds", "It took 31 seconds", listens=True)
def _the_draft_takes_half_a_minute(bench: Bench) -> None:
    quiet(bench.patch)
    heard = hear(bench.trial.company, bench.trial.browser(), bench.trial.began)
    heard.until_draft_s = 31.0
    bench.trial._done["heard"] = heard


@breaks("pages-answer-while-hearing", "half took longer than 2.0 seconds", listens=True)
def _pages_take_two_seconds(bench: Bench) -> None:
    quiet(bench.patch)
    heard = hear(bench.trial.company, bench.trial.browser(), bench.trial.began)
    heard.pages = [
        replace(page, seconds=2.0) for page in [*heard.pages, *[Page("chart:today", 200, 0.1)] * 3]
    ]
    bench.trial._done["heard"] = heard


@breaks("seconds-are-taken-once", "After the first once more second 2 was expected")
def _a_second_that_came_is_taken_again(bench: Bench) -> None:
    put = live_audio.put

    def taking(capture_id: int, number: int, sound: bytes, **how: Any) -> int:
        del number
        return put(capture_id, live_audio.received(capture_id), sound, **how)

    bench.patch.setattr(live_audio, "put", taking)


@breaks("seconds-are-taken-once", "A damaged one was answered with 200")
def _damage_is_not_noticed(bench: Bench) -> None:
    put = live_audio.put

    def trusting(capture_id: int, number: int, sound: bytes, *, checksum: int, mode: str) -> int:
        del checksum
        return put(capture_id, number, sound, checksum=zlib.crc32(sound), mode=mode)

    bench.patch.setattr(live_audio, "put", trusting)


@breaks("a-pause-takes-nothing", "While it was paused, a second was taken")
def _a_pause_is_only_shown(bench: Bench) -> None:
    going = capture_page._going

    def live(*given: Any) -> Any:
        found = going(*given)
        found.state = LIVE
        return found

    bench.patch.setattr(capture_page, "_going", live)


@breaks(
    "no-text-unless-she-opens-it",
    "phrases of what was said were sent to the page unasked",
    "heard",
    listens=True,
)
def _answers_carry_what_was_understood(bench: Bench) -> None:
    line, read = capture_page._line, understood_so_far

    def telling(request: Any, going: Any) -> dict[str, Any]:
        held = Capture.objects.select_related("session").get(pk=going.pk).session
        said = read(request.actor, held)
        return {**line(request, going), "text": " ".join(turn.text for turn in said.turns) if said else ""}

    bench.patch.setattr(capture_page, "_line", telling)


@breaks("jottings-alone-make-a-note", "The trial.s draft failed: nothing-to-draft")
def _jottings_are_not_drafted_from(bench: Bench) -> None:
    told = tools.session_input
    bench.patch.setattr(tools, "session_input", lambda record: replace(told(record), jottings=""))


@breaks("it-works-without-a-network", "it did not come to its end")
def _something_asks_a_server(bench: Bench) -> None:
    first = Path(settings.CONFIG.home).parent / "first"
    first.mkdir()
    (first / "sitecustomize.py").write_text(
        "import socket\n"
        "from holdspace.assist.speech_process import SpeechProcess\n"
        "SpeechProcess.hear = lambda *_: socket.create_connection(('192.0.2.7', 443), timeout=1)\n"
    )
    bench.after.callback(shutil.rmtree, first)
    bench.patch.setenv("PYTHONPATH", f"{first}:{os.environ.get('PYTHONPATH', '')}")


@breaks("a-server-that-dies-loses-nothing", "Second 5 was asked for; understood were 0")
def _what_was_not_understood_is_not_asked_for(bench: Bench) -> None:
    def going_on(_actor: Any, capture: Any, *, token: str) -> None:
        del token
        live_audio.open_line(capture.pk, heard=4)

    bench.patch.setattr(captures, "take_over_capture", going_on)


@breaks("the-client-can-stop-it", "The client asked for a pause and it went on")
def _the_clients_button_does_nothing(bench: Bench) -> None:
    bench.patch.setattr(client_view, "ask_for_pause", lambda *_: None)
