"""What runs the promises: how each ends, what that means for the whole, and that nothing of a trial is left."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from pypdf import PdfReader

from holdspace.enclosure.landlock import SCOPES_SINCE, version
from holdspace.errors import BadInput, DiskFull
from holdspace.people.models import Practice, User
from holdspace.proof import run as running
from holdspace.proof.actions import ask_for_proof, begin_proof
from holdspace.proof.clearing import clear, left_behind
from holdspace.proof.listed import Listed, chosen, listed
from holdspace.proof.models import ProofRun
from holdspace.proof.promise import (
    BROKEN,
    GROUPS,
    KEPT,
    NOT_ENFORCED,
    NOT_TRIED,
    Broken,
    NotEnforced,
    NotTried,
    Promise,
    Seen,
    State,
)
from holdspace.proof.prover import prove
from holdspace.proof.report import read, written
from holdspace.proof.run import SessionGoesOn, run
from holdspace.proof.trial import Trial
from holdspace.room.actions.captures import begin_capture
from holdspace.room.models import Capture
from holdspace.vault.record_keys import key_for_saving
from holdspace.vault.tombstones import LIST_OWNER
from tests.cast import Cast, agree, held
from tests.faults.processes import COMMAND, SET_UP, STARTED, run_here

BROKEN_THERE = ("the-system-keeps-it-shut",)
"""Promises that are broken in a process of their own, here."""
ENCLOSES = pytest.mark.skipif(
    version() < SCOPES_SINCE, reason="this kernel's Landlock is older than its version 6"
)
ONE = Promise("1.1", "Something holds.", "It was tried.", "Do this.")
AFTER = Promise("1.2", "Something is gone.", "It was looked for.", "Do that.", is_after=True)


def promised(try_now: Callable[[Trial], Seen], promise: Promise = ONE) -> Listed:
    """A promise that is tried like this."""
    return Listed("one", promise, try_now)


def ending(how: Exception | None) -> Listed:
    """A promise whose trying ends like this."""

    def try_now(trial: Trial) -> Seen:
        assert trial.company.alone.pk
        if how is not None:
            raise how
        return ("It held.",)

    return promised(try_now)


def tried(cast: Cast, *promises: Listed) -> list[tuple[State, Seen, str]]:
    """How they ended."""
    results = run(cast.practice, promises, lambda *_: None)
    return [(result.state, result.seen, result.then) for result in results]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (None, (KEPT, ("It held.",), "")),
        (Broken("It did not."), (BROKEN, ("It did not.",), "Do this.")),
        (NotTried("No model.", then="Fetch it."), (NOT_TRIED, ("No model.",), "Fetch it.")),
        (NotEnforced("Open.", then="Pull the cable."), (NOT_ENFORCED, ("Open.",), "Pull the cable.")),
        (DiskFull("Full of Ruth."), (BROKEN, ("Trying it ended with an error: disk-full.",), "Do this.")),
        (ValueError("Ruth slept."), (BROKEN, ("Trying it broke: ValueError.",), "Do this.")),
    ],
    ids=["kept", "broken", "not tried", "not enforced", "an error of ours", "anything else"],
)
def test_however_trying_ends_is_a_result_and_carries_no_words(
    cast: Cast, how: Exception | None, expected: tuple[State, Seen, str]
) -> None:
    assert tried(cast, ending(how)) == [expected]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [BROKEN, NOT_TRIED, NOT_ENFORCED])
def test_only_kept_passes(cast: Cast, state: State) -> None:
    kept, *_ = run(cast.practice, (ending(None),), lambda *_: None)
    other = type(kept)(**{**kept.as_values(), "state": state})
    assert read(written([kept], is_whole=True)).all_kept
    assert not read(written([kept, other], is_whole=True)).all_kept
    assert not read(written([kept], is_whole=False)).all_kept  # not all promises there are
    assert not read(written([], is_whole=True)).all_kept
    assert json.loads(written([kept, other], is_whole=True))["all_kept"] is False


def counted() -> dict[str, int]:
    """How many rows each table has, but for the log and the runs themselves."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    tables = {model._meta.db_table: model._base_manager.count() for model in models}
    return {
        name: rows for name, rows in tables.items() if not name.startswith(("audit_", "vault_generation"))
    }


