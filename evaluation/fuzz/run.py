"""Gives a parser mutated inputs and notes what must not be: an error not ours, a message that repeats, growth."""

import resource
import time
import traceback
from dataclasses import dataclass, field
from random import Random

from evaluation.fuzz.mutate import MARK, mutated
from evaluation.fuzz.parsers import Parser

from holdspace.errors import HoldspaceError

MOST_GROWTH_KB = 400_000
SLOWEST_S = 5.0
MOST_FAULTS = 5


@dataclass
class Found:
    """What came of one parser."""

    name: str
    inputs: int = 0
    read: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    grown_kb: int = 0

    @property
    def row(self) -> str:
        """A line of the table."""
        counts = f"{self.inputs:>8,} {self.read:>8,} {self.refused:>8,} {len(self.faults):>7}"
        return f"{self.name:<26} {counts} {self.slowest_s:>9.2f} {self.grown_kb // 1024:>8,}"


def fuzz(parser: Parser, inputs: int, seed: int = 1) -> Found:
    """So many mutated inputs, the same for the same seed."""
    random, found = Random(f"{parser.name} {seed}"), Found(parser.name)  # noqa: S311  # inputs, not secrets
    for one in parser.seeds:
        _give(parser, one, found)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(inputs):
        _give(parser, mutated(random.choice(parser.seeds), random), found)
        if len(found.faults) >= MOST_FAULTS:
            break
    found.grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if found.grown_kb > MOST_GROWTH_KB:
        found.faults.append(f"grew by {found.grown_kb // 1024} MB")
    return found


def _give(parser: Parser, data: bytes, found: Found) -> None:
    began = time.process_time()
    try:
        parser.read(data)
        found.read += 1
    except HoldspaceError as error:
        found.refused += 1
        if MARK.decode() in str(error):
            found.faults.append(f"repeats its input: {type(error).__name__}")
    except Exception as error:  # noqa: BLE001  # the point
        last = traceback.extract_tb(error.__traceback__)[-1]
        found.faults.append(
            f"{type(error).__name__} at {last.name}:{last.lineno} on {data[:160]!r} ({len(data)} bytes)"
        )
    took = time.process_time() - began
    found.inputs += 1
    found.slowest_s = max(found.slowest_s, took)
    if took > SLOWEST_S:
        found.faults.append(f"took {took:.1f} s on {data[:80]!r} ({len(data)} bytes)")
