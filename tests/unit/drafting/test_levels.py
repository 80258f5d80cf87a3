"""The drafts of our own gold sessions stay at the level reached (`evaluation/levels.yaml`)."""

from pathlib import Path

import pytest
import yaml

from holdspace.cli.evaluate import evaluate
from holdspace.cli.measure import Measured

EVALUATION = Path(__file__).parents[3] / "evaluation"
LEVELS = yaml.safe_load((EVALUATION / "levels.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=sorted(LEVELS))
def measured(request: pytest.FixtureRequest) -> tuple[dict[str, float], list[Measured]]:
    """The level of a folder, and what its sessions measure now."""
    return LEVELS[request.param], evaluate(EVALUATION / "sessions" / request.param)


def share(rows: list[Measured], rank: str) -> float:
    return sum(row.recall[rank][0] for row in rows) / sum(row.recall[rank][1] for row in rows)


def test_facts_are_recalled_as_well_as_before(measured: tuple[dict[str, float], list[Measured]]) -> None:
    level, rows = measured
    now = {rank: round(share(rows, rank), 3) for rank in ("critical", "major")}
    assert all(now[rank] >= level[rank] for rank in now), now


def test_nothing_is_made_up_leaked_or_left_without_evidence(
    measured: tuple[dict[str, float], list[Measured]],
) -> None:
    level, rows = measured
    assert sum(len(row.forbidden) for row in rows) <= level["forbidden"]
    assert sum(len(row.unsupported_numbers) for row in rows) <= level["unsupported"]
    assert sum(row.without_evidence for row in rows) <= level["without_evidence"]
    assert sum(row.off_record_leaks for row in rows) <= level["leaks"]


def test_every_jotting_is_kept(measured: tuple[dict[str, float], list[Measured]]) -> None:
    level, rows = measured
    assert min(row.jottings_kept for row in rows) >= level["jottings"]
