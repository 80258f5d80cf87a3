"""The whole of it on a practice at work, with the models of this machine: every promise is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdspace.assist.rules import PARSER, VOICES, WHISPER
from holdspace.enclosure.landlock import SCOPES_SINCE, version
from holdspace.proof.listed import listed
from holdspace.proof.promise import KEPT, NOT_ENFORCED
from holdspace.weights.store import Store, default_root
from tests.faults.processes import BOOKED, SET_UP, run_here
from tests.postgres import NoPostgres, running_postgres
from tests.proof.test_runner import COUNTED, proved

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(version() < SCOPES_SINCE, reason="this kernel's Landlock is older than its version 6"),
]
NOT_SHOWN_ON_POSTGRESQL = ("database-is-encrypted", "the-system-keeps-it-shut")
"""Its server's disk cannot be seen from here, and a filter cannot see whose socket is called (decision 11)."""


@pytest.fixture(autouse=True)
def _with_the_models() -> None:
    store = Store(default_root())
    if missing := [name for name in (WHISPER, VOICES, PARSER) if not store.present(name)]:
        pytest.skip(f"{', '.join(missing)} is not on this machine")


def whole(practice: dict[str, str]) -> tuple[dict[str, Any], int]:
    """What a run says of every promise, and its exit code; what it leaves is looked at."""
    run_here(practice, SET_UP, BOOKED)
    before = json.loads(run_here(practice, COUNTED).splitlines()[-1])[0]
    done = proved(practice, "--json", longest_s=600)
    told = json.loads(done.stdout)
    assert len(told["promises"]) == len(listed())
    after = json.loads(run_here(practice, COUNTED).splitlines()[-1])[0]
    # The run itself is kept, and the key of the list of what was destroyed was made.
    assert {name for name in after if after[name] != before[name]} <= {"proof_proofrun", "vault_recordkey"}
    return told, done.returncode


def not_kept(told: dict[str, Any]) -> dict[str, Any]:
    """What was found of each promise that was not kept."""
    return {one["code"]: (one["state"], one["seen"]) for one in told["promises"] if one["state"] != KEPT}


def test_every_promise_is_kept_on_a_practice_at_work(environment: dict[str, str], tmp_path: Path) -> None:
    told, code = whole(environment)
    assert not_kept(told) == {}
    assert (code, told["all_kept"]) == (0, True)
    assert not list(tmp_path.rglob(".trial-backup*"))


def test_on_postgresql_every_promise_is_kept_but_those_its_system_cannot_show(
    environment: dict[str, str],
) -> None:
    try:
        with running_postgres() as url:
            told, code = whole({**environment, "DATABASE_URL": url})
    except NoPostgres as missing:
        pytest.skip(str(missing))
    found = not_kept(told)
    assert {code: state for code, (state, _) in found.items()} == dict.fromkeys(
        NOT_SHOWN_ON_POSTGRESQL, NOT_ENFORCED
    ), found
    assert (code != 0, told["all_kept"]) == (True, False)
