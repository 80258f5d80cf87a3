"""Nothing of the program acts on a client's words without an entry of the AI ledger and a line of the log.

Every public function of a door, and every one of `assist` that is told whom it is about, is named here: it leaves an
entry, it goes through one that does, or it acts on no client's words, with the reason. A new one that is named nowhere
fails.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from holdspace.access.actor import Subject
from holdspace.assist.actions import switch_off
from holdspace.assist.doorway import doubt_about, drafting_tools_for, ear_for, read_ahead, voice_learnt
from holdspace.assist.model_cards import card
from holdspace.assist.models import AiUse
from holdspace.assist.on_record import on_record
from holdspace.assist.queries import used_names
from holdspace.assist.rules import DRAFTING, TRANSCRIPTION, SwitchAt
from holdspace.assist.words import marker_for
from holdspace.audit.models import Entry
from holdspace.chart.rules import PURPOSES
from holdspace.errors import SwitchedOff
from holdspace.room.models import Session
from tests.cast import TURNS, Cast, agree, held
from tests.walls.tree import SOURCE, modules, parsed

ASSIST = SOURCE / "assist"
DOORS = frozenset({"doorway", "words", "on_record"})
"""Modules whose every public function is looked at; of others, those that are told whom it is about."""
NOT_WAYS = frozenset({"queries", "rules", "entries"})
"""Reads of switches and of the ledger, plain values, and the ledger's own pen."""
NO_ROOMS = frozenset({"assist", "cli", "proof"})
"""The command line opens no client's record to draft, and a proof apart has invented words and no practice."""
ENGINES = ("holdspace.engines.drafting", "holdspace.engines.language", "holdspace.engines.speech")

Act = Callable[[Cast, Session], object]
LEAVES_AN_ENTRY: dict[str, Act] = {
    "doorway.ear_for": lambda c, s: ear_for(c.worker, s.around()),
    "doorway.drafting_tools_for": lambda c, s: drafting_tools_for(c.worker, s.around(), given="jottings"),
    "doorway.read_ahead": lambda c, s: read_ahead(c.worker, s.around(), ("I slept.",), is_first=True),
    "doorway.doubt_about": lambda c, s: doubt_about(c.maya, s.around(), "Slept 9 hours.", ("four hours",)),
    "doorway.voice_learnt": lambda c, s: voice_learnt(c.maya, s.around(), ("Data: Ct slept.",)),
    "words.marker_for": lambda c, s: marker_for(c.maya, s.around())("Client is a junkie."),
    "on_record.on_record": lambda c, s: on_record(c.maya, s.around(), TURNS),
}
GOES_THROUGH = {"doorway.listening_for": "ear_for"}
ACTS_ON_NO_WORDS = {
    "doorway.check_on": "asks a switch",
    "doorway.check_may_hear_sound": "asks two switches",
    "doorway.forget_ahead": "forgets",
    "doorway.suggestions_for_claim": "not built: it always refuses",
    "doorway.transcript_of": "puts together what an ear understood, by the rules that were entered when it began",
    "doorway.speaking_voice_in": "her own voice, entered under her own name, and no client's",
    "doorway.speech_host": "a name of the configuration",
    "doorway.ears": "the number of a process",
    "doorway.ways_out_of_hearing": "tries what a process may reach",
    "doorway.stop_hearing": "ends a process",
    "doorway.stop_wording": "ends a process",
    "doorway.check_is_sound": "the first bytes of a file: is it sound",
    "doorway.read_transcript": "reads a file somebody typed; decides nothing",
}
ITS_SWITCH = {"doorway.ear_for": TRANSCRIPTION}
"""The others obey the switch of drafting."""


def ways(tree: ast.Module, *, all_of_it: bool) -> Iterator[str]:
    """Public functions of a module: all, or those told whom it is about."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            told = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
            if all_of_it or "around" in told:
                yield node.name


def every_way() -> set[str]:
    """The public functions of the doors, and those of their neighbours that are told whom it is about."""
    paths = (path for path in modules(ASSIST) if path.stem not in NOT_WAYS)
    return {
        f"{path.stem}.{name}" for path in paths for name in ways(parsed(path), all_of_it=path.stem in DOORS)
    }


def named(function: str) -> set[str]:
    """Every name a function of ours calls or hands on."""
    module, _, name = function.partition(".")
    body = next(
        n for n in parsed(ASSIST / f"{module}.py").body if isinstance(n, ast.FunctionDef) and n.name == name
    )
    return {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}


def imported(tree: ast.Module) -> set[str]:
    """Every module a file imports from, anywhere in it."""
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def loaders() -> set[str]:
    """Modules of `assist` that load something of an engine."""
    found = {
        path.stem for path in modules(ASSIST) if any(m.startswith(ENGINES) for m in imported(parsed(path)))
    }
    return {f"holdspace.assist.{stem}" for stem in found}


def test_every_way_to_a_clients_words_is_named_here_and_nothing_else_is() -> None:
    assert every_way() == LEAVES_AN_ENTRY.keys() | GOES_THROUGH.keys() | ACTS_ON_NO_WORDS.keys()


def test_a_room_reaches_an_engine_by_these_doors_alone() -> None:
    doors = {f"holdspace.assist.{door}" for door in DOORS}
    assert doors <= loaders()
    outside = [path for path in modules() if path.parts[len(SOURCE.parts)] not in NO_ROOMS]
    assert {
        path.name: found for path in outside if (found := imported(parsed(path)) & (loaders() - doors))
    } == {}


def test_what_goes_through_another_does() -> None:
    for function, other in GOES_THROUGH.items():
        assert other in named(function)
        assert f"doorway.{other}" in LEAVES_AN_ENTRY


@pytest.mark.weights
@pytest.mark.django_db
@pytest.mark.parametrize("way", LEAVES_AN_ENTRY)
def test_it_leaves_an_entry_with_words_a_card_that_is_in_use_and_a_line_of_the_log(
    cast: Cast, way: str
) -> None:
    agree(cast.maya, cast.ruth)
    session = held(cast)
    LEAVES_AN_ENTRY[way](cast, session)
    entries = AiUse.objects.filter(session_id=session.pk, practice_id=cast.practice.pk)
    assert entries
    for entry in entries:
        found = card(entry.model)
        assert found is not None
        assert (found.sha256, found.name in used_names(cast.maya)) == (entry.sha256, True)
        assert entry.purpose in PURPOSES
        assert entry.given
        assert Entry.objects.filter(
            verb="ai.use", kind=f"session/{entry.purpose}", subject_id=session.pk, user_id=entry.user_id
        ).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["practice", "session"])
@pytest.mark.parametrize("way", LEAVES_AN_ENTRY)
def test_with_its_switch_off_it_does_nothing_and_leaves_none(cast: Cast, way: str, level: str) -> None:
    agree(cast.maya, cast.ruth)
    session = held(cast)
    about: dict[str, Subject] = {"practice": cast.practice, "session": session}
    switch_off(cast.maya, SwitchAt(ITS_SWITCH.get(way, DRAFTING), about[level]))
    with suppress(SwitchedOff):
        assert not LEAVES_AN_ENTRY[way](cast, session)
    assert not AiUse.objects.exists()
    assert not Entry.objects.filter(verb="ai.use").exists()


def test_the_wall_sees_a_new_way() -> None:
    new = ast.parse(
        "def mood_of(actor: Actor, around: Around, text: str) -> str: ...\n"
        "def title(name: str) -> str: ...\ndef _inner(around): ..."
    )
    assert list(ways(new, all_of_it=False)) == ["mood_of"]
    assert list(ways(new, all_of_it=True)) == ["mood_of", "title"]
