"""The generated reference is current, and nothing a person meets is missing from it."""

import ast
import re

import pytest
from docs.generate import PAGES, REFERENCE

from holdspace.access.policy import VERBS
from holdspace.proof.listed import listed
from tests.walls.tree import modules, parsed, short

# The system's and Django's own, not settings of ours.
SYSTEM_NAMES = {"PATH", "HOME", "XDG_RUNTIME_DIR", "TMPDIR", "LD_LIBRARY_PATH", "DJANGO_SETTINGS_MODULE"}


def names_read(tree: ast.AST) -> set[str]:
    """Names in capitals looked up in the environment: `environ["X"]`, `environ.get("X")`, `getenv("X")`."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=holder, slice=ast.Constant(value=str(name))) if _is_environ(holder):
                found.add(name)
            case ast.Call(
                func=ast.Attribute(value=holder, attr="get"), args=[ast.Constant(value=str(name)), *_]
            ):
                found |= {name} if _is_environ(holder) else set()
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                found.add(name)
    return found


def _is_environ(holder: ast.expr) -> bool:
    return ast.unparse(holder).rpartition(".")[2] == "environ"


def codes(tree: ast.Module) -> set[str]:
    """The codes of the error classes a file defines."""
    return {
        line.value.value
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign)
        and ast.unparse(line.targets[0]) == "code"
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"run `make docs`: docs/reference/{name} is not what the code says"


def test_every_setting_has_its_heading() -> None:
    page = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    read = {name: short(path) for path in modules() for name in names_read(parsed(path))}
    missing = {name: where for name, where in read.items() if f"## {name}\n" not in page}
    assert missing.keys() - SYSTEM_NAMES == set(), missing


def test_every_command_says_what_it_does() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## holdspace (.+)$", page, re.MULTILINE)
    for promised in (
        "demo",
        "serve",
        "transcribe",
        "draft",
        "models list",
        "models pull",
        "models verify",
        "doctor",
    ):
        assert promised in headings
    assert re.findall(r"^## .+\n\n(?=\||## |\Z)", page, re.MULTILINE) == []
    assert re.findall(r"^\| `.+` \|  \|$", page, re.MULTILINE) == []


def test_every_verb_and_every_error_code_is_listed() -> None:
    permissions, errors = (
        (REFERENCE / name).read_text(encoding="utf-8") for name in ("permissions.md", "errors.md")
    )
    assert {verb for verb in VERBS if f"| `{verb}` |" not in permissions} == set()
    used = {code: short(path) for path in modules() for code in codes(parsed(path))}
    used.pop("holdspace", None)
    assert {code: where for code, where in used.items() if f"| `{code}` |" not in errors} == {}


def test_the_wall_sees_settings_and_codes() -> None:
    good = ast.parse("environ.get('A_B'); os.environ['C']; os.getenv('D'); table.get('E'); config['F']")
    assert names_read(good) == {"A_B", "C", "D"}
    assert codes(ast.parse("class X(NotReady):\n    '''why'''\n    code = 'x-y'\nclass Y: z = 1")) == {"x-y"}


def test_every_promise_has_its_heading() -> None:
    page = (REFERENCE / "promises.md").read_text(encoding="utf-8")
    assert [one.code for one in listed() if f"### {one.promise.number} {one.code}\n" not in page] == []