def worked(trial: Trial) -> Seen:
    """What a trial may leave: sessions, sign-ins, refused names, keys."""
    session = trial.company.session()
    trial.browser().get(f"/sessions/{session.pk}/")
    trial.browser("biller").get(f"/sessions/{session.pk}/")
    assert User.objects.filter(pk__lt=0).count() == 6
    return ("It was there.",)


def gone(_trial: Trial) -> Seen:
    """What is looked at afterwards."""
    assert left_behind() == []
    return ("It was gone.",)


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_trial_is_left_whatever_it_did(cast: Cast) -> None:
    key_for_saving(LIST_OWNER)  # the first key destroyed anywhere makes it, once
    before = counted()
    found = tried(cast, promised(worked), Listed("two", AFTER, gone))
    assert [state for state, *_ in found] == [KEPT, KEPT]
    assert counted() == before
    with pytest.raises(KeyboardInterrupt):
        tried(cast, promised(interrupted))
    assert counted() == before


def interrupted(trial: Trial) -> Seen:
    """Ctrl+C in the middle."""
    worked(trial)
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_it_does_not_begin_while_a_session_is_heard_and_stops_when_one_begins(cast: Cast) -> None:
    agree(cast.maya, cast.ruth)
    session = held(cast)

    def begun(_trial: Trial) -> Seen:
        begin_capture(cast.maya, session, mode="room", note_format="DAP", token="hers")
        return ("A session began.",)

    states = [state for state, *_ in tried(cast, promised(begun), ending(None))]
    assert states == [KEPT, NOT_TRIED]
    with pytest.raises(SessionGoesOn):
        tried(cast, ending(None))
    with pytest.raises(SessionGoesOn):
        ask_for_proof(cast.maya, cast.practice)
    Capture.objects.update(told_at=timezone.now() - running.STILL_THERE)  # its page is gone
    assert tried(cast, ending(None))[0][0] == KEPT


def broke(_practice: Practice) -> None:
    """An error that quotes somebody."""
    raise LookupError("Ruth slept")


@pytest.mark.django_db(transaction=True)
def test_a_run_keeps_its_report_and_one_that_breaks_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask_for_proof(cast.maya, cast.practice)
    assert begin_proof(cast.worker, asked)
    assert not begin_proof(cast.worker, asked)  # another process has it
    done = prove(cast.worker, asked, (ending(None),), lambda *_: None, is_whole=True)
    assert (done.state, read(done.report).all_kept, read(done.report).sha256) == ("done", True, done.sha256)
    asked = ask_for_proof(cast.maya, cast.practice)
    begin_proof(cast.worker, asked)
    monkeypatch.setattr(running, "gather", broke)
    with pytest.raises(Exception, match="did not come to its end"):
        prove(cast.worker, asked, (ending(None),), lambda *_: None, is_whole=True)
    assert ProofRun.objects.get(pk=asked.pk).state == "failed"


