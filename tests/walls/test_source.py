"""What our source never does:

keep anything in a temporary file, signal, open a file where sound passes, name a host.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.walls.tree import SOURCE, kept_files, modules, parsed, short

NEVER_IMPORTED = ("tempfile", "pickle", "shelve", "marshal", "django.dispatch", "django.db.models.signals")
ONLY_THE_LOG = ("logging",)
ONLY_OUTBOUND = ("requests", "httpx", "urllib.request", "socket", "smtplib", "paramiko", "http.client")
OUTBOUND = SOURCE / "outbound"
THE_LOG = SOURCE / "audit" / "log.py"
WHERE_SOUND_PASSES = (SOURCE / "engines" / "speech", SOURCE / "room")
READS_FROM_MEMORY = "av.open"  # PyAV's decoder: it is given bytes, never a path
# Built from pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
        ("ubuntu", "com"),
        ("anaconda", "org"),
        ("anaconda", "com"),
        ("crates", "io"),
    )
]


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module or name a file imports, at the top or inside."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)


def banned(tree: ast.AST, names: tuple[str, ...]) -> list[str]:
    """The banned modules a file imports."""
    return [found for found in imported(tree) for name in names if f"{found}.".startswith(f"{name}.")]


def files_touched(tree: ast.AST) -> list[str]:
    """Calls that open or write a file, by the words they are written with."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [name for call in calls if _opens(name := ast.unparse(call.func), call)]


def _opens(name: str, call: ast.Call) -> bool:
    last = name.rpartition(".")[2]
    if last == "save":  # a row's save() names no file; numpy's does
        return bool(call.args)
    return name != READS_FROM_MEMORY and bool(
        re.fullmatch(r"open|fdopen|write\w*|tofile|dump|savez|savez_compressed|savetxt", last)
    )


def registries_named(text: str) -> list[str]:
    """The package registries a text names."""
    return [host for host in REGISTRIES if re.search(rf"(?<![\w-]){re.escape(host)}", text, re.IGNORECASE)]


@pytest.mark.parametrize("path", sorted(modules()), ids=short)
def test_a_module_imports_nothing_banned(path: Path) -> None:
    names: tuple[str, ...] = NEVER_IMPORTED
    names += () if path.is_relative_to(OUTBOUND) else ONLY_OUTBOUND
    names += () if path == THE_LOG else ONLY_THE_LOG
    assert banned(parsed(path), names) == []


def test_nothing_is_opened_or_written_where_sound_passes() -> None:
    touched = {
        short(path): files_touched(parsed(path)) for folder in WHERE_SOUND_PASSES for path in modules(folder)
    }
    assert {path: calls for path, calls in touched.items() if calls} == {}


def test_no_kept_file_names_a_package_registry() -> None:
    named = {
        short(path): registries_named(path.read_text(encoding="utf-8", errors="ignore"))
        for path in kept_files()
    }
    assert {path: hosts for path, hosts in named.items() if hosts} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "import tempfile",
        "from tempfile import mkstemp",
        "def f() -> None:\n    from django.db.models.signals import post_save",
        "from django import dispatch",
        "import urllib.request as r",
        "from urllib import request",
    ],
)
def test_the_wall_stops_banned_imports(bad: str) -> None:
    assert banned(ast.parse(bad), NEVER_IMPORTED + ONLY_OUTBOUND)


def test_the_wall_lets_other_imports_pass() -> None:
    good = "import requests_toolbelt_of_ours\nfrom urllib.parse import urlsplit\nimport json"
    assert banned(ast.parse(good), NEVER_IMPORTED + ONLY_OUTBOUND) == []


@pytest.mark.parametrize(
    "bad",
    [
        "open('x')",
        "Path('x').open('wb')",
        "path.write_bytes(b'')",
        "wave.open(f)",
        "np.save('x', pcm)",
        "pcm.tofile(p)",
    ],
)
def test_the_wall_stops_files_where_sound_passes(bad: str) -> None:
    assert files_touched(ast.parse(bad))


def test_the_wall_lets_memory_pass_where_sound_passes() -> None:
    assert files_touched(ast.parse("av.open(BytesIO(data))\nsession.save()\nopened(x)\nrewrite(y)")) == []


def test_the_wall_knows_a_registry_when_it_sees_one() -> None:
    first, *_ = REGISTRIES
    assert registries_named(f"index-url = https://{first}/simple") == [first]
    assert registries_named(f"https://files.{first}/x") == [first]
    assert registries_named(f"my-{first} and {first.replace('.', ' dot ')}") == []
