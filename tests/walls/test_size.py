"""The size ratchet: prints the budgets of the house style beside what is measured;

they may only get better.
"""

import ast
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import pytest

from tests.walls.tree import ROOT, SOURCE, functions, kept, modules, parsed, short

LONGEST_FILE = 500
LONGEST_FUNCTION = 70
LONG_FUNCTION = 50


@dataclass(frozen=True, slots=True)
class Budget:
    """A measure, the most it may be, and what it is."""

    name: str
    most: float
    measured: float

    def __str__(self) -> str:
        return f"{self.name:<34} at most {self.most:>6g}   now {self.measured:>7.2f}"


def lengths(tree: ast.AST) -> list[int]:
    """Lines of every function, signature and docstring included, decorators not."""
    return [(function.end_lineno or function.lineno) - function.lineno + 1 for function in functions(tree)]


def budgets(function_lengths: list[int], file_lengths: list[int], *, test_lines: int) -> list[Budget]:
    """The ratchet's rows."""
    cuts = quantiles(function_lengths, n=100, method="inclusive")
    over = sum(length > LONG_FUNCTION for length in function_lengths) / len(function_lengths)
    return [
        Budget("function length, median", 7, cuts[49]),
        Budget("function length, 90th percentile", 25, cuts[89]),
        Budget("function length, 99th percentile", 50, cuts[98]),
        Budget("functions over 50 lines, per cent", 1, 100 * over),
        Budget("longest function", LONGEST_FUNCTION, max(function_lengths)),
        Budget("files over 500 lines", 0, sum(length > LONGEST_FILE for length in file_lengths)),
        Budget("test lines per source line", 1.6, test_lines / sum(file_lengths)),
    ]


def lines(path: Path) -> int:
    """Lines in a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_house_keeps_its_budgets(capsys: pytest.CaptureFixture[str]) -> None:
    paths = list(modules())
    test_lines = sum(lines(path) for path in kept(ROOT / "tests", ".py"))
    rows = budgets(
        [length for path in paths for length in lengths(parsed(path))],
        [lines(path) for path in paths],
        test_lines=test_lines,
    )
    with capsys.disabled():
        print("", *rows, sep="\n")  # noqa: T201  the figures are the point
    assert [str(row) for row in rows if row.measured > row.most] == [], _culprits(paths)


def _culprits(paths: list[Path]) -> str:
    long_files = [f"{short(path)}: {lines(path)} lines" for path in paths if lines(path) > LONGEST_FILE]
    long_functions = [
        f"{short(path)}: {length}"
        for path in paths
        for length in lengths(parsed(path))
        if length > LONG_FUNCTION
    ]
    return "\n".join(long_files + long_functions)


def test_every_package_opens_with_what_it_is_for() -> None:
    packages = [path for path in modules(SOURCE) if path.name == "__init__.py"]
    silent = [
        short(path) for path in packages if not ast.get_docstring(parsed(path)) or len(parsed(path).body) > 1
    ]
    assert silent == []


def test_the_ratchet_measures_what_it_says() -> None:
    tree = ast.parse(
        "@once\ndef one():\n    return 1\n\nclass C:\n    async def two(self):\n        '''why'''\n      "
        "  x()\n"
    )
    assert lengths(tree) == [2, 3]
    good = budgets([5] * 99 + [30], [400, 100], test_lines=600)
    assert all(row.measured <= row.most for row in good)


@pytest.mark.parametrize(
    ("function_lengths", "file_lengths", "test_lines"),
    [
        ([12] * 100, [100], 100),
        ([5] * 80 + [40] * 20, [100], 100),
        ([5] * 999 + [80], [100], 100),
        ([5] * 100, [501], 100),
        ([5] * 100, [100], 300),
    ],
)
def test_the_ratchet_stops_what_is_too_big(
    function_lengths: list[int], file_lengths: list[int], test_lines: int
) -> None:
    rows = budgets(function_lengths, file_lengths, test_lines=test_lines)
    assert any(row.measured > row.most for row in rows)