def test_promises_are_numbered_in_order_and_found_by_code_or_number() -> None:
    places = [one.promise.place for one in listed()]
    assert len(places) >= 36
    for group in GROUPS:
        assert [number for found, number in places if found == group] == list(
            range(1, 1 + sum(found == group for found, _ in places))
        )
    assert [one.promise.number for one in chosen(("1.8", "off-means-off"))] == ["1.8", "4.1"]
    with pytest.raises(BadInput, match=r"There is no promise called 9\.9"):
        chosen(("9.9",))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a practice in a folder of its own, set up in a process of its own."""
    from tests.faults.conftest import environment  # noqa: PLC0415

    made: dict[str, str] = environment.__wrapped__(tmp_path_factory.mktemp("installation"))  # type: ignore[attr-defined]
    run_here(made, SET_UP)
    return made


def proved(
    practice: dict[str, str], *words: str, before: str = "", longest_s: int = 180
) -> "subprocess.CompletedProcess[str]":
    """`holdspace prove` in a process of its own."""
    command = [*COMMAND[:-1], f"{before}\n{COMMAND[-1]}", "prove", *words]
    return subprocess.run(
        command, env=practice, capture_output=True, text=True, check=False, timeout=longest_s
    )


@ENCLOSES
def test_the_command_shuts_itself_in_prints_json_writes_the_paper_and_ends_with_0(
    practice: dict[str, str], tmp_path: Path
) -> None:
    paper = tmp_path / "promises.pdf"
    paper.write_bytes(b"an older one, " * 10_000)
    done = proved(practice, "--only", "1.8", "--only", "1.14", "--json", "--pdf", str(paper))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert [(one["number"], one["state"]) for one in told["promises"]] == [("1.8", "kept"), ("1.14", "kept")]
    assert not told["is_whole"]
    text = "\n".join(page.extract_text() for page in PdfReader(paper).pages)
    assert "2 of 2 promises were kept. This was not a run of all promises." in " ".join(text.split())


OPEN = """
from holdspace.cli import enclosing
enclosing.SERVER = [rule for rule in enclosing.SERVER if rule.call not in ("socket", "connect")]
"""


@ENCLOSES
def test_with_a_way_out_open_the_command_ends_with_8_and_says_what_to_do(practice: dict[str, str]) -> None:
    done = proved(practice, "--only", "1.14", before=OPEN)
    assert done.returncode == 8
    assert "Not enforced here." in done.stdout
    assert "What serves and works: a UDP packet was not refused" in done.stdout
    assert "→ Run Holdspace on a Linux" in done.stdout
    assert "1 of 1 promises were not kept here." in done.stderr


def test_promises_are_listed_and_an_unknown_one_is_named_before_anything_is_tried(
    practice: dict[str, str],
) -> None:
    done = proved(practice, "--list")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, len(listed()))
    done = proved(practice, "--only", "9.9")
    assert (done.returncode, done.stdout) == (BadInput.exit_code, "")
    assert "There is no promise called 9.9." in done.stderr


KILLED = """
opening.unlock("harbor lamp mosaic")
from holdspace.proof.listed import Listed
from holdspace.proof.promise import Promise
from holdspace.proof.run import run
import os
def dies(trial):
    session = trial.company.session()
    trial.browser().get(f"/sessions/{session.pk}/")
    from holdspace.room.actions.sessions import accept_transcript
    from holdspace.proof.spoken import TRANSCRIPT
    accept_transcript(trial.company.clinician, session, data=TRANSCRIPT.encode(), filename="said.txt")
    trial.backed_up()
    os.kill(os.getpid(), 9)
run(opening.practices()[0], (Listed("dies", Promise("1.1", "x", "x", "x"), dies),), lambda *_: None)
"""
COUNTED = """
opening.unlock("harbor lamp mosaic")
import json
from pathlib import Path
from tests.proof.test_runner import counted
from django.conf import settings
home = Path(settings.CONFIG.home)
paths = [path.relative_to(home) for path in home.rglob("*") if path.is_file()]
# Keys move to a file of another name whenever one goes; how many files there are stays.
names = sorted(str(path.parent) if path.suffix == ".key" else str(path) for path in paths if path.stem != "practice")
print(json.dumps([counted(), names]))
"""


def test_what_a_killed_run_left_is_cleared_by_the_next(practice: dict[str, str]) -> None:
    def standing() -> Any:
        tables, names = json.loads(run_here(practice, COUNTED).splitlines()[-1])
        return {name: rows for name, rows in tables.items() if name != "proof_proofrun"}, names

    proved(practice, "--only", "1.19")  # so that what any run leaves is there before
    before = standing()
    killed = subprocess.run([*COMMAND[:-1], STARTED + KILLED], env=practice, check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr
    assert standing() != before
    done = proved(practice, "--only", "1.20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert standing() == before


@pytest.mark.django_db
def test_clearing_where_there_is_nothing_does_nothing(cast: Cast) -> None:
    before = counted()
    assert clear() == 0
    assert counted() == before
    assert Practice.objects.get().pk == cast.practice.pk
