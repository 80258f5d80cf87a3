"""How soon hearing stops: `python -m bench.stopping [TRIES]`, with the shipped engines, a real listener and keeper.

Each try hears the sample session in a practice of its own, until at some moment a client takes the yes back on their
own phone, or recording is switched off. Measured from that moment: until the next second of sound is refused, and until
the capture is over and, where the yes is gone, everything heard is destroyed. Afterwards nothing more may be heard.
"""

import os
import random
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client as Browser

    from holdspace.room.models import Capture, Session

SAMPLE = Path(__file__).parents[1] / "src" / "holdspace" / "demo_data" / "session.ogg"
SECOND = 16_000
PACE_S = 0.25
"""A second of sound this often: four times as fast as talk, so that the engine is busy when it is stopped."""
GIVEN_UP_S = 30.0
AFTER_S = 1.5


@dataclass
class Try:
    """One try: seconds from the stop until sound is refused, and until it is over; what was heard afterwards."""

    how: str
    refused_s: float
    over_s: float
    heard_after: int


def main(tries: int) -> list[Try]:
    """Half of the tries each way; prints what came out."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HOLDSPACE_HOME": folder, "DJANGO_SETTINGS_MODULE": "holdspace.web.settings"}
        import django  # noqa: PLC0415  # the settings read the environment

        django.setup()
        done = _tried(tries)
    for how in ("yes taken back", "switched off"):
        those = [one for one in done if one.how == how]
        over, refused = sorted(one.over_s for one in those), sorted(one.refused_s for one in those)
        sys.stdout.write(
            f"{how}: {len(those)} tries; sound refused after {median(refused):.3f} s (most {refused[-1]:.3f}); "
            f"over after {median(over):.3f} s (most {over[-1]:.3f}); "
            f"heard afterwards {sum(one.heard_after for one in those)}\n"
        )
    return done


def _tried(tries: int) -> list[Try]:
    from django.conf import settings  # noqa: PLC0415  # needs a started Django
    from django.core.management import call_command  # noqa: PLC0415  # likewise

    from holdspace.assist.doorway import stop_hearing  # noqa: PLC0415  # likewise
    from holdspace.vault.envelope import new_key  # noqa: PLC0415  # likewise
    from holdspace.vault.home import prepare  # noqa: PLC0415  # likewise
    from holdspace.vault.keys import ring  # noqa: PLC0415  # likewise
    from holdspace.workflows.consent_taken_back import start_keeper  # noqa: PLC0415  # likewise
    from holdspace.workflows.live_session import start_listener  # noqa: PLC0415  # likewise

    settings.ALLOWED_HOSTS = ["testserver"]
    prepare(settings.CONFIG.home)
    ring.put(new_key())
    call_command("migrate", verbosity=0)
    stop = Event()
    threads = [start_listener(stop), start_keeper(stop)]
    try:
        return _each(tries)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        stop_hearing()


def _each(tries: int) -> list[Try]:
    from django.test import Client as Browser  # noqa: PLC0415  # needs a started Django
    from tests.cast import make_cast  # noqa: PLC0415  # likewise

    from holdspace.engines.speech.decode import decode  # noqa: PLC0415  # likewise
    from holdspace.people.models import User  # noqa: PLC0415  # likewise

    cast = make_cast()
    maya = Browser()
    maya.force_login(User.objects.get(username="maya"))
    samples = decode(SAMPLE.read_bytes()).samples[:, 0]
    sound = [samples[n : n + SECOND].tobytes() for n in range(0, 40 * SECOND, SECOND)]
    chance = random.Random(7)  # noqa: S311  # moments, not secrets
    done = []
    for number in range(tries):
        how = "yes taken back" if number % 2 == 0 else "switched off"
        done.append(_once(cast, maya, sound, how, chance, number))
        sys.stderr.write(f"\r{number + 1} of {tries}")
    sys.stderr.write("\n")
    return done


def _once(
    cast: Any, maya: "Browser", sound: list[bytes], how: str, chance: random.Random, number: int
) -> Try:
    from tests.cast import agree, held  # noqa: PLC0415  # likewise

    from holdspace.access.actor import Actor  # noqa: PLC0415  # needs a started Django
    from holdspace.assist.actions import switch_off, switch_on  # noqa: PLC0415  # likewise
    from holdspace.assist.rules import RECORDING, SwitchAt  # noqa: PLC0415  # likewise
    from holdspace.consent.actions import revoke_consent  # noqa: PLC0415  # likewise
    from holdspace.room.actions.captures import begin_capture  # noqa: PLC0415  # likewise

    agree(cast.maya, cast.ruth)
    switch_on(cast.maya, SwitchAt(RECORDING, cast.ruth))
    start = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=number)
    session = held(cast, start=start)
    capture = begin_capture(cast.maya, session, mode="room", note_format="DAP", token="hers")  # noqa: S106
    sent, until = 0, time.monotonic() + chance.uniform(2.0, 6.0)
    while time.monotonic() < until or not _heard(capture):
        _send(maya, session, sound, sent)
        sent = min(sent + 1, len(sound) - 1)
        time.sleep(PACE_S)
    stop: Callable[[], object] = (
        (lambda: revoke_consent(Actor.in_the_room(cast.practice.pk), cast.ruth))
        if how == "yes taken back"
        else (lambda: switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth)))
    )
    began = time.monotonic()
    stop()
    status = _send(maya, session, sound, sent)
    refused_s = time.monotonic() - began
    if status != 409:  # refused
        raise AssertionError(f"a second was taken after it was stopped: {status}")
    is_gone = how == "yes taken back"
    while not _is_over(capture, is_gone=is_gone):
        if time.monotonic() - began > GIVEN_UP_S:
            raise AssertionError("it did not stop")
        time.sleep(0.005)
    over_s = time.monotonic() - began
    kept = _pieces(capture)
    time.sleep(AFTER_S)
    return Try(how, refused_s, over_s, _pieces(capture) - kept)


def _send(maya: "Browser", session: "Session", sound: list[bytes], number: int) -> int:
    address = f"/sessions/{session.pk}/capture/sound/?number={number}&checksum={zlib.crc32(sound[number])}"
    answer = maya.post(
        address, sound[number], content_type="application/octet-stream", headers={"X-Capture": "hers"}
    )
    return int(answer.status_code)


def _heard(capture: "Capture") -> bool:
    capture.refresh_from_db()
    return capture.heard > 0


def _pieces(capture: "Capture") -> int:
    from holdspace.room.models import HeardPiece  # noqa: PLC0415  # needs a started Django

    return HeardPiece.objects.filter(capture=capture).count()


def _is_over(capture: "Capture", *, is_gone: bool) -> bool:
    """The capture has ended and its sound is forgotten; with a yes taken back, all that was heard is destroyed."""
    from holdspace.room import live_audio  # noqa: PLC0415  # needs a started Django
    from holdspace.vault.session_keys import has_key  # noqa: PLC0415  # likewise

    capture.refresh_from_db()
    is_ended = capture.state == "ended" and not live_audio.is_here(capture.pk, capture.place)
    return is_ended and not (is_gone and (has_key(capture.session_id) or _pieces(capture)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
