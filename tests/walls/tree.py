"""The tree the walls look at:

what git holds or would hold, so that a new file is seen before it is committed.
"""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "holdspace"


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def kept(under: Path, *endings: str) -> Iterator[Path]:
    """The kept files below a folder with one of the endings."""
    return (path for path in kept_files() if path.is_relative_to(under) and path.suffix in endings)


def modules(under: Path = SOURCE) -> Iterator[Path]:
    """Our Python files, without the migrations Django writes."""
    return (path for path in kept(under, ".py") if "migrations" not in path.parts)


def short(path: Path) -> str:
    """The path as a person would name it."""
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a tree, methods and inner ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
