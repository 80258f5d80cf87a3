"""Our scripts: text stays text, nothing of the record is stored, nothing comes from elsewhere."""

import re

import pytest

from tests.walls.tree import SOURCE, kept, short

SCRIPTS = sorted(kept(SOURCE, ".js"))
FORBIDDEN = {
    "markup made of text": r"\.(?:outerHTML|insertAdjacentHTML)\b|document\.write",
    "code made of text": r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]",
    # `windows` is the channel of this very site; a message to a window may come from any.
    "messages from other windows": (
        r"(?<!\bwindows\.)addEventListener\(\s*[\"']message[\"']|\.onmessage\s*=(?!\s*\(\{ data \}\))"
    ),
    "an address elsewhere": r"[\"'`]https?://",
    "something a browser keeps": r"indexedDB|document\.cookie|caches\.|navigator\.serviceWorker",
    "keys that come from outside": r"Object\.assign\([^,]*,\s*JSON|__proto__|\bfor\s*\(\s*(?:const|let)\s+\w+\s+in\b",
}
INNER = re.compile(r"\.innerHTML\s*=\s*([^;]+);")
FROM_THE_SERVER = {
    'error.page ?? ""',
    '""',
    'answer ? await answer.text() : ""',
    "await answer.text()",
    "rendered",
}
"""A notice or a part that Holdspace itself rendered, or nothing."""
STORED = re.compile(r"(?:localStorage|sessionStorage)\.setItem\(([^,)]+)")
MAY_BE_STORED = {"KEYS_OFF", '"capture"'}
"""Whether single keys are on, and which of its own pages a browser is; nothing else."""


def faults(script: str) -> list[str]:
    """What a script should not do."""
    plain = re.sub(r"(?m)^\s*//.*$", "", script)
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, plain)]
    return found + [
        f"innerHTML of {what}" for what in INNER.findall(plain) if what.strip() not in FROM_THE_SERVER
    ]


def stored(script: str) -> set[str]:
    """What a script leaves in the browser's storage."""
    return {name.strip() for name in STORED.findall(script)}


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_scripts_make_no_markup_of_what_they_are_given(path: object) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]  # a Path, as collected above


def test_the_browser_keeps_nothing_of_the_record() -> None:
    assert {name for path in SCRIPTS for name in stored(path.read_text(encoding="utf-8"))} <= MAY_BE_STORED


def test_the_wall_stops_what_it_should() -> None:
    for bad in (
        "x.innerHTML = name;",
        "x.outerHTML = y",
        "eval(x)",
        "setTimeout('x()')",
        "fetch('https://elsewhere.example')",
        "window.addEventListener('message', f)",
        "indexedDB.open('x')",
        "for (const key in given) a[key] = given[key]",
    ):
        assert faults(bad), bad
    assert faults("x.textContent = name; setTimeout(() => go(), 5);") == []
    assert stored("localStorage.setItem(NAME, x)") == {"NAME"}
