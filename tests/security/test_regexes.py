"""Regular expressions: none of ours is slow on a text made for it, and what was typed is never read as one."""

import ast
import re
import subprocess
import sys

from tests.walls.tree import ROOT, modules, parsed, short


def test_no_expression_of_ours_is_slow_on_a_text_made_for_it() -> None:
    """In a process of its own, which is stopped when it takes too long (tests/security/regexes.py)."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.regexes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-500:]
    *slow, counted = done.stdout.strip().splitlines()
    assert slow == []
    assert int(counted.split()[0]) > 300


MAKERS = {
    "re.compile",
    "re.sub",
    "re.search",
    "re.match",
    "re.fullmatch",
    "re.findall",
    "re.split",
    "re.finditer",
}


def unescaped(tree: ast.AST) -> list[str]:
    """Expressions put together from a value that `re.escape` did not see, written where they are used."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MAKERS and node.args
    ]
    return [ast.unparse(call.args[0])[:80] for call in calls if _has_bare_value(call.args[0])]


def _has_bare_value(pattern: ast.expr) -> bool:
    """A value of an f-string that is neither escaped nor a constant of the module (in capitals)."""
    if not isinstance(pattern, ast.JoinedStr):
        return False
    values = [part.value for part in pattern.values if isinstance(part, ast.FormattedValue)]
    return any(
        "re.escape(" not in (text := ast.unparse(value)) and not re.fullmatch(r"[A-Z_.]+", text)
        for value in values
    )


OURS = {
    # where an expression is put together from our own word lists, which are data files with a source
    "src/holdspace/engines/drafting/",
}


def test_what_was_typed_is_escaped_before_it_is_an_expression() -> None:
    found = {short(path): unescaped(parsed(path)) for path in modules()}
    elsewhere = {
        path: made for path, made in found.items() if made and not any(path.startswith(ours) for ours in OURS)
    }
    assert elsewhere == {}
    assert unescaped(ast.parse('re.sub(rf"\\b{name}\\b", x, y)')) != []
    assert unescaped(ast.parse('re.sub(rf"\\b{re.escape(name)}\\b{END}", x, y)')) == []
