"""Rules of our own for Semgrep (rules/): each finds what is wrong, and lets pass what is right.

`make lint` holds the source to them; here they are held to their examples.
"""

import re
from pathlib import Path

import pytest
import yaml

from tests.walls.tree import ROOT

RULES = ROOT / "tests" / "security" / "rules"
LANGUAGES = {"python": ".py", "javascript": ".js"}
EXAMPLE = re.compile(r"^\s*(?:#|//) (ruleid|ok): (.+)$", re.MULTILINE)


def rules_in(file: Path) -> dict[str, str]:
    """The rules of a file by name, with the ending of the files they are about."""
    rules = yaml.safe_load(file.read_text(encoding="utf-8"))["rules"] if file.is_file() else []
    return {rule["id"]: LANGUAGES[rule["languages"][0]] for rule in rules}


def without_examples(rules: dict[str, str], examples: str) -> set[tuple[str, str]]:
    """What a rule has no example of: `ruleid`, which it finds, or `ok`, which it lets pass."""
    shown = {(kind, name) for kind, names in EXAMPLE.findall(examples) for name in names.split(", ")}
    return {(kind, name) for name in rules for kind in ("ruleid", "ok")} - shown


@pytest.mark.parametrize("file", sorted(RULES.glob("*.yaml")), ids=lambda file: file.name)
def test_every_rule_has_an_example_it_finds_and_one_it_lets_pass(file: Path) -> None:
    rules = rules_in(file)
    (ending,) = set(rules.values())
    assert without_examples(rules, file.with_suffix(ending).read_text(encoding="utf-8")) == set()


def test_a_rule_without_an_example_is_seen() -> None:
    examples = "# ruleid: one, two\nx()\n    // ok: one\n"
    assert without_examples({"one": ".py", "two": ".py"}, examples) == {("ok", "two")}
    assert without_examples({"three": ".py"}, examples) == {("ruleid", "three"), ("ok", "three")}
